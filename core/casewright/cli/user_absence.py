"""`casewright user absent` and `back`: who is away, and who takes the work meanwhile."""

from collections.abc import Iterator

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.cli.typed import moment
from casewright.cli.user_showing import absence_document, absence_told, person_named
from casewright.clock import SystemClock
from casewright.commands import EndAbsence, HandOver, SetAbsence, new_id
from casewright.errors import CasewrightError, CommandRefused, message
from casewright.model import Absence, Receipt
from casewright.texts import text


def absent(session: Session, given: Given) -> Answer:
    """Note an absence; with --hand-over the open tickets go to the deputy, or else nothing is noted."""
    command = SetAbsence(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        name=given.needed("name"),
        start=moment(session, given, "from"),
        end=moment(session, given, "until"),
        deputy=given.text("deputy"),
    )
    if given.flag("hand_over"):
        receipt, handed = _hand_over(session, command)
    else:
        receipt, handed = session.desk.execute(command), False
    repeated, absence = receipt.repeated, _noted(session, command)
    again = text("This command id had been used for this already; nothing was done again.")
    return Answer(
        document={
            "user": {"name": command.name},
            "absence": absence_document(absence) if absence else None,
            "handed_over": handed,
            "repeated": repeated,
        },
        lines=list(_lines(session, command.name, absence, handed=handed)),
        notes=[session.texts.text(again)] if repeated else [],
    )


def back(session: Session, given: Given) -> Answer:
    """Note that somebody is back."""
    name = given.needed("name")
    command = EndAbsence(
        actor=session.actor, command_id=given.text("id") or new_id(), name=name
    )
    session.desk.execute(command)
    reader = Reader(session)
    said = session.texts.say("{person} is here.", person=reader.person(name))
    return Answer(document={"user": {"name": name}}, lines=[said])


def _noted(session: Session, command: SetAbsence) -> Absence | None:
    person = person_named(session, command.name)
    return person.absence_at(command.start or SystemClock().now())


def _hand_over(session: Session, command: SetAbsence) -> tuple[Receipt, bool]:
    """Note the absence and hand the open tickets over to the deputy, both or neither; say whether there were any."""
    desk, deputy = session.desk, command.deputy
    if deputy is None:
        deputy = person_named(session, command.name).deputy
    if not deputy:
        _done(desk.together([command], trial=True)[0])
        reason = message("nobody stands in who could take the open tickets; name --deputy")
        raise CommandRefused(reason=reason)
    handing = HandOver(
        actor=command.actor,
        command_id=f"{command.command_id}-hand-over",
        handler=command.name,
        to=deputy,
    )
    noted, handed = desk.together([command, handing])
    if isinstance(handed, Receipt):
        receipt = _done(noted)
        return receipt, not receipt.repeated
    # Nothing is open, which is no reason to be at work.
    return (desk.execute(command) if isinstance(noted, Receipt) else _done(noted)), False


def _done(outcome: Receipt | CasewrightError) -> Receipt:
    if isinstance(outcome, CasewrightError):
        raise outcome
    return outcome


def _lines(
    session: Session, name: str, absence: Absence | None, *, handed: bool
) -> Iterator[str]:
    reader, texts = Reader(session), session.texts
    if absence is not None:
        told = absence_told(session, absence)
        yield texts.say("{person} is away {absence}.", person=reader.person(name), absence=told)
        if handed:
            giver, taker = reader.person(name), reader.person(absence.deputy)
            said = text("Every open ticket of {giver} is with {taker} now.")
            yield texts.say(said, giver=giver, taker=taker)
