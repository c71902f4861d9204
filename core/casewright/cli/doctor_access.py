"""What the doctor says of who gets in and of the seals: signing in, the second place of checkpoints, when the last one was made."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from casewright.answers import Checkpoint, CustomerPage
from casewright.cli.doctor_check import Check, problem, warning, well
from casewright.cli.session import Session
from casewright.errors import message
from casewright.model import SYSTEM
from casewright.queries import ListCheckpoints, ListCustomers

OVERDUE = 3
"""A checkpoint is overdue after so many times what lies between two."""


def access_checks(session: Session, now: datetime) -> Iterator[Check]:
    """Yield how people get in here, and how the histories are sealed."""
    desk = session.examined
    customers: CustomerPage = desk.ask_as_system(ListCustomers(actor=SYSTEM, limit=1))
    yield _sign_in(session, bool(customers.customers))
    yield from _doors(session)
    made: Sequence[Checkpoint] = desk.ask_as_system(ListCheckpoints(actor=SYSTEM, limit=1))
    yield from _seals(session, made, now)


def _sign_in(session: Session, customers: bool) -> Check:
    how = session.config.access.sign_in
    if how != "trusted":
        return well("sign_in", message("people sign in: {how}", how=how))
    if customers:
        said = message(
            'whoever opens this workspace says who they are, and customers are in it: write sign_in = "password" '
            "under [access] in casewright.toml"
        )
        return problem("sign_in", said)
    said = message(
        'whoever opens this workspace says who they are ([access] sign_in = "trusted"): for trying things out only'
    )
    return warning("sign_in", said)


def _doors(session: Session) -> Iterator[Check]:
    """Yield by what key SSH clients know the door, once there is one; people compare it when they first come in."""
    from casewright.server.host_key import host_fingerprint

    if fingerprint := host_fingerprint(session.config):
        said = message("the SSH door's host key is {fingerprint}", fingerprint=fingerprint)
        yield well("ssh", said)


def _seals(session: Session, made: Sequence[Checkpoint], now: datetime) -> Iterator[Check]:
    audit = session.config.audit
    if not audit.second_place:
        said = message(
            "checkpoints are kept on this disk alone, where whoever may write can change both: name a folder elsewhere as "
            "second_place under [audit] in casewright.toml"
        )
        yield warning("checkpoints", said)
    if not made:
        none = message(
            "no checkpoint was made yet: `casewright audit checkpoint`, or let the worker run"
        )
        yield warning("checkpoints", none)
        return
    last, often = made[0].at, timedelta(minutes=audit.every_minutes)
    if now - last > OVERDUE * often:
        late = message(
            "the last checkpoint is of {last}; what happened since can be changed unseen: run the worker, or "
            "`casewright audit checkpoint`",
            last=last,
        )
        yield warning("checkpoints", late)
    elif audit.second_place:
        yield well("checkpoints", message("the last checkpoint is of {last}", last=last))
