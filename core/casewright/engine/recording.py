"""Side commands: what is recorded on a ticket without moving it to another state."""

from dataclasses import replace

from casewright.bilingual import Bilingual
from casewright.commands import (
    CONTACT_KINDS,
    AddComment,
    AnswerSupervision,
    AssignTicket,
    AttachFile,
    EditFields,
    EscalateLevel,
    HandOver,
    LinkTickets,
    RecordContact,
    RemindMe,
    SuperviseTicket,
    WatchTicket,
)
from casewright.engine import (
    entering,
    entries,
    parties,
    plugged,
    relating,
    supervising,
    telling,
)
from casewright.engine.draft import Draft, Work
from casewright.engine.moving import expect
from casewright.errors import (
    AssignmentRefused,
    CommandRefused,
    FormRefused,
    IdentityUnchecked,
    NotFound,
    NothingChanges,
    TicketRefused,
    message,
)
from casewright.model import Ballot, Person, Ticket, Tried
from casewright.nearest import hint
from casewright.queries import GetTicket
from casewright.timekeeping import FollowUp
from casewright.workflows.spec import State

HANDLER = telling.relation("handler")
OWNER = telling.relation("owner")
MONITOR = telling.role("monitor")
LEVEL = telling.relation("level")

CONTACT = "ContactRecorded"
"""The event of a contact, under which it is found among its customer's as well."""
UNDER_WAY = Bilingual(en="Being handled", zh="办理中")
FINISHED = Bilingual(en="Finished", zh="已办结")


def assign(work: Work, command: AssignTicket) -> None:
    """Make somebody the handler, or nobody."""
    draft = work.draft(command.ticket, "TicketAssigned")
    must_be_open(draft.ticket)
    expect(draft.ticket, command.version)
    if draft.ticket.handler == command.handler:
        raise NothingChanges(
            ticket=command.ticket, reason=message("the handler stays the same")
        )
    _assign(work, draft, command.handler, command.reason)


def hand_over(work: Work, command: HandOver) -> None:
    """Hand over every open ticket that somebody handles; one that the actor may not see stays, and is not spoken of."""
    if command.to == command.handler:
        raise CommandRefused(reason=message("a shift is handed over to somebody else"))
    for name in (command.handler, command.to):
        if work.situation.people.get(name) is None:
            raise NotFound(kind=message("person"), name=name, hint=message(""))
    handled = work.situation.tickets.handled_by(command.handler)
    tickets = [one for one in handled if work.situation.sees(one.key)]
    if not tickets:
        raise CommandRefused(
            reason=message("{person} handles no open ticket", person=command.handler)
        )
    for ticket in tickets:
        draft = work.draft(ticket.key, "TicketAssigned")
        draft.facts["handed_over"] = True
        _assign(work, draft, command.to, command.reason)


def _assign(work: Work, draft: Draft, name: str | None, reason: str) -> None:
    if name is not None:
        person = work.situation.people.get(name)
        refusal = None
        if person is None or not person.active:
            refusal = message("there is no such person on the staff")
        elif not _may_read(work, person):
            refusal = message("none of the person's roles permits it")
        elif parties.excluded(name, draft, work.situation):
            refusal = message("the rules of avoidance keep them out")
        if refusal is not None:
            raise AssignmentRefused(ticket=draft.ticket.key, person=name, reason=refusal)
        assert person is not None, "nobody unknown gets here"
        plugged.must_be_assignable(work, draft, person)
    entries.hand_to(draft, name)
    if reason:
        draft.private["reason"] = reason
    telling.tell(work, draft, (HANDLER,), reason="assigned")


def _may_read(work: Work, person: Person) -> bool:
    roles = (work.situation.roles.get(role) for role in person.roles)
    return any(role is not None and role.allows(GetTicket.permission) for role in roles)


def edit(work: Work, command: EditFields) -> None:
    """Change fields of the ticket's own form; the priority follows."""
    draft = work.draft(command.ticket, "FieldsEdited")
    must_be_open(draft.ticket)
    expect(draft.ticket, command.version)
    form = draft.compiled.workflow.form
    known = draft.compiled.forms[form].fields if form is not None else {}
    for name in command.fields:
        if name not in known:
            fault = message("unknown field '{field}'{hint}", field=name, hint=hint(name, known))
            title = draft.compiled.forms[form].title if form else draft.compiled.workflow.title
            raise FormRefused(
                form=form or draft.ticket.workflow,
                summary=fault,
                faults=((name, fault),),
                form_title=title,
            )
    draft.fill(command.fields)
    if not draft.private:
        raise NothingChanges(ticket=command.ticket, reason=message("the fields stay the same"))
    kept = {name: value for name, value in draft.ticket.fields.items() if name in known}
    entries.check(draft.compiled, form, kept, work.situation)
    entries.set_priority(draft, work.situation)
    _begin_approval_anew(work, draft)


def _begin_approval_anew(work: Work, draft: Draft) -> None:
    """Whoever agreed had agreed to something else: the approval that is open starts at its first step."""
    if draft.ticket.ballot.step:
        state = draft.compiled.workflow.states[draft.ticket.state]
        step = entering.next_step(work, draft, state, after=0)
        draft.change(ballot=Ballot(step=step.number if step else draft.ticket.ballot.step))


def comment(work: Work, command: AddComment) -> None:
    """Write a comment."""
    if not command.text.strip():
        raise CommandRefused(reason=message("a comment needs a text"))
    draft = work.draft(command.ticket, "CommentAdded")
    draft.facts["internal"] = command.internal
    draft.private["comment"] = command.text


def attach(work: Work, command: AttachFile) -> None:
    """Attach a file by its digest."""
    draft = work.draft(command.ticket, "FileAttached")
    draft.change(attachments=draft.ticket.attachments + 1)
    draft.facts["size"] = command.size
    draft.private.update(file=command.filename, content=command.digest)


def watch(work: Work, command: WatchTicket) -> None:
    """Begin or stop watching."""
    draft = work.draft(command.ticket, "WatchersChanged")
    name, watchers = command.actor, draft.ticket.watchers
    if (name in watchers) == command.watching:
        already = message("{actor} watches it already", actor=name)
        reason = (
            already if command.watching else message("{actor} does not watch it", actor=name)
        )
        raise NothingChanges(ticket=command.ticket, reason=reason)
    kept = tuple(one for one in watchers if one != name)
    draft.change(watchers=(*watchers, name) if command.watching else kept)


def link(work: Work, command: LinkTickets) -> None:
    """Link two tickets."""
    entries.must_be_a_word(command.role)
    draft = work.draft(command.ticket, "TicketLinked")
    if not relating.link(work, draft, command.other, command.role):
        reason = message("it is linked with {other} already", other=command.other)
        raise NothingChanges(ticket=command.ticket, reason=reason)


def contact(work: Work, command: RecordContact) -> None:
    """Record a contact: a query is answered, a chase is passed on, an attempt is counted."""
    if command.kind not in CONTACT_KINDS:
        names = list(CONTACT_KINDS)
        raise CommandRefused(reason=message("a contact is one of: {names}", names=names))
    entries.must_be_a_word(command.channel)
    draft = work.draft(command.ticket, CONTACT)
    ticket = draft.ticket
    if command.kind != "query":
        must_be_open(ticket)
    if command.kind in ("supplement", "chase") and not command.identity_checked:
        raise IdentityUnchecked(ticket=ticket.key)
    count = ticket.contacts.get(command.kind, 0) + 1
    draft.change(contacts={**ticket.contacts, command.kind: count})
    draft.facts.update(contact=command.kind, channel=command.channel)
    if command.text:
        draft.private["text"] = command.text
    if command.kind == "query":
        answer = status_words(draft)
        draft.facts["answer"] = {"en": answer.en, "zh": answer.zh}
    elif command.kind == "attempt":
        _count_attempt(work, draft, command)
    else:
        nearest = HANDLER if ticket.handler is not None else OWNER
        who = (
            (HANDLER, OWNER, MONITOR) if command.kind == "chase" and count >= 2 else (nearest,)
        )
        telling.tell(work, draft, who, reason=command.kind)


def status_words(draft: Draft) -> Bilingual:
    """Return what the customer is told about where the ticket stands."""
    return words_for_customer(draft.compiled.workflow.states[draft.ticket.state])


def words_for_customer(state: State) -> Bilingual:
    """Return what a customer is told of a state, whose own title is for the inside."""
    return state.customer_title or (FINISHED if state.final else UNDER_WAY)


def _count_attempt(work: Work, draft: Draft, command: RecordContact) -> None:
    tried, day = draft.ticket.tried, work.now.date().isoformat()
    days = tried.days if day in tried.days else (*tried.days, day)
    if command.channel == "call":
        tried = replace(tried, calls=tried.calls + 1, days=days)
    else:
        tried = replace(tried, messages=tried.messages + 1, days=days)
    draft.change(tried=Tried(calls=tried.calls, messages=tried.messages, days=tried.days))
    draft.facts["reached"] = command.reached
    if command.reached:
        draft.happen("event", "contacted")


def escalate(work: Work, command: EscalateLevel) -> None:
    """Raise the level by one and tell the people of the new one."""
    draft = work.draft(command.ticket, "LevelRaised")
    must_be_open(draft.ticket)
    _must_say_why(command.ticket, command.reason)
    levels = draft.compiled.workflow.levels
    if levels is None:
        raise TicketRefused(ticket=command.ticket, reason=message("its workflow has no levels"))
    if draft.ticket.level >= len(levels.roles):
        raise TicketRefused(
            ticket=command.ticket, reason=message("it stands at the highest level")
        )
    draft.change(level=draft.ticket.level + 1)
    draft.private["reason"] = command.reason
    telling.tell(work, draft, (LEVEL,), reason="escalated", via=("notice", "sms"))


def supervise(work: Work, command: SuperviseTicket) -> None:
    """Issue a supervision order."""
    draft = work.draft(command.ticket, "SupervisionOrdered")
    must_be_open(draft.ticket)
    _must_say_why(command.ticket, command.reason)
    draft.private["reason"] = command.reason
    if command.answer_due is not None:
        _must_lie_ahead(work, command.answer_due.timestamp())
        draft.facts["answer_due"] = command.answer_due.isoformat()
    draft.happen(*supervising.ORDERED)
    telling.tell(work, draft, (HANDLER, OWNER), reason="supervised", via=("notice", "sms"))


def answer_supervision(work: Work, command: AnswerSupervision) -> None:
    """Answer the supervision order that is open; whoever issued it hears of it."""
    draft = work.draft(command.ticket, "SupervisionAnswered")
    must_be_open(draft.ticket)
    clock = draft.ticket.clocks.get(supervising.NAME)
    if clock is None or not clock.open:
        raise TicketRefused(
            ticket=command.ticket, reason=message("no supervision order is open")
        )
    refusal = parties.must_answer_for(draft, work.situation)
    if refusal is not None:
        raise TicketRefused(ticket=command.ticket, reason=refusal)
    if not command.text.strip():
        raise CommandRefused(reason=message("an answer needs a text"))
    draft.private["text"] = command.text
    draft.happen(*supervising.ANSWERED)
    telling.tell(work, draft, (MONITOR,), reason="supervision_answered")


def remind(work: Work, command: RemindMe) -> None:
    """Note a follow-up for whoever asks."""
    draft = work.draft(command.ticket, "ReminderSet")
    must_be_open(draft.ticket)
    _must_lie_ahead(work, command.at.timestamp())
    draft.facts["remind_at"] = command.at.isoformat()
    number = max((one.number for one in draft.ticket.follow_ups), default=0) + 1
    wanted = FollowUp(
        number=number, person=command.actor, at=command.at, sequence=draft.ticket.sequence + 1
    )
    draft.change(follow_ups=(*draft.ticket.follow_ups, wanted))
    if command.text:
        draft.private["text"] = command.text


def must_be_open(ticket: Ticket) -> None:
    """Raise TicketRefused when the ticket is closed."""
    if not ticket.open:
        raise TicketRefused(ticket=ticket.key, reason=message("the ticket is closed"))


def _must_say_why(ticket: str, reason: str) -> None:
    if not reason.strip():
        raise TicketRefused(ticket=ticket, reason=message("a reason must be given"))


def _must_lie_ahead(work: Work, moment: float) -> None:
    if moment <= work.now.timestamp():
        raise CommandRefused(reason=message("the time lies in the past"))
