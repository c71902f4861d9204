"""The watch over calls of plugins: each is named, noted while it lasts, and interrupted when it takes too long.

A call that is late is interrupted by an exception in its own thread. One that sits where Python cannot interrupt
it (in a library, in a system call) gets a grace, and then the process ends: its transaction is undone by that, and
the mark it leaves has the plugin left out at the next start.
"""

import ctypes
import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from threading import Event, Lock, Thread, get_ident
from time import monotonic
from typing import Any, NamedTuple

from casewright.errors import CasewrightError, Message, PluginFailed
from casewright.plugins import hard_stop, wrongs
from casewright.plugins.marks import Marks, written
from casewright.swift_dataclass import dataclass

LOOKS_A_DEADLINE = 5
"""How often the watch looks within the shortest deadline."""
LONGEST_PAUSE = 0.2
EXIT_CODE = 70


class Turn(NamedTuple):
    """One plugin's turn in a round: its function, and what picks the function's arguments out of what is given."""

    plugin: str
    function: Callable[..., Any]
    picked: Callable[[Any], tuple[Any, ...]]
    mark: bytes


class _Late(BaseException):
    """Raised in the thread of a call that has taken too long; no plugin should catch it."""


@dataclass(slots=True, eq=False)
class _Call:
    """One call under way: who, until when, who was interrupted in it ("" for nobody) and when."""

    plugin: str
    hook: str
    seconds: float
    until: float
    mark: bytes
    late: str = ""
    interrupted: float = 0.0


class Watch:
    """Calls plugins for one thread; `marks` None notes nothing."""

    def __init__(self, *, grace: float, marks: Marks | None = None) -> None:
        self._grace = grace
        self._marks = marks
        self._holding = marks.slot() if marks is not None else None
        self._slot = self._holding.__enter__() if self._holding is not None else None
        self._calls: list[_Call] = []
        self._lock = Lock()
        self._thread = 0
        self._stop = Event()
        self._process = 0
        self._armed = 0.0
        self._elsewhere = 0
        self._told: PluginFailed | None = None
        self._pause = LONGEST_PAUSE

    def call(
        self,
        plugin: str,
        hook: str,
        seconds: float,
        function: Callable[..., Any],
        /,
        *given: Any,
        refusals: bool = False,
    ) -> Any:
        """Return what `function` returns; PluginFailed when it raises or takes more than `seconds`.

        `refusals` lets a CasewrightError through: the call may refuse what it was asked.
        """
        call = _Call(plugin, hook, seconds, monotonic() + seconds, written(plugin, hook))
        return self._guarded(call, refusals, function, given)

    def round(
        self,
        hook: str,
        seconds: float,
        turns: Sequence[Turn],
        given: Any,
        taken: Callable[[str, Any], bool],
        *,
        refusals: bool = False,
    ) -> None:
        """Call the functions in turn, each for `seconds` at most; PluginFailed at the first that does wrong.

        `refusals` are let through as in `call`. `taken` is told of each answer that says something, in the plugin's own
        time; True ends the round.
        """
        if turns:
            first = turns[0]
            call = _Call(first.plugin, hook, seconds, monotonic() + seconds, b"")
            self._guarded(call, refusals, self._take_turns, (call, turns, given, taken))

    def noted(
        self, plugin: str, hook: str, function: Callable[..., Any], /, *given: Any
    ) -> Any:
        """Return what `function` returns, from any thread and without a deadline. PluginFailed when it raises."""
        with self._marks.slot() if self._marks is not None else nullcontext() as slot:
            if slot is not None and self._marks is not None:
                self._marks.put(slot, written(plugin, hook))
            self._count(+1)
            try:
                return function(*given)
            except BaseException as error:
                reason = wrongs.raised(plugin, error)
                raise PluginFailed(plugin=plugin, hook=hook, reason=reason) from error
            finally:
                self._count(-1)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        hard_stop.disarm(self)
        if self._holding is not None:
            self._holding.__exit__(None, None, None)
        if self._marks is not None:
            self._marks.close()

    def _count(self, more: int) -> None:
        with self._lock:
            self._elsewhere += more
            self._arm(self._grace)

    def _guarded(
        self,
        call: _Call,
        refusals: bool,
        function: Callable[..., Any],
        given: tuple[Any, ...],
    ) -> Any:
        try:
            try:
                self._begin(call)
                found = function(*given)
            finally:
                self._end(call)
        except _Late:
            self._end(call)  # the interruption may have come while it was ending
            if not call.late:  # it was meant for one further out
                raise
            raise self._failed(call, wrongs.too_slow(call.seconds)) from None
        except CasewrightError as refusal:
            if call.late:
                raise self._failed(call, wrongs.too_slow(call.seconds)) from refusal
            told = refusals and not isinstance(refusal, PluginFailed)
            if self._is_known(call, refusal) or (told and wrongs.can_be_told(refusal)):
                raise
            reason = wrongs.raised(call.late or call.plugin, refusal)
            raise self._failed(call, reason) from refusal
        except BaseException as error:
            if call.late:
                raise self._failed(call, wrongs.too_slow(call.seconds)) from error
            if wrongs.is_the_users(error):
                raise
            reason = wrongs.raised(call.late or call.plugin, error)
            raise self._failed(call, reason) from error
        if call.late:
            raise self._failed(call, wrongs.too_slow(call.seconds))
        return found

    def _take_turns(
        self,
        call: _Call,
        turns: Sequence[Turn],
        given: Any,
        taken: Callable[[str, Any], bool],
    ) -> None:
        marks, slot = self._marks, self._slot
        for turn in turns:
            call.plugin, call.mark = turn.plugin, turn.mark
            if marks is not None and slot is not None:
                marks.put(slot, turn.mark)
            answer = turn.function(*turn.picked(given))
            over = answer is not None and answer != () and taken(turn.plugin, answer)
            now = monotonic()
            if call.late or now > call.until:
                call.late = call.late or turn.plugin
                raise _Late
            if over:
                return
            call.until = now + call.seconds

    def _begin(self, call: _Call) -> None:
        if self._process != os.getpid() or call.seconds < self._pause * LOOKS_A_DEADLINE:
            self._look_on(call.seconds)
        self._thread = get_ident()
        outermost = not self._calls
        self._calls.append(call)
        if self._armed != call.seconds + self._grace and (outermost or not self._armed):
            self._arm(call.seconds + self._grace)
        if call.mark and self._slot is not None and self._marks is not None:
            self._marks.put(self._slot, call.mark)

    def _end(self, call: _Call) -> None:
        with self._lock:
            if call in self._calls:
                self._calls.remove(call)
                if call.late:
                    _interrupt(self._thread, None)  # it came back by itself meanwhile
                elif monotonic() > call.until:
                    call.late = call.plugin
        if self._slot is not None and self._marks is not None:
            if self._calls:
                self._marks.put(self._slot, self._calls[-1].mark)
            else:
                self._marks.clear(self._slot)

    def _failed(self, call: _Call, reason: Message) -> PluginFailed:
        failure = PluginFailed(plugin=call.late or call.plugin, hook=call.hook, reason=reason)
        self._told = failure
        return failure

    def _is_known(self, call: _Call, error: CasewrightError) -> bool:
        """Return whether it is a failure of the plugin's, or one that the watch has seen further in: nobody accuses another."""
        if isinstance(error, PluginFailed) and error.plugin == call.plugin:
            self._told = error
        return error is self._told

    def _look_on(self, seconds: float) -> None:
        self._pause = min(self._pause, seconds / LOOKS_A_DEADLINE)
        if self._process != os.getpid():
            self._process = os.getpid()
            Thread(target=self._look, name="casewright plugin watch", daemon=True).start()

    def _look(self) -> None:
        while not self._stop.wait(self._pause):
            if self._armed and not self._calls:
                self._armed = 0.0
                hard_stop.disarm(self)
            if self._calls or self._elsewhere:  # one may have begun just now
                self._judge(monotonic())

    def _arm(self, seconds: float) -> None:
        self._armed = seconds
        hard_stop.arm(self, seconds)

    def _judge(self, now: float) -> None:
        with self._lock:
            longest = max((one.seconds for one in self._calls), default=0.0)
            self._arm(longest + self._grace)
            late = next((one for one in reversed(self._calls) if now > one.until), None)
            if late is None:
                return
            if not late.late:
                late.late, late.interrupted = late.plugin, now
                _interrupt(self._thread, _Late)
            elif now > late.interrupted + self._grace:
                _end_process(late)


def _interrupt(thread: int, error: type[BaseException] | None) -> None:
    """Have `error` raised in a thread, or take back what was not raised yet."""
    raised = ctypes.py_object(error) if error is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def _end_process(call: _Call) -> None:
    # Nothing can be looked up any more, the reader's language neither: so it is told in both.
    told = (
        f"casewright: the plugin '{call.late}' does not come back from '{call.hook}'.\n"
        "The process ends, what it did is undone; the next start leaves the plugin out.\n"
        f"casewright：插件“{call.late}”停在“{call.hook}”中，没有返回。\n"
        "进程即将结束，未完成的操作已撤销；下次启动时不再载入该插件。\n"
    )
    os.write(2, told.encode())
    os._exit(EXIT_CODE)
