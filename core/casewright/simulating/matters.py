"""What one customer's matter is: whose it is, what it is about, who took the call, and the chance that it goes by."""

from collections.abc import Generator
from datetime import datetime, timedelta

from casewright.commands import CastVote, LogContact, RecordContact
from casewright.model import Ticket
from casewright.queries import GetActions
from casewright.simulating.catalogue import Subject
from casewright.simulating.centre import Centre, Life, Need, Pause, Work
from casewright.simulating.chance import Chance
from casewright.swift_dataclass import dataclass

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_ENOUGH = 4
"""Of so many people who may vote, the first to be free does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A matter of a customer, and who took the first contact."""

    number: int
    customer: str
    subject: Subject
    agent: str
    talk: timedelta
    chance: Chance


def noted(centre: Centre, matter: Matter, key: str, *, resolved: bool) -> None:
    """Note the contact with the customer, and which ticket it was about."""
    centre.does(
        LogContact,
        matter.agent,
        customer=matter.customer,
        channel="phone",
        duration=matter.talk,
        started_at=centre.now - matter.talk,
        summary=matter.subject.words.of(centre.lang),
        tickets=(key,),
        resolved="yes" if resolved else "unknown",
    )


def approval(
    centre: Centre, matter: Matter, key: str, state: str, roles: tuple[str, ...], deny: float
) -> Life:
    """Have whoever may vote do so, step by step, until the ticket has left the state of approval."""
    chance = matter.chance
    while centre.ticket(key).state == state:
        yield Pause(centre.now + chance.around(2 * HOUR))
        voters = _voters(centre, key, roles)
        if not voters:
            return  # nobody is left who may; the ladder tells the next level
        who = yield Work(voters, chance.around(6 * MINUTE))
        centre.must_be(key, state)
        denies = chance.happens(deny)
        reason = (
            centre.words("Too high for what happened.", "与事实相比金额偏高。")
            if denies
            else ""
        )
        centre.does(CastVote, who, ticket=key, grant=not denies, reason=reason)


def by_handler(centre: Centre, key: str, takes: timedelta) -> Generator[Need, str, str]:
    """Have whoever is to go on with a ticket spend so much time on it; return who that is.

    Once more where the handler has come back meanwhile, or it has become somebody else.
    """
    while True:
        who = yield Work(centre.handler(key), takes)
        if who in centre.handler(key):
            return who


def unreachable(
    centre: Centre, matter: Matter, key: str, state: str, people: tuple[str, ...]
) -> Life:
    """Try to reach a customer who does not answer: three calls on two days, and an SMS."""
    chance = matter.chance
    for number in range(3):
        who = yield Work(people, chance.around(3 * MINUTE))
        centre.must_be(key, state)
        centre.calls_customer(who, key, reached=False)
        if not number:
            centre.does(RecordContact, who, ticket=key, kind="attempt", channel="sms")
        yield Pause(centre.now + (DAY if number < 2 else HOUR))


def overdue(ticket: Ticket, now: datetime) -> timedelta:
    """Return for how long the most overdue of a ticket's promises has been so."""
    dues = [one.due_at for one in ticket.clocks.values() if one.due_at is not None and one.open]
    return max((now - one for one in dues if one < now), default=timedelta())


def _voters(centre: Centre, key: str, roles: tuple[str, ...]) -> list[str]:
    """Return some of those who may grant it now, of the first role in which there are any."""
    for role in roles:
        found: list[str] = []
        for name in centre.staff.of(role):
            offers = centre.desk.ask_as_system(GetActions(actor=name, ticket=key))
            if any(one.name == "grant" and one.blocked is None for one in offers):
                found.append(name)
            if len(found) == _ENOUGH:
                break
        if found:
            return found
    return []
