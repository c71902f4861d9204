"""Who acts, and whether they may."""

from casewright.errors import NotAllowed, message
from casewright.model import ANY_STAFF, ONLY_SYSTEM, SYSTEM, Person
from casewright.store.configuration import Configuration

THE_SYSTEM = Person(name=SYSTEM, en="System", zh="系统")


def authorised(settings: Configuration, name: str, permission: str) -> Person:
    """Return the person who acts under `name`; NotAllowed unless they may do what asks for `permission`."""
    if name == SYSTEM:
        return THE_SYSTEM
    if permission == ONLY_SYSTEM:
        reason = message("only casewright itself says this")
        raise NotAllowed(actor=name, permission=permission, reason=reason)
    person = settings.get(name)
    if person is None:
        raise NotAllowed(
            actor=name,
            permission=permission,
            reason=message(
                "there is no such person on the staff; --as USER or CASEWRIGHT_USER says who acts"
            ),
        )
    if not person.active:
        raise NotAllowed(
            actor=name,
            permission=permission,
            reason=message("the person is no longer active"),
        )
    if permission != ANY_STAFF and not settings.permits(person, permission):
        raise NotAllowed(
            actor=name,
            permission=permission,
            reason=message("none of the person's roles permits it"),
        )
    return person


def refuse_the_system(actor: str, permission: str) -> None:
    """Raise NotAllowed for what somebody else says in the system's name."""
    if actor == SYSTEM:
        reason = message("it is nobody's name")
        raise NotAllowed(actor=actor, permission=permission, reason=reason)
