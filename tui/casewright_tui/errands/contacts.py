"""What is recorded of talks with the customer: notes, queries, supplements, chases, attempts, replies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casewright.answers import Myself, ReplyTemplate
from casewright.bilingual import Bilingual
from casewright.commands import AddComment, Command, RecordContact, RemindMe, ReplyToCustomer
from casewright.errors import Message, message
from casewright.forms.spec import Field
from casewright.queries import ListTemplates, PreviewReply, Query
from casewright_tui.errands import asking
from casewright_tui.errands.errand import IDENTITY_CHECKED, TEMPLATE, Errand, Offer, Values
from casewright_tui.errands.ticket_errand import errand
from casewright_tui.pure.field_kind import Choice, Choices

CHANNELS = {
    "call": Bilingual(en="Call", zh="电话"),
    "sms": Bilingual(en="SMS", zh="短信"),
    "email": Bilingual(en="E-mail", zh="邮件"),
}
_RECORDED = message("the contact is recorded")


def note(tickets: Sequence[str], myself: Myself) -> Errand:
    """Return the errand that writes a comment."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        internal = not values.get("public")
        return [AddComment(actor=me, ticket=key, text=values["text"], internal=internal)]

    return errand(
        "note", "Note", "备注", say,
        asking.long_text("text", "Note", "备注内容"),
        asking.asked("public", "The customer may see it", "对客户可见", kind="boolean"),
        tickets=tickets, group="contact", done=message("the note is kept"), says=_who_reads,
    )  # fmt: skip


def _who_reads(values: Values) -> Sequence[Message]:
    staff = message("Colleagues who may see the ticket can read the note.")
    customer = (
        message("The customer can read it on their status page.")
        if values.get("public")
        else message("The customer does not see it.")
    )
    return staff, customer, message("Nobody is told of it.")


def all_of(tickets: Sequence[str], myself: Myself) -> list[Errand]:
    """Return the contacts that somebody may record."""
    found = []
    if asking.may(myself, "ticket.contact"):
        found += [
            _query(tickets, myself),
            _told(tickets, myself, "supplement", "Supplement", "补充"),
            _told(tickets, myself, "chase", "Chase", "催办"),
            _attempt(tickets, myself),
        ]
    if asking.may(myself, "ticket.reply") and len(tickets) == 1:
        found.append(_reply(tickets[0], myself))
    return found


def _query(tickets: Sequence[str], myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        said = values.get("text", "")
        return [
            RecordContact(
                actor=me, ticket=key, kind="query", text=said, channel=values["channel"]
            )
        ]

    return errand(
        "query", "Query by the customer", "客户查询", say,
        asking.asked("text", "What was asked", "查询内容"), _channel(),
        tickets=tickets, group="contact", done=_RECORDED,
    )  # fmt: skip


def _told(tickets: Sequence[str], myself: Myself, kind: str, en: str, zh: str) -> Errand:
    """Return what only a customer whose identity was checked may say."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [
            RecordContact(
                actor=me, ticket=key, kind=kind, text=values.get("text", ""),
                channel=values["channel"], identity_checked=values["identity_checked"],
            )
        ]  # fmt: skip

    return errand(
        kind, en, zh, say,
        identity_checked(),
        asking.asked("text", "What the customer said", "客户原话", required=kind == "supplement"),
        _channel(),
        tickets=tickets, group="contact", done=_RECORDED,
    )  # fmt: skip


def _attempt(tickets: Sequence[str], myself: Myself) -> Errand:
    me, reminds = myself.person.name, asking.may(myself, "ticket.remind")

    def say(key: str, values: Values) -> Sequence[Command]:
        reached, said = bool(values.get("reached")), values.get("text", "")
        commands: list[Command] = [
            RecordContact(
                actor=me, ticket=key, kind="attempt", text=said, channel=values["channel"], reached=reached
            )
        ]  # fmt: skip
        if values.get("again"):
            at = datetime.fromisoformat(values["again"])
            commands.append(RemindMe(actor=me, ticket=key, at=at, text=said))
        return commands

    again = asking.asked("again", "Remind me", "预约提醒", format="date-time")
    return errand(
        "attempt", "Attempt to reach the customer", "联系客户", say,
        *([again] if reminds else []),
        asking.asked("reached", "Reached", "已接通", kind="boolean"),
        asking.asked("text", "What was said", "沟通内容"), _channel(),
        tickets=tickets, group="contact", done=_RECORDED, ahead=("again",),
    )  # fmt: skip


def _reply(ticket: str, myself: Myself) -> Errand:
    me = myself.person.name

    def said(values: Values) -> dict[str, Any]:
        names = ("text", TEMPLATE, "via", "subject")
        return {name: values[name] for name in names if values.get(name)}

    def say(key: str, values: Values) -> Sequence[Command]:
        return [ReplyToCustomer(actor=me, ticket=key, **said(values))]

    def preview(values: Values) -> Query:
        return PreviewReply(actor=me, ticket=ticket, **said(values))

    return errand(
        "reply", "Reply to the customer", "回复客户", say,
        asking.long_text("text", "Text", "回复内容", required=False),
        asking.asked(TEMPLATE, "Template", "模板", help=Bilingual(
            en="The text stands in it.", zh="正文嵌入其中。"
        )),
        asking.asked("subject", "Subject of a mail", "邮件主题"),
        asking.asked("via", "Channel", "渠道", help=Bilingual(
            en="Empty: the way the customer came by.", zh="留空则按客户来时的渠道。"
        )),
        tickets=[ticket], group="contact", preview=preview, done=message("the reply is on its way"),
        offers={TEMPLATE: Offer(ask=ListTemplates(actor=me), choices=_templates)},
    )  # fmt: skip


def _templates(found: Sequence[ReplyTemplate], now: datetime) -> Choices:
    """Return the templates to choose from, those first that have a place for one's own words."""
    return [
        Choice(value=one.name, label=one.title, aside=Bilingual(en=one.name, zh=one.name))
        for one in sorted(found, key=lambda one: not one.takes_text)
    ]


def identity_checked() -> Field:
    """Return the field that says that the caller's identity was checked."""
    return asking.asked(
        IDENTITY_CHECKED, "Identity checked", "已核验身份", kind="boolean", required=True
    )


def _channel() -> Field:
    return asking.asked(
        "channel", "Channel", "渠道", choices=CHANNELS, required=True, default="call"
    )
