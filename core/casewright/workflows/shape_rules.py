"""Which words of a construct go together: the rules that its list of words alone cannot say."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from casewright.document import Path
from casewright.errors import message
from casewright.nearest import hint
from casewright.workflows.shape_values import Fault
from casewright.workflows.words import MOST_TIMES

Verbs = Mapping[str, tuple[str, ...]]
"""The verbs that an action may have, the core's and plugins', each with the words that go with it."""


def core(construct: str, verbs: Verbs) -> Collection[str]:
    """Return words of which a construct needs one that is well shaped, or is left out as a whole; none where it does not."""
    return verbs if construct == "Action" else _CORES.get(construct, ())


def faults(
    construct: str, data: Mapping[str, Any], path: Path, verbs: Verbs
) -> Iterator[Fault]:
    """Yield which words of a construct do not go together."""
    if construct == "Action":
        yield from _action_has_one_verb(data, verbs)
        yield from _action_modifiers(data, verbs)
    for rule in _RULES.get(construct, ()):
        yield from rule(data, path)


_CORES: Mapping[str, tuple[str, ...]] = {
    "Approve": ("voters", "steps"),
    "LadderStep": ("at", "every"),
}


def _action_has_one_verb(data: Mapping[str, Any], verbs: Verbs) -> Iterator[Fault]:
    found = [word for word in data if word in verbs]
    if len(found) == 1:
        return
    known = ", ".join(verbs)
    reason = message("an action does one thing; write one of {known}", known=known)
    yield Fault(code="one_verb", message=reason, at=tuple(found[1:2]), key=True, fatal=True)


def _action_modifiers(data: Mapping[str, Any], verbs: Verbs) -> Iterator[Fault]:
    verb = next((word for word in data if word in verbs), None)
    if verb is None:
        return
    known = verbs[verb]
    for word in data:
        if (
            word not in verbs
            and any(word in one for one in verbs.values())
            and word not in known
        ):
            reason = message("'{word}' does not go with '{verb}'", word=word, verb=verb)
            yield Fault(code="misplaced_word", message=reason, at=(word,), key=True)


def _renewing_is_not_denied(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if data.get("renew_owner") is False:
        reason = message("write 'true', or leave the action out")
        yield Fault(code="wrong_shape", message=reason, at=("renew_owner",), fatal=True)


def _fire_only_in_ladders(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if "fire" in data and path[:1] != ("ladder",):
        reason = message(
            "'fire' stands in a ladder only; a timed transition is written with 'after'"
        )
        yield Fault(code="misplaced_word", message=reason, at=("fire",), key=True, fatal=True)


def _ladder_step_has_a_threshold(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if ("at" in data) == ("every" in data):
        reason = message("a step stands 'at' a threshold, or repeats 'every' so often")
        yield Fault(code="missing_word", message=reason, key=True, fatal=True)
    if "every" in data and "times" not in data:
        reason = message("'times' is missing: say how often at the most")
        yield Fault(code="missing_word", message=reason, key=True)
    for word in ("from", "times"):
        if word in data and "every" not in data:
            reason = message("'{word}' goes with 'every' only", word=word)
            yield Fault(code="misplaced_word", message=reason, at=(word,), key=True)


def _ladder_step_repeats_within_bounds(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    times = data.get("times")
    if isinstance(times, int) and times > MOST_TIMES:
        reason = message("a step repeats at most {most} times", most=MOST_TIMES)
        yield Fault(code="wrong_shape", message=reason, at=("times",), fatal=True)


def _ladder_step_reaches_somebody(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if "tell" in data:
        return
    if not data.get("do"):
        reason = message("this step tells nobody and does nothing: say whom it may 'tell'")
        yield Fault(code="tells_nobody", message=reason, key=True, fatal=True)
    for word in ("via", "template", "taken_within"):
        if word in data:
            reason = message("'{word}' goes with 'tell' only", word=word)
            yield Fault(code="misplaced_word", message=reason, at=(word,), key=True)


def _approve_has_voters(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if ("voters" in data) == ("steps" in data):
        reason = message("an approval names its 'voters', or its 'steps'")
        yield Fault(code="missing_word", message=reason, key=True, fatal=True)
    if data.get("steps") == []:
        reason = message("an approval has at least one step")
        yield Fault(code="approval_impossible", message=reason, at=("steps",), fatal=True)
    for word in ("votes", "when"):
        if word in data and "steps" in data:
            reason = message("'{word}' belongs into the steps", word=word)
            yield Fault(code="misplaced_word", message=reason, at=(word,), key=True)


def _outer_state(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if "start" in data and "states" not in data:
        reason = message("'start' goes with 'states' only")
        yield Fault(code="misplaced_word", message=reason, at=("start",), key=True)
    if "states" not in data:
        return
    if not data["states"]:
        reason = message("an outer state has inner ones")
        yield Fault(code="wrong_shape", message=reason, at=("states",))
    if "start" not in data:
        reason = message("'start' is missing: say which inner state comes first")
        yield Fault(code="missing_word", message=reason, key=True)
    for word in ("final", "rests", "after", "approve"):
        if word in data:
            reason = message("'{word}' belongs into an inner state", word=word)
            yield Fault(code="misplaced_word", message=reason, at=(word,), key=True)


def _cases_are_some(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    for word in ("start", "to", "granted"):
        if data.get(word) == []:
            reason = message("the list of cases is empty")
            yield Fault(code="wrong_shape", message=reason, at=(word,))


def _attempts_are_some(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if not data:
        reason = message("say how many 'calls', 'days' or 'messages'")
        yield Fault(code="missing_word", message=reason, key=True, fatal=True)


def _states_are_some(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if data.get("states") == {}:
        yield Fault(
            code="wrong_shape",
            message=message("a workflow has at least one state"),
            at=("states",),
        )


def _ladders_are_some(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    ladder = data.get("ladder")
    for promise, steps in ladder.items() if isinstance(ladder, dict) else ():
        if steps == []:
            reason = message("the ladder of '{promise}' tells nobody", promise=promise)
            yield Fault(code="tells_nobody", message=reason, at=("ladder", promise), key=True)


def _targets_are_some(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    if data.get("within") in ([], {}):
        reason = message("a promise has at least one target")
        yield Fault(code="missing_word", message=reason, at=("within",), fatal=True)


def _starts_inside(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    inner, start = data.get("states"), data.get("start")
    if isinstance(inner, dict) and inner and isinstance(start, str) and start not in inner:
        reason = message(
            "there is no inner state '{name}'{hint}", name=start, hint=hint(start, inner)
        )
        yield Fault(code="unknown_state", message=reason, at=("start",))


Rule = Callable[[Mapping[str, Any], Path], Iterator[Fault]]

_RULES: Mapping[str, tuple[Rule, ...]] = {
    "Workflow": (_states_are_some, _ladders_are_some, _cases_are_some),
    "State": (_outer_state, _starts_inside),
    "Transition": (_cases_are_some,),
    "Approve": (_approve_has_voters, _cases_are_some),
    "Attempts": (_attempts_are_some,),
    "Action": (_renewing_is_not_denied, _fire_only_in_ladders),
    "Promise": (_targets_are_some,),
    "LadderStep": (
        _ladder_step_has_a_threshold,
        _ladder_step_repeats_within_bounds,
        _ladder_step_reaches_somebody,
    ),
}
