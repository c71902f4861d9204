"""Keeps the parts of a server alive: started again when they die, replaced when it is told to, ended when it ends."""

import os
import selectors
import signal
from collections.abc import Callable, Sequence
from dataclasses import field
from time import monotonic
from typing import Any

from casewright.errors import CommandRefused, Message, message
from casewright.logs import Log
from casewright.server.child import SHORTEST_PAUSE, Child, Part, pause_after
from casewright.server.notifying import Notifier
from casewright.server.signals import Signals
from casewright.swift_dataclass import dataclass

TURN = 1.0
Tell = Callable[[Message], None]


@dataclass(slots=True)
class _Place:
    """A part's place: who does its work, who is to take over, who is on the way out, and when it is to be filled again."""

    part: Part
    now: Child | None = None
    next: Child | None = None
    leaving: list[Child] = field(default_factory=list)
    pause: float = 0.0
    again_at: float = 0.0
    replace: bool = False

    def children(self) -> list[Child]:
        """Return all processes that there are."""
        return [one for one in (self.now, self.next, *self.leaving) if one is not None]


class Supervisor:
    """Holds the lock of a workspace and the sockets of its parts, and does nothing with them itself."""

    def __init__(
        self,
        parts: Sequence[Part],
        lock: int,
        *,
        log: Log,
        tell: Tell,
        notifier: Notifier,
    ) -> None:
        self._places = [_Place(part) for part in parts]
        self._lock = lock
        self._log, self._tell, self._notifier = log, tell, notifier
        self._told: set[int] = set()
        self._was_ready = False

    def run(self) -> None:
        """Keep everything alive until SIGTERM or SIGINT; CommandRefused where it cannot even be started."""
        with selectors.DefaultSelector() as selector, Signals(selector, self._told):
            self._selector = selector
            try:
                while not self._told & {signal.SIGTERM, signal.SIGINT}:
                    if signal.SIGHUP in self._told:
                        self._told.discard(signal.SIGHUP)
                        self._replace_all()
                    self._look()
                    self._wait()
            finally:
                self._end()

    def _wait(self) -> None:
        due = [one.again_at for one in self._places if one.now is None and not one.leaving]
        until = min([TURN, self._notifier.every, *(at - monotonic() for at in due)])
        for key, _ in self._selector.select(max(0.0, until)):
            key.data()

    def _look(self) -> None:
        """See who has ended, who is ready, and whom there is to be started."""
        for place in self._places:
            self._bury(place)
            if place.next is not None and place.next.ready:
                self._hand_over(place)
            if place.replace and place.next is None and place.now is not None:
                self._replace(place)
            for child in (place.now, place.next):
                if child is not None and child.hangs:
                    self._said("part_hangs", child, grade="error")
                    child.kill()
            if place.now is None and not place.leaving and monotonic() >= place.again_at:
                place.now, place.replace = self._start(place), False
        self._greet()

    def _greet(self) -> None:
        ready = all(one.now is not None and one.now.ready for one in self._places)
        if ready and not self._was_ready:
            self._was_ready = True
            self._log.write("serving", process=os.getpid())
            self._tell(message("serving, until SIGTERM or Ctrl-C"))
        if ready and not any(one.next or one.replace for one in self._places):
            self._notifier.ready()
        self._notifier.alive()

    def _start(self, place: _Place) -> Child:
        child = Child(place.part, self._lock)
        self._selector.register(child.link, selectors.EVENT_READ, child.listen)
        self._said("part_started", child)
        return child

    def _bury(self, place: _Place) -> None:
        for child in place.children():
            status = child.ended
            if status is None:
                if child.late:
                    child.kill()
                continue
            self._selector.unregister(child.link)
            child.close()
            if child in place.leaving:
                place.leaving.remove(child)
                self._said("part_stopped", child, status=status)
            elif child is place.next:
                place.next = None
                self._said("part_not_replaced", child, grade="error", status=status)
                template = (
                    "a new '{part}' could not be started (status {status}); the old one goes on"
                )
                self._tell(message(template, part=place.part.name, status=status))
            else:
                place.now = None
                self._lost(place, child, status)

    def _lost(self, place: _Place, child: Child, status: int) -> None:
        if not (self._was_ready or child.ready):
            template = "the part '{part}' could not be started (status {status}); what it met stands above"
            raise CommandRefused(reason=message(template, part=place.part.name, status=status))
        place.pause = pause_after(monotonic() - child.began, place.pause)
        place.again_at = monotonic() + place.pause
        self._said("part_died", child, grade="error", status=status, again_after=place.pause)
        template = (
            "the part '{part}' ended (status {status}) and is started again in {seconds} s"
        )
        seconds = f"{place.pause:g}"
        self._tell(message(template, part=place.part.name, status=status, seconds=seconds))

    def _replace_all(self) -> None:
        self._notifier.reloading()
        for place in self._places:
            place.pause, place.again_at = 0.0, 0.0
            place.replace = place.now is not None

    def _replace(self, place: _Place) -> None:
        """Begin to replace who does the work; told so meanwhile once more, it begins again after that."""
        place.replace = False
        if place.part.answers:
            place.next = self._start(place)
        else:
            self._dismiss(place)

    def _hand_over(self, place: _Place) -> None:
        """Let the new one, which already answers, go on alone."""
        self._dismiss(place)
        place.now, place.next = place.next, None
        self._tell(message("the part '{part}' was replaced", part=place.part.name))

    def _dismiss(self, place: _Place) -> None:
        if place.now is not None:
            place.now.stop()
            place.leaving.append(place.now)
            place.now = None

    def _end(self) -> None:
        """Have all end what they have begun, the first one last: the others need it for that. Who takes too long is ended."""
        self._notifier.stopping()
        for some in (self._places[1:], self._places[:1]):
            for place in some:
                self._dismiss(place)
                if place.next is not None:
                    place.leaving.append(place.next)
                    place.next.stop()
                    place.next = None
            while any(one.leaving for one in some):
                for key, _ in self._selector.select(SHORTEST_PAUSE):
                    key.data()
                for place in some:
                    self._bury(place)
        self._log.write("served", process=os.getpid())

    def _said(self, event: str, child: Child, *, grade: Any = "info", **fields: object) -> None:
        self._log.write(
            event, grade=grade, part=child.part.name, part_process=child.number, **fields
        )
