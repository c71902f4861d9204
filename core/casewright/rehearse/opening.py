"""The ticket that a built-in scenario begins with: who opens it, and with what in its form."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from casewright.commands import OpenTicket
from casewright.errors import CasewrightError, RehearsalRefused, message
from casewright.model import SYSTEM, Person, Receipt
from casewright.queries import GetTicket
from casewright.rehearse.filling import Filling
from casewright.rehearse.play import Play, reason_of, save_customer
from casewright.rehearse.scenario import Customer

_LIKELIEST = "agent"
_CUSTOMER = Customer(
    id="REHEARSAL",
    words={
        "name": "彩排 / Rehearsal",
        "phone": "+8613800009999",
        "email": "customer@example.org",
    },
)
"""Somebody who can be told, over whatever channel."""


def open_plainly(play: Play) -> None:
    """Open a ticket with what its form asks for; with all that can be chosen too, where else no promise would begin."""
    refusal: CasewrightError | None = None
    save_customer(play, _CUSTOMER)
    for actor in _openers(play):
        try:
            command = _command(play, actor, choices=False)
            if not _begins_anything(play, command):
                with suppress(CasewrightError):
                    play.first = play.execute(_command(play, actor, choices=True)).ticket
                    return
            play.first = play.execute(command).ticket
            return
        except CasewrightError as error:
            refusal = refusal or error
    raise _refused(refusal)


def _command(play: Play, actor: str, *, choices: bool) -> OpenTicket:
    fields = _fields(play, choices=choices)
    return OpenTicket(
        actor=actor, workflow=play.stage.workflow.name, customer=_CUSTOMER.id, fields=fields
    )


def likeliest(play: Play) -> tuple[str, ...]:
    """Return the staff, those first who usually open tickets; of them, those who can be reached."""

    def rank(person: Person) -> tuple[bool, bool, str]:
        return _LIKELIEST not in person.roles, not person.phone, person.name

    return tuple(one.name for one in sorted(play.stage.people.values(), key=rank))


def _openers(play: Play) -> Iterator[str]:
    """Yield who may open a ticket, one of a kind: another with the same roles may neither, if the first may not."""
    seen: set[frozenset[str]] = set()
    for name in likeliest(play):
        roles = play.stage.people[name].roles
        if roles not in seen:
            seen.add(roles)
            yield name


def _fields(play: Play, *, choices: bool) -> dict[str, Any]:
    form = play.stage.form(play.stage.workflow.form)
    if form is None:
        return {}
    filling = Filling(
        tables=play.stage.tables,
        people=likeliest(play),
        day=play.simulation.now.astimezone(play.stage.zone).date(),
        choices=choices,
    )
    values, left = filling.fill(form)
    if left:
        reason = message(
            "the form '{form}' cannot be filled without you ({fields}): open the ticket in a scenario of your own, with --scenario",
            form=form.name,
            fields=list(left),
        )
        raise RehearsalRefused(reason=reason)
    return values


def _begins_anything(play: Play, command: OpenTicket) -> bool:
    """Return whether a clock would run on the ticket, which is not opened yet; it may be refused."""
    found = False
    with suppress(_TakenBack), play.stage.desk.batch():
        receipt: Receipt = play.stage.desk.execute(command)
        query = GetTicket(actor=SYSTEM, ticket=receipt.ticket)
        found = bool(play.stage.desk.ask_as_system(query).clocks)
        raise _TakenBack
    return found


class _TakenBack(Exception):
    """Ends a trial."""


def _refused(refusal: CasewrightError | None) -> RehearsalRefused:
    if isinstance(refusal, RehearsalRefused):
        return refusal
    if refusal is None:
        reason = message("nobody is on the staff who could open a ticket")
    else:
        reason = message("nobody could open a ticket: {why}", why=reason_of(refusal))
    return RehearsalRefused(reason=reason)
