"""What happens to a ticket of the demonstration's living centre, step by step: before each it is said who takes it."""

from collections.abc import Generator
from dataclasses import field
from typing import Any

from casewright.bilingual import Bilingual
from casewright.commands import CastVote, Command, FireTransition, OpenTicket, RecordContact
from casewright.desk import Desk
from casewright.model import Receipt
from casewright.swift_dataclass import dataclass

Life = Generator[str, None, None]
"""Yields who is to act next, and acts when it is gone on with."""
LEADER, CALLER = "liang_chen", "xie_fang"


@dataclass(slots=True, kw_only=True)
class Centre:
    """The desk at which the people of the centre work, and the language in which they write."""

    desk: Desk
    lang: str
    tickets: list[str] = field(default_factory=list)

    def words(self, en: str, zh: str) -> str:
        """Return the words of the centre's language."""
        return Bilingual(en=en, zh=zh).of(self.lang)

    def does(self, command: Command) -> Receipt:
        """Carry out a command of somebody."""
        return self.desk.execute(command)

    def opens(self, who: str, workflow: str, customer: str, **fields: Any) -> str:
        """Open a ticket for a customer who has called; return its key."""
        opening = OpenTicket(
            actor=who, workflow=workflow, customer=customer, channel="call", fields=fields
        )
        key = self.does(opening).ticket
        self.tickets.append(key)
        return key

    def fires(self, who: str, ticket: str, transition: str, **form: Any) -> Receipt:
        """Take a ticket on."""
        firing = FireTransition(actor=who, ticket=ticket, transition=transition, form=form)
        return self.does(firing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a customer calls about: for whom, in which words, and whom it is for."""

    customer: str
    subject: Bilingual
    agent: str
    handler: str
    category: str
    department: str
    worker: str
    product: str


def inquiry(centre: Centre, matter: Matter) -> Life:
    """A question, answered by whoever took it."""
    subject = matter.subject.of(centre.lang)
    yield matter.agent
    key = centre.opens(
        matter.agent, "inquiry", matter.customer, subject=subject, question=subject
    )
    yield matter.agent
    answer = centre.words("Explained on the phone.", "已电话解答。")
    centre.fires(
        matter.agent, key, "answer", answer_text=answer, category=matter.category, solved=True
    )


def service_request(centre: Centre, matter: Matter) -> Life:
    """Something to be done for a customer: identity, an order to a department, and word to the customer."""
    subject, clerk = matter.subject.of(centre.lang), matter.handler
    yield matter.agent
    key = centre.opens(
        matter.agent,
        "service_request",
        matter.customer,
        subject=subject,
        description=subject,
        service="move",
        product=matter.product,
        new_address=centre.words("12 Lakeside Road, flat 501", "湖滨路 12 号 501 室"),
    )
    yield matter.agent
    centre.fires(
        matter.agent,
        key,
        "verify_identity",
        identity_method="sms_code",
        identity_verified=True,
    )
    yield clerk
    centre.fires(clerk, key, "accept")
    yield clerk
    order = _dispatched(centre, matter, key, kind="installation")
    yield from _worked(centre, matter, order)
    yield clerk
    plan = centre.words("Moved by the field service.", "装维已上门移机。")
    centre.fires(clerk, key, "submit", plan=plan, amount=0)
    yield clerk
    centre.fires(
        clerk, key, "done", carried_out=centre.words("The line works.", "新址已开通。")
    )
    yield matter.agent
    centre.fires(
        matter.agent, key, "told", told_by="phone", solved=True, category=matter.category
    )


def complaint(centre: Centre, matter: Matter) -> Life:
    """A claim: accepted, investigated by orders, a remedy that is approved, an answer, a callback."""
    subject, handler = matter.subject.of(centre.lang), matter.handler
    yield matter.agent
    key = centre.opens(
        matter.agent,
        "complaint",
        matter.customer,
        subject=subject,
        description=subject,
        demand=centre.words("Repair, and an explanation.", "尽快处理并给出说法。"),
        product=matter.product,
        department=matter.department,
    )
    yield handler
    centre.fires(handler, key, "accept", category=matter.category, severity="serious")
    yield handler
    centre.does(
        RecordContact(actor=handler, ticket=key, kind="attempt", channel="call", reached=True)
    )
    yield handler
    order = _dispatched(centre, matter, key, kind="investigation")
    yield from _worked(centre, matter, order)
    yield handler
    found = centre.words("The appointment was not passed on.", "预约信息未传达。")
    centre.fires(handler, key, "conclude", findings=found, complaint_true="true_in_full")
    yield from _remedied(centre, matter, key)


def _remedied(centre: Centre, matter: Matter, key: str) -> Life:
    yield matter.handler
    centre.fires(
        matter.handler,
        key,
        "submit",
        liability="full",
        liable_department=matter.department,
        cause="staff_error",
        remedies=["apology", "compensation"],
        amount=200,
        remedy_text=centre.words("We apologise, and credit 200 CNY.", "致歉，并补偿 200 元。"),
    )
    yield LEADER
    centre.does(CastVote(actor=LEADER, ticket=key, grant=True))
    yield matter.handler
    centre.fires(matter.handler, key, "agreed", answered_by="phone")
    yield matter.handler
    paid = centre.words("200 CNY credited.", "200 元已到账。")
    centre.fires(matter.handler, key, "done", carried_out=paid, voucher="V-20261122-01")
    yield CALLER
    centre.fires(CALLER, key, "satisfied", solved=True, satisfaction="satisfied")


def _dispatched(centre: Centre, matter: Matter, key: str, *, kind: str) -> str:
    sent = centre.fires(
        matter.handler,
        key,
        "dispatch",
        lead_department=matter.department,
        order_kind=kind,
        instructions=centre.words("Please look into it on site.", "请上门核实处理。"),
    )
    centre.tickets += sent.opened
    return sent.opened[0]


def _worked(centre: Centre, matter: Matter, order: str) -> Life:
    yield matter.worker
    centre.fires(matter.worker, order, "sign")
    yield matter.worker
    centre.fires(
        matter.worker,
        order,
        "complete",
        result=centre.words("Repaired and tested.", "已修复并测试正常。"),
        solved=True,
        order_cause="none_found",
        category=matter.category,
    )
    yield matter.handler
    centre.fires(matter.handler, order, "pass")
