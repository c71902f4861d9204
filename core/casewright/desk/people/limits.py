"""How far somebody may change the staff who may do so for a team or a department alone: never beyond what they hold."""

from collections.abc import Iterator

from casewright.access.roles import ALL, DEPARTMENT, OWN, PERMISSIONS, QUEUES, TEAM, covered
from casewright.commands import (
    AddKey,
    Command,
    EndSessions,
    MakeToken,
    RemoveKey,
    RevokeToken,
    SavePerson,
    SetPassword,
    SetSecondFactor,
)
from casewright.desk.authorising import PEOPLE, Actor
from casewright.desk.people.staff import changed
from casewright.errors import NotAllowed, message
from casewright.model import Person
from casewright.store import tokens

_KINDS = frozenset(one.partition(".")[0] for one in PERMISSIONS)
_STANDING = ("roles", "team", "department", "queues")
"""What of a person says how far they reach."""


def must_stay_within(actor: Actor, command: Command) -> None:
    """Raise NotAllowed where `actor`, who may edit some people only, would come by more than they hold or give it away.

    Who holds more than they do is not theirs to change, whatever it is: a password or a telephone number would let them
    act as that one.
    """
    if ALL in actor.scopes(PEOPLE):
        return
    if isinstance(command, SavePerson):
        _may_save(actor, command)
        return
    name = _whose(actor, command)
    person = actor.settings.get(name)
    if person is not None and name != actor.name:
        _must_hold_as_much(actor, person)


def _may_save(actor: Actor, command: SavePerson) -> None:
    before, after = actor.settings.get(command.name), changed(actor.settings, command)
    if command.name == actor.name:
        if any(getattr(before, one) != getattr(after, one) for one in _STANDING):
            template = (
                "your own roles, team, department and queues are changed by somebody else,"
                " who may edit all people"
            )
            raise NotAllowed(actor=actor.name, permission=PEOPLE, reason=message(template))
        return
    for person in (before, after):
        if person is not None:
            _must_hold_as_much(actor, person)


def _whose(actor: Actor, command: Command) -> str:
    """Return whose way of proving who they are a command changes, or ""."""
    match command:
        case SetPassword() | SetSecondFactor() | MakeToken() | EndSessions() | AddKey():
            return command.name
        case RemoveKey():
            return command.name
        case RevokeToken():
            token = tokens.by_number(actor.database, command.token)
            return "" if token is None else token.person
    return ""


def _must_hold_as_much(actor: Actor, person: Person) -> None:
    roles = (actor.settings.roles.get(role) for role in person.roles)
    for role in filter(None, roles):
        for scope, patterns in role.grants.items():
            for permission in _named(patterns):
                if not _holds(actor, permission, scope, person):
                    template = (
                        "{person} may or would do what you may not: {permission};"
                        " somebody who may edit all people does this"
                    )
                    reason = message(template, person=person.name, permission=permission)
                    raise NotAllowed(actor=actor.name, permission=PEOPLE, reason=reason)


def _holds(actor: Actor, permission: str, scope: str, person: Person) -> bool:
    """Return whether `actor` holds a permission as far as `person` does who holds it in `scope`."""
    held, own = actor.scopes(permission), actor.person
    if ALL in held:
        return True
    match scope:
        case "own":
            return bool(held & {OWN, TEAM, DEPARTMENT})
        case "team":
            return TEAM in held and person.team in ("", own.team)
        case "department":
            return DEPARTMENT in held and person.department in ("", own.department)
        case "queues":
            return QUEUES in held and set(person.queues) <= set(own.queues)
    return False


def _named(patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the permissions that patterns stand for; those of plugins as they are written."""
    for one in patterns:
        if one.partition(".")[0] in _KINDS:
            yield from (permission for permission in PERMISSIONS if covered(permission, (one,)))
        else:
            yield one
