"""What the doctor says about the staff: roles nobody has, deputies who left, people without an address."""

from collections.abc import Iterator, Mapping, Sequence

from casewright.cli.doctor_check import Check, problem, roles_named, warning, well
from casewright.cli.reading import known_roles
from casewright.cli.session import Session
from casewright.commands import SavePerson
from casewright.errors import Message, message
from casewright.model import Person
from casewright.settings.channels import ChannelKind
from casewright.workflows.spec import Workflow

SHOWN = 3
"""So many names stand for a longer list."""


def staff_checks(
    session: Session, people: Sequence[Person], workflows: Sequence[Workflow]
) -> Iterator[Check]:
    """Examine the staff; `workflows` are the current ones."""
    at_work = [one for one in people if one.active]
    held = {role for one in at_work for role in one.roles}
    yield from _administrators(session, held)
    yield _roles(workflows, held, len(at_work))
    yield from _deputies(at_work)


def address_checks(
    people: Sequence[Person],
    workflows: Sequence[Workflow],
    kinds: Mapping[str, ChannelKind],
) -> Iterator[Check]:
    """Look for people who cannot be told over a channel that the workflows use; `kinds` are of those channels."""
    named: set[str] = set().union(*map(roles_named, workflows))
    told = [one for one in people if one.active and named & one.roles]
    if not told:
        return
    for kind in sorted({kind for kind in kinds.values() if kind in _ADDRESSES}):
        attribute, lacking = _ADDRESSES[kind]
        without = sorted(one.name for one in told if not getattr(one, attribute))
        if without:
            said = message(
                lacking.text, count=len(without), names=_some(without), first=without[0]
            )
            yield warning("addresses", said)


def _roles(workflows: Sequence[Workflow], held: set[str], count: int) -> Check:
    named: set[str] = set().union(*map(roles_named, workflows))
    missing = sorted(named - held)
    if missing:
        lacking = message(
            "nobody has these roles, which the workflows name: {roles}", roles=missing
        )
        return warning("people", lacking)
    enough = message(
        "every role that the workflows name is held (people: {count})", count=count
    )
    return well("people", enough)


def _administrators(session: Session, held: set[str]) -> Iterator[Check]:
    roles = known_roles(session)
    if roles and not any(
        roles[name].allows(SavePerson.permission) for name in held & set(roles)
    ):
        nobody = message(
            "nobody who works here may change the staff: no active person has a role with '{permission}'",
            permission=SavePerson.permission,
        )
        yield problem("people", nobody)


def _deputies(at_work: Sequence[Person]) -> Iterator[Check]:
    """Look for people in whose absence nobody would be told: their deputy is not on the staff any more."""
    here = {one.name for one in at_work}
    left = [one for one in at_work if one.deputy and one.deputy not in here]
    for one in left[:SHOWN]:
        said = message(
            "{person}'s deputy {deputy} has left: `casewright user edit {person} --deputy USER`",
            person=one.name,
            deputy=one.deputy,
        )
        yield warning("deputies", said)
    if len(left) > SHOWN:
        more = message("deputies who have left, further ones: {count}", count=len(left) - SHOWN)
        yield warning("deputies", more)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")


_ADDRESSES: Mapping[str, tuple[str, Message]] = {
    "sms": (
        "phone",
        message(
            "people who cannot be told by SMS, since they have no phone: {count} ({names}); "
            "`casewright user edit {first} --phone +86...`"
        ),
    ),
    "email": (
        "email",
        message(
            "people who cannot be told by e-mail, since they have no address: {count} ({names}); "
            "`casewright user edit {first} --email ...`"
        ),
    ),
}
