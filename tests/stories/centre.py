"""The contact centre as stories see it: its desk, its clock, and short words for what people do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casewright.clock import SetClock
from casewright.commands import (
    CastVote,
    FireTransition,
    MergeTickets,
    OpenTicket,
    RecordContact,
    ReopenTicket,
    WithdrawTicket,
)
from casewright.desk import Desk
from casewright.model import Event, Receipt, Ticket
from casewright.queries import GetActions, GetHistory, GetTicket, ListTickets, VerifyAudit

READER = "long_teng"
"""The auditor, who may read everything and verify it."""

BROKEN_LINE = {
    "subject": "宽带断网三天",
    "description": "断网三天，报修后一直没有人上门。",
    "demand": "尽快修复并减免费用",
    "department": "network_operations",
    "category": "broadband_fault_no_connection",
    "customer_name": "王女士",
    "customer_phone": "13800000000",
}
ACCEPTANCE = {"category": "broadband_fault_no_connection", "severity": "serious"}
DISPATCH = {
    "lead_department": "network_operations",
    "order_kind": "investigation",
    "instructions": "请核实断网原因并回复。",
}
FINDINGS = {"findings": "光缆中断，维修延误。", "complaint_true": "true_in_full"}
CLOSING = {"solved": False, "closing_note": "多次联系未果，予以结案。"}
CALLBACK = {"solved": True, "satisfaction": "satisfied"}
UNSOLVED = {"solved": False, "satisfaction": "fair", "unsolved_reason": "仍然断网"}
COMPLETION = {"result": "光缆已修复", "solved": True, "order_cause": "network"}


def remedy(amount: float) -> dict[str, Any]:
    return {
        "liability": "full",
        "liable_department": "network_operations",
        "cause": "network",
        "remedies": ["compensation"],
        "amount": amount,
        "remedy_text": "减免一个月费用。",
    }


@dataclass(frozen=True)
class Centre:
    """A desk, the clock that it goes by, and the people's short words."""

    desk: Desk
    clock: SetClock

    def open(self, actor: str, workflow: str, fields: Mapping[str, Any], **more: Any) -> str:
        command = OpenTicket(actor=actor, workflow=workflow, fields=fields, **more)
        return self.desk.execute(command).ticket

    def fire(
        self,
        actor: str,
        ticket: str,
        transition: str,
        form: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Receipt:
        command = FireTransition(
            actor=actor, ticket=ticket, transition=transition, form=form or {}, **more
        )
        return self.desk.execute(command)

    def clock_fires(self, ticket: str, transition: str) -> Receipt:
        command = FireTransition(actor="system", ticket=ticket, transition=transition)
        return self.desk.execute_as_system(command)

    def grant(self, actor: str, ticket: str) -> Receipt:
        return self.desk.execute(CastVote(actor=actor, ticket=ticket, grant=True))

    def refuse(self, actor: str, ticket: str, reason: str = "证据不足") -> Receipt:
        command = CastVote(actor=actor, ticket=ticket, grant=False, reason=reason)
        return self.desk.execute(command)

    def contact(self, actor: str, ticket: str, kind: str, **more: Any) -> Receipt:
        command = RecordContact(actor=actor, ticket=ticket, kind=kind, **more)
        return self.desk.execute(command)

    def try_in_vain(self, actor: str, ticket: str) -> None:
        """Three calls on two days and a message, as `attempts` asks for."""
        self.contact(actor, ticket, "attempt")
        self.contact(actor, ticket, "attempt")
        self.contact(actor, ticket, "attempt", channel="sms")
        self.wait(days=1)
        self.contact(actor, ticket, "attempt")

    def withdraw(self, actor: str, ticket: str) -> Receipt:
        command = WithdrawTicket(
            actor=actor, ticket=ticket, reason="客户撤诉", identity_checked=True
        )
        return self.desk.execute(command)

    def merge(self, actor: str, ticket: str, into: str) -> Receipt:
        command = MergeTickets(actor=actor, ticket=ticket, into=into, reason="同一事由")
        return self.desk.execute(command)

    def reopen(self, actor: str, ticket: str, **fields: Any) -> Receipt:
        command = ReopenTicket(actor=actor, ticket=ticket, reason="同一事由", fields=fields)
        return self.desk.execute(command)

    def wait(self, **duration: float) -> datetime:
        self.clock.advance(timedelta(**duration))
        return self.clock.now()

    def ticket(self, key: str) -> Ticket:
        found: Ticket = self.desk.ask(GetTicket(actor=READER, ticket=key))
        return found

    def history(self, key: str) -> tuple[Event, ...]:
        found: tuple[Event, ...] = self.desk.ask(GetHistory(actor=READER, ticket=key))
        return found

    def told(self, key: str) -> set[str]:
        """Whom the last event of a ticket told."""
        return set(self.history(key)[-1].facts.get("told", ()))

    def tickets(self, **filters: Any) -> Sequence[Ticket]:
        found = self.desk.ask(ListTickets(actor=READER, limit=1000, **filters)).tickets
        return tuple(reversed(found))

    def ways(self, actor: str, key: str) -> set[str]:
        """What `actor` may do with a ticket now."""
        offers = self.desk.ask(GetActions(actor=actor, ticket=key))
        return {offer.name for offer in offers if offer.blocked is None}

    def is_whole(self) -> bool:
        whole: bool = self.desk.ask(VerifyAudit(actor=READER)).ok
        return whole

    def work_off(self, order: str, handler: str = "lin_tao") -> None:
        """A department signs for a work order and answers it; the dispatcher passes it."""
        self.fire(handler, order, "sign")
        self.fire(handler, order, "complete", COMPLETION)
        self.fire("zhu_yan", order, "pass")
