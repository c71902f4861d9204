"""What else can be done with a ticket: its fields, links, level, supervision, deadlines, its end and its coming back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.commands import (
    AnswerSupervision,
    AskExtension,
    Command,
    DecideExtension,
    EditFields,
    EscalateLevel,
    LinkTickets,
    MergeTickets,
    ReopenTicket,
    SuperviseTicket,
    WithdrawTicket,
)
from casewright.errors import message
from casewright.forms.spec import Form
from casewright.model import Ticket
from casewright.workflows.spec import Workflow
from casewright_tui.errands import asking
from casewright_tui.errands.contacts import identity_checked
from casewright_tui.errands.errand import REASON, Errand, Values
from casewright_tui.errands.ticket_errand import errand

SUPERVISION = "supervision"
_SUPERVISED = message("the supervision order is issued")


def supervise(tickets: Sequence[str], myself: Myself) -> Errand:
    """Return the errand that issues a supervision order."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        due = values.get("due")
        at = datetime.fromisoformat(due) if due else None
        return [SuperviseTicket(actor=me, ticket=key, reason=values["reason"], answer_due=at)]

    return errand(
        "supervise", "Supervise", "督办", say,
        asking.reason(),
        asking.asked("due", "Answer by", "答复期限", format="date-time", help=Bilingual(
            en="Empty: within one working day.", zh="留空为一个工作日内。"
        )),
        tickets=tickets, group="ticket", done=_SUPERVISED, ahead=("due",),
    )  # fmt: skip


def escalate(tickets: Sequence[str], myself: Myself) -> Errand:
    """Return the errand that goes to the next level."""
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [EscalateLevel(actor=me, ticket=key, reason=values["reason"])]

    return errand(
        "escalate", "Escalate", "升级处理", say, asking.reason(),
        tickets=tickets, group="ticket", done=message("the next level is told"),
    )  # fmt: skip


def of_open(
    ticket: Ticket, workflow: Workflow, form: Form | None, myself: Myself
) -> list[Errand]:
    """Return what can be done with an open ticket."""
    found: list[Errand] = []
    if asking.may(myself, "ticket.edit") and form is not None:
        found.append(_edit(ticket, form, myself))
    if asking.may(myself, "ticket.comment"):
        found += [*_extensions(ticket, workflow, myself), *_answer(ticket, myself)]
    if asking.may(myself, "ticket.escalate") and workflow.levels is not None:
        found.append(escalate([ticket.key], myself))
    if asking.may(myself, "ticket.supervise"):
        found.append(supervise([ticket.key], myself))
    if asking.may(myself, "ticket.link"):
        found.append(_link(ticket, myself))
    if asking.may(myself, "ticket.merge"):
        found.append(_merge(ticket, myself))
    if asking.may(myself, "ticket.withdraw"):
        found.append(_withdraw(ticket, myself))
    return found


def of_closed(
    ticket: Ticket, workflow: Workflow, form: Form | None, myself: Myself
) -> list[Errand]:
    """Return what can be done with a closed ticket."""
    found: list[Errand] = []
    if asking.may(myself, "ticket.reopen") and workflow.reopen.policy != "never":
        found.append(_reopen(ticket, workflow, form, myself))
    if asking.may(myself, "ticket.link"):
        found.append(_link(ticket, myself))
    return found


def _edit(ticket: Ticket, form: Form, myself: Myself) -> Errand:
    me = myself.person.name
    before = {name: one for name, one in ticket.fields.items() if name in form.fields}
    known = {name: one for name, one in before.items() if not form.fields[name].personal}

    def make(values: Values) -> Sequence[Command]:
        """Say only what is another than before; a personal field is left as it is unless it was filled in."""
        changed = {name: one for name, one in values.items() if known.get(name) != one}
        emptied = {name: None for name in known if name not in values}
        return [
            EditFields(
                actor=me,
                ticket=ticket.key,
                fields={**changed, **emptied},
                version=ticket.version,
            )
        ]

    title = Bilingual(en="Edit fields", zh="修改字段")
    return Errand(
        name="edit", title=title, form=_partial(form, before), make=make, about=f"edit:{ticket.key}",
        tickets=(ticket.key,), initial=known, group="ticket",
        done=lambda receipts: message("the fields are changed"),
    )  # fmt: skip


def _partial(form: Form, before: Values) -> Form:
    """Return a form in which a personal field that is filled already may be left empty: it stays as it is."""
    masked = {name for name, field in form.fields.items() if field.personal and name in before}
    return asking.without_required(form, masked)


def _extensions(ticket: Ticket, workflow: Workflow, myself: Myself) -> list[Errand]:
    found = []
    for name, clock in ticket.clocks.items():
        promise = workflow.promises.get(name)
        if promise is None or not promise.extensions or not clock.open:
            continue
        if clock.request is None:
            found.append(_ask_extension(ticket, name, promise.title, myself))
        elif clock.request.asked_by != myself.person.name:
            found.append(_decide_extension(ticket, name, promise.title, myself))
    return found


def _ask_extension(ticket: Ticket, promise: str, title: Bilingual, myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        until = datetime.fromisoformat(values["until"])
        return [
            AskExtension(actor=me, ticket=key, promise=promise, until=until, reason=values["reason"])
        ]  # fmt: skip

    return errand(
        f"extend:{promise}", f"Ask for more time: {title.en}", f"申请延期：{title.zh}", say,
        asking.asked("until", "Until", "延至", required=True, format="date-time"),
        asking.reason(),
        tickets=[ticket.key], group="ticket", done=message("the extension is asked for"), ahead=("until",),
    )  # fmt: skip


def _decide_extension(ticket: Ticket, promise: str, title: Bilingual, myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [
            DecideExtension(
                actor=me, ticket=key, promise=promise, grant=values["grant"],
                reason=values.get(REASON, ""),
            )
        ]  # fmt: skip

    return errand(
        f"decide:{promise}", f"Decide on more time: {title.en}", f"审批延期：{title.zh}", say,
        asking.asked("grant", "Granted", "是否同意", kind="boolean", required=True),
        asking.reason(required=False),
        tickets=[ticket.key], group="ticket", done=message("the extension is decided"),
    )  # fmt: skip


def _answer(ticket: Ticket, myself: Myself) -> list[Errand]:
    clock = ticket.clocks.get(SUPERVISION)
    if clock is None or not clock.open:
        return []
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [AnswerSupervision(actor=me, ticket=key, text=values["text"])]

    return [
        errand(
            "answer", "Answer the supervision order", "督办回复", say,
            asking.long_text("text", "Answer", "回复内容"),
            tickets=[ticket.key], group="ticket", done=message("the supervision order is answered"),
        )
    ]  # fmt: skip


def _link(ticket: Ticket, myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [LinkTickets(actor=me, ticket=key, other=values["other"].upper())]

    return errand(
        "link", "Link", "关联工单", say,
        asking.asked("other", "Other ticket", "关联单号", required=True),
        tickets=[ticket.key], group="others", done=message("the tickets are linked"),
    )  # fmt: skip


def _merge(ticket: Ticket, myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        into, reason = values["into"].upper(), values.get("reason", "")
        return [MergeTickets(actor=me, ticket=key, into=into, reason=reason)]

    return errand(
        "merge", "Merge into another", "并案", say,
        asking.asked("into", "Into which", "并入单号", required=True),
        asking.reason(required=False),
        tickets=[ticket.key], group="others", done=message("it is merged"),
    )  # fmt: skip


def _withdraw(ticket: Ticket, myself: Myself) -> Errand:
    me = myself.person.name

    def say(key: str, values: Values) -> Sequence[Command]:
        return [
            WithdrawTicket(
                actor=me, ticket=key, reason=values["reason"],
                identity_checked=values["identity_checked"],
            )
        ]  # fmt: skip

    return errand(
        "withdraw", "Withdraw", "撤诉", say, identity_checked(), asking.reason(),
        tickets=[ticket.key], group="others", done=message("it is withdrawn"),
    )  # fmt: skip


def _reopen(ticket: Ticket, workflow: Workflow, form: Form | None, myself: Myself) -> Errand:
    me, needs = myself.person.name, workflow.reopen.needs
    fields = [] if form is None else [form.fields[one] for one in needs if one in form.fields]

    def say(key: str, values: Values) -> Sequence[Command]:
        given: Mapping[str, object] = {
            one.name: values[one.name] for one in fields if one.name in values
        }
        return [ReopenTicket(actor=me, ticket=key, reason=values.get(REASON, ""), fields=given)]

    return errand(
        "reopen", "Reopen", "重新打开", say,
        asking.reason(required=REASON in needs), *asking.all_required(fields),
        tickets=[ticket.key], group="ticket", done=message("the matter is open again"),
    )  # fmt: skip
