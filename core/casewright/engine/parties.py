"""Who somebody is to a ticket: from relations, roles and expressions to people."""

from collections.abc import Iterable

from casewright.bilingual import Bilingual
from casewright.engine.draft import Draft
from casewright.engine.duty import on_duty
from casewright.engine.situation import Situation
from casewright.engine.variables import Variables
from casewright.errors import Message, NobodyLeft, message
from casewright.model import Person, Ticket, is_system
from casewright.workflows.guard import GuardFailed
from casewright.workflows.spec import Expression, Party, Who, Workflow

TEAM_LEADER = "team_leader"
DEPARTMENT_HEAD = "department_head"
ANSWERABLE = tuple(Party("relation", name) for name in ("handler", "owner", "team_lead"))


def scope(draft: Draft, situation: Situation, each: str | None = None) -> Variables:
    """Return the variables an expression may read, as they stand now."""
    return Variables(draft, situation, each)


def holds(expression: Expression | None, draft: Draft, situation: Situation) -> bool:
    """Return whether a condition holds; none at all holds, and one that cannot be evaluated does not."""
    if expression is None:
        return True
    try:
        return draft.compiled.guards.holds(expression, scope(draft, situation))
    except GuardFailed:
        note_unanswered(draft, expression)
        return False


def note_unanswered(draft: Draft, expression: Expression) -> None:
    """Record an expression that could not be worked out; its error may quote what a customer said, so it is left out."""
    known = draft.facts.setdefault("unanswered", [])
    if expression.source not in known:
        known.append(expression.source)


def belongs(person: Person, who: Who, draft: Draft, situation: Situation) -> bool:
    """Return whether `person` is one of `who` to the ticket."""
    for party in who:
        if _is(person, party, draft, situation):
            return True
    return False


def spoken(who: Who, situation: Situation) -> list[Bilingual | str]:
    """Return what people call `who`: relations by their words, roles by their titles, persons by their names."""
    return [_called(party, situation) for party in who]


def called(person: Person) -> Bilingual:
    """Return how people call a member of staff."""
    return Bilingual(en=person.en, zh=person.zh)


def members(who: Who, draft: Draft, situation: Situation) -> tuple[str, ...]:
    """Return the names that `who` stands for, each once, of a role those on duty; `customer` stands for the customer."""
    names: dict[str, None] = {}
    for party in who:
        names.update(dict.fromkeys(_serving(party, draft, situation)))
    return tuple(names)


def excluded(name: str, draft: Draft, situation: Situation) -> bool:
    """Return whether avoidance keeps `name` from handling or approving the ticket."""
    return any(
        name in _names(party, draft, situation) for party in draft.compiled.workflow.exclude
    )


def all_excluded(ticket: Ticket, situation: Situation) -> frozenset[str]:
    """Return everybody whom avoidance keeps from handling a stored ticket."""
    compiled = situation.pinned(ticket.bundle)
    if not compiled.workflow.exclude:
        return frozenset()
    draft = Draft(ticket=ticket, compiled=compiled, kind="", before=ticket)
    found = (_names(party, draft, situation) for party in compiled.workflow.exclude)
    return frozenset(name for names in found for name in names)


def hidden_from(name: str, draft: Draft, situation: Situation) -> bool:
    """Return whether `name` may not even see the ticket: the workflow's `=` expressions in `exclude` name them."""
    parties = (party for party in draft.compiled.workflow.exclude if party.kind == "expression")
    return any(name in _names(party, draft, situation) for party in parties)


def expressed(expression: Expression, draft: Draft, situation: Situation) -> tuple[str, ...]:
    """Return the names that an expression stands for; none where it cannot be worked out."""
    try:
        value = draft.compiled.guards.value(expression, scope(draft, situation))
    except GuardFailed:
        return ()
    if isinstance(value, list):
        return tuple(str(one) for one in value if one)
    return (str(value),) if value else ()


def choose(who: Who, draft: Draft, situation: Situation) -> str | None:
    """Return the first active person of `who` who is not excluded.

    A role's people are taken in turn: ticket number n goes to the n-th of those who may.
    """
    for party in who:
        names = [
            name
            for name in _names(party, draft, situation)
            if _may_take(name, draft, situation)
        ]
        if names:
            return names[draft.ticket.number % len(names)] if party.kind == "role" else names[0]
    return None


def responsible(draft: Draft, situation: Situation) -> str:
    """Return who is to answer for the ticket by its workflow's rules; NobodyLeft."""
    workflow = draft.compiled.workflow
    named = choose(workflow.owner, draft, situation)
    named = named or choose(workflow.process_owner, draft, situation)
    if named is None:
        raise NobodyLeft(relation=message("owner"), workflow=workflow.name)
    return named


def level_role(ticket: Ticket, workflow: Workflow) -> str | None:
    """Return the role that answers at the ticket's level, or None where the workflow has no levels."""
    if workflow.levels is None:
        return None
    roles = workflow.levels.roles
    return roles[min(ticket.level, len(roles)) - 1].name


def must_answer_for(draft: Draft, situation: Situation) -> Message | None:
    """Return why the actor cannot speak for the ticket: who works it, who answers for it and who leads them can."""
    if belongs(situation.actor, ANSWERABLE, draft, situation):
        return None
    return message("only {who} may do this", who=spoken(ANSWERABLE, situation))


def next_level(draft: Draft, situation: Situation) -> tuple[str, ...]:
    """Return who is told when those who were told do nothing, or are away.

    The role of the next level where the workflow has levels, else the team leader; whoever answers
    for the workflow where there is none.
    """
    ticket, workflow = draft.ticket, draft.compiled.workflow
    if workflow.levels is not None:
        roles = workflow.levels.roles
        role = roles[min(ticket.level, len(roles) - 1)]
        found = members((role,), draft, situation)
    else:
        found = _team_leads(ticket.handler or ticket.owner, situation)
    held = {ticket.handler, ticket.owner}
    others = tuple(name for name in found if name not in held)
    return others or members(workflow.process_owner, draft, situation)


def _called(party: Party, situation: Situation) -> Bilingual | str:
    if party.kind == "relation" and party.name in _RELATIONS:
        return _RELATIONS[party.name]
    if party.kind == "role" and party.name in situation.roles:
        return situation.roles[party.name].title
    person = situation.people.get(party.name) if party.kind == "user" else None
    return called(person) if person is not None else str(party)


_RELATIONS = {
    "handler": Bilingual(en="the handler", zh="办理人"),
    "owner": Bilingual(en="the owner", zh="责任人"),
    "team_lead": Bilingual(en="the team leader", zh="班长"),
    "opener": Bilingual(en="the first-contact owner", zh="首问责任人"),
    "submitter": Bilingual(en="the submitter", zh="提交人"),
    "anyone": Bilingual(en="a member of staff", zh="工作人员"),
    "timer": Bilingual(en="the clock", zh="系统定时"),
    "level": Bilingual(en="the level that answers for it", zh="当前层级负责人"),
}


def _may_take(name: str, draft: Draft, situation: Situation) -> bool:
    person = situation.people.get(name)
    return person is not None and person.active and not excluded(name, draft, situation)


def _is(person: Person, party: Party, draft: Draft, situation: Situation) -> bool:
    if party.kind == "role":
        return party.name in person.roles
    if party.kind == "relation":
        if party.name == "anyone":
            return not is_system(person.name)
        if party.name == "timer":
            return is_system(person.name)
        if party.name == "level":
            return level_role(draft.ticket, draft.compiled.workflow) in person.roles
    return person.name in _names(party, draft, situation)


def _serving(party: Party, draft: Draft, situation: Situation) -> Iterable[str]:
    """Return whom a party stands for now: of those who have a role, the ones on duty."""
    names = _names(party, draft, situation)
    if party.kind == "role" or party.name in ("level", "team_lead"):
        people = [one for name in names if (one := situation.people.get(name)) is not None]
        return tuple(one.name for one in on_duty(people, situation))
    return names


def _names(party: Party, draft: Draft, situation: Situation) -> Iterable[str]:
    match party.kind:
        case "user":
            return (party.name,)
        case "role":
            return tuple(person.name for person in situation.people.with_role(party.name))
        case "lineage":
            ticket = draft.ticket
            return (
                ticket.lineage_handlers
                if party.name == "handlers"
                else ticket.lineage_approvers
            )
        case "expression":
            return expressed(Expression(party.name), draft, situation)
        case _:
            return _related(party.name, draft, situation)


def _related(relation: str, draft: Draft, situation: Situation) -> tuple[str, ...]:
    ticket = draft.ticket
    match relation:
        case "actor":
            return (situation.actor.name,)
        case "customer":
            return ("customer",)
        case "team_lead":
            return _team_leads(ticket.handler or ticket.owner, situation)
        case "level":
            role = level_role(ticket, draft.compiled.workflow)
            return (
                tuple(person.name for person in situation.people.with_role(role))
                if role
                else ()
            )
        case "handler" | "owner" | "opener" | "submitter":
            name = getattr(ticket, relation)
            return (name,) if name else ()
        case _:
            return ()


def _team_leads(name: str, situation: Situation) -> tuple[str, ...]:
    """Return the leaders of somebody's team; in a department without teams its heads lead."""
    person = situation.people.get(name)
    if person is None:
        return ()
    if person.team:
        leaders = situation.people.with_role(TEAM_LEADER)
        found = tuple(leader.name for leader in leaders if leader.team == person.team)
        if found:
            return found
    heads = situation.people.with_role(DEPARTMENT_HEAD) if person.department else ()
    return tuple(head.name for head in heads if head.department == person.department)
