"""`casewright route next`, `choice`, `available` and `busy`."""

from casewright import Answer, Command, Given, Receipt, Session
from casewright_routing.commands import (
    RememberChoice,
    SetAvailability,
    SetAvailabilityOf,
    TakeNext,
)


def take_next(session: Session, given: Given) -> Answer:
    """Take the next ticket and answer with it."""
    receipt: Receipt = session.desk.execute(TakeNext(actor=session.actor, **_again(given)))
    answer = dict(receipt.answer or {})
    said = session.texts.say("{ticket} is yours.", ticket=answer["ticket"])
    return Answer(document=answer | {"repeated": receipt.repeated}, lines=[said])


def remember(session: Session, given: Given) -> Answer:
    """Remember what a caller chose."""
    command = RememberChoice(
        actor=session.actor,
        number=given.needed("number"),
        brand=given.text("brand") or "",
        language=given.text("language") or "",
        **_again(given),
    )
    return _done(session, command, session.texts.text("It is remembered with the number."))


def available(session: Session, given: Given) -> Answer:
    """Say that somebody takes tickets."""
    return _available(session, given, "")


def busy(session: Session, given: Given) -> Answer:
    """Say that somebody is busy."""
    return _available(session, given, " ".join(given.all("reason")))


def _available(session: Session, given: Given, reason: str) -> Answer:
    agent = given.text("agent")
    if agent is None:
        own = SetAvailability(
            actor=session.actor, available=not reason, reason=reason, **_again(given)
        )
        return _done(session, own, _said(session, session.actor, reason))
    other = SetAvailabilityOf(
        actor=session.actor, name=agent, available=not reason, reason=reason, **_again(given)
    )
    return _done(session, other, _said(session, agent, reason))


def _said(session: Session, agent: str, reason: str) -> str:
    if reason:
        return session.texts.say("{agent} is busy: {reason}", agent=agent, reason=reason)
    return session.texts.say("{agent} takes tickets.", agent=agent)


def _done(session: Session, command: Command, said: str) -> Answer:
    receipt = session.desk.execute(command)
    return Answer(document={"repeated": receipt.repeated}, lines=[said])


def _again(given: Given) -> dict[str, str]:
    identity = given.text("id")
    return {} if identity is None else {"command_id": identity}
