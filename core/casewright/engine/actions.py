"""What is done on the way: the actions of `do`, `on_exit` and `on_enter`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from casewright.bilingual import Bilingual
from casewright.engine import entries, parties, plugged, relating, telling
from casewright.engine.draft import ChildWanted, Draft, Work
from casewright.errors import Message, TransitionRefused, message
from casewright.forms.plain_schema import thawed
from casewright.workflows.guard import GuardFailed
from casewright.workflows.spec import Action, Constant, Value, Who
from casewright.workflows.words import PRIORITIES


def perform(work: Work, draft: Draft, actions: Iterable[Action]) -> None:
    """Do the actions in order; each sees what those before it did. One beyond its author's rights is left out, and noted."""
    for action in actions:
        if parties.holds(action.when, draft, work.situation) and may_do(draft, action.verb):
            _VERBS.get(action.verb, _of_a_plugin)(work, draft, action)


def may_do(draft: Draft, verb: str) -> bool:
    """Return whether the author of the ticket's workflow had the right to an action of this verb; what they had not is noted."""
    lacking = draft.compiled.beyond_rights(verb)
    if lacking:
        noted = draft.facts.setdefault("beyond_rights", [])
        noted += [one for one in ([verb, lacking],) if one not in noted]
    return not lacking


def _value(work: Work, draft: Draft, value: Value, each: str | None = None) -> Any:
    if isinstance(value, Constant):
        return value.value
    try:
        return draft.compiled.guards.value(value, parties.scope(draft, work.situation, each))
    except GuardFailed as failure:
        raise refused(
            draft, message("an action could not be worked out: {detail}", detail=str(failure))
        ) from None


def _values(
    work: Work, draft: Draft, values: Mapping[str, Value], each: str | None = None
) -> dict[str, Any]:
    found = {name: _value(work, draft, value, each) for name, value in values.items()}
    return {name: value for name, value in found.items() if value is not None}


def refused(draft: Draft, reason: Message) -> TransitionRefused:
    """Return the refusal of what the draft is about to do."""
    before = draft.before.state if draft.before else draft.ticket.state
    return refused_in(draft, before, str(draft.facts.get("transition", draft.kind)), reason)


def refused_in(draft: Draft, state: str, transition: str, reason: Message) -> TransitionRefused:
    """Return the refusal of a transition out of `state`, with the titles of both."""
    workflow = draft.compiled.workflow
    here = workflow.states[state]
    everywhere = (
        known for one in (here, *workflow.states.values()) for known in one.transitions.values()
    )
    titles = (known.title for known in everywhere if known.name == transition)
    return TransitionRefused(
        ticket=draft.ticket.key,
        transition=transition,
        state=state,
        reason=reason,
        transition_title=next(titles, _DONE.get(transition, transition)),
        state_title=here.title,
    )


_DONE = {
    "TicketOpened": Bilingual(en="open", zh="开立"),
    "VoteCast": Bilingual(en="decide", zh="审批"),
    "TicketWithdrawn": Bilingual(en="withdraw", zh="撤回"),
    "TicketMerged": Bilingual(en="merge", zh="并案"),
    "TicketReopened": Bilingual(en="reopen", zh="重新办理"),
}


def _set(work: Work, draft: Draft, action: Action) -> None:
    values = cast(Mapping[str, Value], action.argument)
    found = {name: _value(work, draft, value) for name, value in values.items()}
    for name, value in found.items():
        if not _fits(draft, name, value):
            raise refused(
                draft,
                message(
                    "{value} does not fit the field '{field}'", value=repr(value), field=name
                ),
            )
    draft.fill(found)


_KINDS: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "decimal": (int, float),
    "boolean": (bool,),
    "texts": (list,),
}


def _fits(draft: Draft, name: str, value: Any) -> bool:
    """Whether a field can hold what an expression gave; None empties it."""
    forms = draft.compiled.forms.values()
    kinds = {form.fields[name].kind for form in forms if name in form.fields}
    return value is None or any(type(value) in _KINDS[kind] for kind in kinds)


def _each(work: Work, draft: Draft, action: Action) -> list[str | None]:
    if action.each is None:
        return [None]
    found = _value(work, draft, action.each)
    if not isinstance(found, list | None):
        raise refused(
            draft, message("'each' asks for a list, not for {value}", value=repr(found))
        )
    return found or []


def _open(work: Work, draft: Draft, action: Action) -> None:
    for each in _each(work, draft, action):
        fields = _values(work, draft, action.fields, each)
        work.wanted.append(ChildWanted(draft, cast(str, action.argument), fields, action.role))
        relating.child_opened(draft)


def _link(work: Work, draft: Draft, action: Action) -> None:
    key = _value(work, draft, cast(Value, action.argument))
    if key:
        relating.link(work, draft, str(key), action.role or "related")


def _comment(work: Work, draft: Draft, action: Action) -> None:
    said = action.argument
    text = (
        {"en": said.en, "zh": said.zh}
        if isinstance(said, Bilingual)
        else _value(work, draft, cast(Value, said))
    )
    draft.private["comments"] = [*draft.private.get("comments", ()), text]


def _tell(work: Work, draft: Draft, action: Action) -> None:
    who = cast(Who, action.argument)
    reason = str(draft.facts.get("transition", draft.kind))
    telling.tell(
        work,
        draft,
        who,
        reason=reason,
        via=action.via,
        message=action.message,
        template=action.template,
    )


def _assign(work: Work, draft: Draft, action: Action) -> None:
    who = cast(Who, action.argument)
    if not who:
        entries.hand_to(draft, None)
        return
    name = parties.choose(who, draft, work.situation)
    if name is None:
        named = parties.spoken(who, work.situation)
        raise refused(draft, message("nobody can be made its handler: {named}", named=named))
    entries.hand_to(draft, name)


def _renew_owner(work: Work, draft: Draft, action: Action) -> None:
    workflow = draft.compiled.workflow
    name = parties.choose(workflow.owner, draft, work.situation)
    if name is not None and name != draft.ticket.owner:
        draft.change(owner=name)


def _raise_priority(work: Work, draft: Draft, action: Action) -> None:
    floor = max(draft.ticket.floor, cast(str, action.argument), key=PRIORITIES.index)
    if floor != draft.ticket.floor:
        draft.change(floor=floor)
    if PRIORITIES.index(floor) > PRIORITIES.index(draft.ticket.priority):
        draft.change(priority=floor)


def _raise_level(work: Work, draft: Draft, action: Action) -> None:
    levels = draft.compiled.workflow.levels
    highest = len(levels.roles) if levels is not None else draft.ticket.level
    draft.change(level=min(draft.ticket.level + cast(int, action.argument), highest))


def _of_a_plugin(work: Work, draft: Draft, action: Action) -> None:
    done = plugged.perform(work, draft, action)
    for name, value in done.fields.items():
        if not _fits(draft, name, value):
            template = "{value} does not fit the field '{field}'"
            raise refused(draft, message(template, value=repr(value)[:80], field=name))
    draft.fill(thawed(done.fields))
    draft.private.update(_with_comments(draft, done.comments))
    if done.handler is not None:
        handler = done.handler or None
        person = work.situation.people.get(handler) if handler else None
        if handler and (person is None or not person.active):
            reason = message("nobody can be made its handler: {named}", named=handler)
            raise refused(draft, reason)
        entries.hand_to(draft, handler)
    plugged.tell(work, draft, action.verb, done.notices)


def _with_comments(draft: Draft, comments: tuple[str, ...]) -> dict[str, Any]:
    said = [*draft.private.get("comments", ()), *comments]
    return {"comments": said} if comments else {}


_VERBS: dict[str, Callable[[Work, Draft, Action], None]] = {
    "set": _set,
    "open": _open,
    "link": _link,
    "comment": _comment,
    "tell": _tell,
    "assign": _assign,
    "renew_owner": _renew_owner,
    "raise_priority": _raise_priority,
    "raise_level": _raise_level,
}
