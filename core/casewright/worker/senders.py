"""The threads in which channels send: a slow one holds up neither the others nor any timer."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from queue import Queue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Protocol

from casewright.delivery.channel import Answer, Failed, Seen
from casewright.desk.working.sending import Task
from casewright.desk.working.telling_others import Call
from casewright.swift_dataclass import dataclass
from casewright.worker.fetching import Came
from casewright.worker.journal import Line

AT_ONCE = 4
"""So many messages are under way over one channel at a time."""
LONGEST_SEND = 60.0
"""Seconds after which an answer is no longer waited for; channels keep shorter limits of their own."""
BETWEEN_LOOKS = 0.5
"""Seconds between two looks for what a provider sent by itself."""


class Handing(Protocol):
    """What a task is handed to: a channel, or another system."""

    def send(self, outgoing: Any, /) -> Answer:
        """Hand it over and return what was answered."""
        ...

    def receipts(self) -> Iterable[Seen]:
        """Return what arrived since last asked, without waiting for more."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of an attempt."""

    task: Task | Call
    answer: Answer


@dataclass(frozen=True, slots=True)
class Woken:
    """There is work: it waits with whoever gives it."""


Arrived = Answered | Seen | Came | Line | Woken
"""What the worker is told by other threads."""


@dataclass(slots=True)
class _UnderWay:
    """A task that a thread is busy with; `over` once somebody has answered for it."""

    task: Task | Call
    until: float
    over: bool = False
    lock: Lock = field(default_factory=Lock)

    def finish(self) -> bool:
        """Return True to the first who asks."""
        with self.lock:
            first, self.over = not self.over, True
            return first


class Senders:
    """Sends tasks over open channels; what comes of them, and what providers send, is put on `arrived`."""

    def __init__(
        self,
        channels: Mapping[str, Handing],
        arrived: "Queue[Arrived]",
        *,
        longest: float = LONGEST_SEND,
    ) -> None:
        self._channels, self._arrived, self._longest = channels, arrived, longest
        self._under_way: list[_UnderWay] = []
        self._closing = Event()
        for name in channels:
            Thread(target=self._listen, args=(name,), name=f"from {name}", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether an answer is waited for."""
        self._give_up_waiting()
        return bool(self._under_way)

    def free(self) -> dict[str, int]:
        """Return how many tasks each channel could take now."""
        self._give_up_waiting()
        taken = [one.task.via for one in self._under_way]
        return {name: max(0, AT_ONCE - taken.count(name)) for name in self._channels}

    def send(self, task: Task | Call) -> None:
        """Hand a task to its channel, in a thread of its own."""
        under_way = _UnderWay(task, monotonic() + self._longest)
        self._under_way.append(under_way)
        Thread(target=self._send, args=(under_way,), name=f"to {task.via}", daemon=True).start()

    def collect(self) -> None:
        """Put everything on `arrived` that providers have sent by now."""
        for name in self._channels:
            self._take_in(name)

    def close(self) -> None:
        """Let go of the channels."""
        self._closing.set()
        for channel in self._channels.values():
            channel.close()

    def _send(self, under_way: _UnderWay) -> None:
        task = under_way.task
        try:
            answer = self._channels[task.via].send(task.outgoing)
        except Exception as error:  # noqa: BLE001 (a border: recorded as what came of the attempt)
            answer = Failed(reason=f"{type(error).__name__}: {error}"[:200])
        # A late answer is told as well: it may say that the message did arrive.
        self._arrived.put(Answered(task=task, answer=answer))
        under_way.finish()

    def _give_up_waiting(self) -> None:
        now = monotonic()
        for one in self._under_way:
            if now > one.until and one.finish():
                reason = f"no answer within {self._longest:g} s"
                self._arrived.put(Answered(task=one.task, answer=Failed(reason=reason)))
        self._under_way = [one for one in self._under_way if not one.over]

    def _listen(self, name: str) -> None:
        while not self._closing.wait(BETWEEN_LOOKS):
            self._take_in(name)

    def _take_in(self, name: str) -> None:
        try:
            for seen in self._channels[name].receipts():
                self._arrived.put(seen)
        except Exception:  # noqa: BLE001 (a border: a channel that fails here fails in sending too, which is told)
            return
