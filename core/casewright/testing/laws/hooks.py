"""Laws about what a plugin decides, proposes and computes: pure, quick, and of the right kind."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any

from casewright.contributions import GuardFunction
from casewright.errors import CasewrightError, Message, PluginFailed, message
from casewright.plugins.host import Plugins
from casewright.testing.desk import MOMENT
from casewright.testing.laws import samples
from casewright.testing.laws.law import Subject

_OUTSIDE = (
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "sqlite3.connect",
)
_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "decimal": (int, float),
    "boolean": (bool,),
    "texts": (list, tuple),
}
_heard: list[str] | None = None
_listening = False


def decisions(subject: Subject) -> Iterator[Message]:
    """Yield where `may_*` and `after_*` fail, differ when asked again, or reach outside."""
    plugin, host = subject.plugin, subject.plugins
    for ticket, words in product(samples.tickets(), samples.words_of(plugin)):
        asked = (ticket, "finish", words, samples.ANA, MOMENT)
        yield from _twice("may_fire", host.may_fire, *asked)
        for event in samples.events():
            yield from _twice("after_event", host.after_event, ticket, event, words)
    assigning = plugin.implementations.get("may_assign")
    if assigning is not None and "desk" in assigning.arguments:
        with subject.desk() as desk:
            yield from _assignments(desk.plugins)
    else:
        yield from _assignments(host)


def _assignments(host: Plugins) -> Iterator[Message]:
    for ticket in samples.tickets():
        yield from _twice(
            "may_assign", host.may_assign, ticket, samples.BEN, samples.ANA, MOMENT
        )


def actions(subject: Subject) -> Iterator[Message]:
    """Yield where an action fails on a value that its schema allows, or differs when it is asked again."""
    perform = subject.plugins.perform
    for action in subject.plugin.actions:
        for ticket, argument in product(samples.tickets(), samples.values_for(action.schema)):
            asked = (subject.name, action.verb, ticket, argument, samples.ANA, MOMENT)
            yield from _twice(action.verb, perform, *asked)


def functions(subject: Subject) -> Iterator[Message]:
    """Yield where a function fails, answers of another kind than it says, or differs when it is asked again."""
    for name, (_, function) in subject.plugins.vocabulary.functions.items():
        for given in product(*map(samples.for_kind, function.parameters)):
            yield from _twice(name, function.call, *given)
            with suppress(CasewrightError):  # it was told of above
                yield from _of_kind(function, given, function.call(*given))


def _of_kind(
    function: GuardFunction, given: tuple[Any, ...], found: object
) -> Iterator[Message]:
    if found is not None and not _is(found, function.result):
        yield message(
            "'{name}' gives {found} for {given}, and says that it gives {kind}",
            name=function.name,
            found=repr(found),
            given=repr(given),
            kind=function.result,
        )


def _is(found: object, kind: str) -> bool:
    if isinstance(found, bool) and kind != "boolean":
        return False
    return isinstance(found, _KINDS[kind])


def _twice(name: str, ask: Callable[..., Any], *given: Any) -> Iterator[Message]:
    with _overheard() as heard:
        try:
            answers = [ask(*given), ask(*given)]
        except PluginFailed as failure:
            yield message("'{name}': {reason}", name=name, reason=failure.reason)
            return
    if answers[0] != answers[1]:
        yield message("'{name}' answers differently when it is asked again", name=name)
    for what in dict.fromkeys(heard):
        yield message("'{name}' reaches outside: {what}", name=name, what=what)


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Note meanwhile what the process does outside of itself."""
    global _heard, _listening
    if not _listening:
        sys.addaudithook(_hear)  # it cannot be taken back, only be made deaf
        _listening = True
    heard: list[str] = []
    _heard = heard
    try:
        yield heard
    finally:
        _heard = None


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if _heard is None:
        return
    if event in _OUTSIDE or (event == "open" and _writes(given)):
        _heard.append(event)


def _writes(given: tuple[Any, ...]) -> bool:
    mode = given[1] if len(given) > 1 else None
    return isinstance(mode, str) and any(one in mode for one in "wax+")
