"""What people do with tickets on the command line: one function a verb, each one command to the desk."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright import commands
from casewright.cli.answer import Answer
from casewright.cli.fields import given_fields, has_fields
from casewright.cli.grammar import Given
from casewright.cli.reading import Reader
from casewright.cli.receipts import execute
from casewright.cli.session import Session
from casewright.cli.typed import go_by, moment, parsed
from casewright.errors import FileUnreadable, TicketRefused, UsageRefused, message
from casewright.queries import GetHistory, GetTicket
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.forms.spec import Form

LARGEST_FILE = 50_000_000


def open_ticket(session: Session, given: Given) -> Answer:
    """Open a ticket."""
    workflow = given.needed("workflow")
    fields: dict[str, Any] = {}
    if has_fields(given):
        opened, forms = Reader(session).workflow(workflow)
        fields = _without_none(_fields(session, given, forms.get(opened.form or "")))
    command = commands.OpenTicket(
        **_who(session, given),
        workflow=workflow,
        fields=fields,
        customer=given.text("customer"),
        channel=given.text("channel") or "",
        received_at=moment(session, given, "received"),
        owner=given.text("owner"),
        reason=given.text("reason") or "",
    )
    return execute(
        session, command, text("{ticket} is opened; it is in '{state}', with {handler}.")
    )


def fire(session: Session, given: Given) -> Answer:
    """Take a transition."""
    key, name = given.needed("ticket"), given.needed("transition")
    form: dict[str, Any] = {}
    if has_fields(given):
        ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
        workflow, forms = Reader(session).workflow(ticket.workflow, ticket.bundle)
        transition = workflow.states[ticket.state].transitions.get(name)
        asked = forms.get(transition.form or "") if transition else None
        form = _without_none(_fields(session, given, asked))
    command = commands.FireTransition(
        **_who(session, given),
        ticket=key,
        transition=name,
        form=form,
        reason=given.text("reason") or "",
        version=version(given),
    )
    return execute(session, command, text("{ticket} is in '{state}' now, with {handler}."))


def undo(session: Session, given: Given) -> Answer:
    """Take back the transition that one took last."""
    key = given.needed("ticket")
    events = session.desk.ask(GetHistory(actor=session.actor, ticket=key))
    taken = (
        one.command_id
        for one in reversed(events)
        if one.kind == "TransitionFired" and one.actor == session.actor
    )
    undone = next(filter(None, taken), None)
    if undone is None:
        raise TicketRefused(ticket=key, reason=message("you have taken no transition of it"))
    command = commands.UndoTransition(**_who(session, given), ticket=key, undone=undone)
    return execute(session, command, text("{ticket} is in '{state}' again, with {handler}."))


def edit(session: Session, given: Given) -> Answer:
    """Change fields."""
    key = given.needed("ticket")
    ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
    workflow, forms = Reader(session).workflow(ticket.workflow, ticket.bundle)
    fields = _fields(session, given, forms.get(workflow.form or ""))
    if not fields:
        raise UsageRefused(reason=message("--set or --fields is missing: the fields to change"))
    command = commands.EditFields(
        **_who(session, given), ticket=key, fields=fields, version=version(given)
    )
    return execute(session, command, text("{ticket} is changed."))


def assign(session: Session, given: Given) -> Answer:
    """Make somebody the handler, or nobody."""
    if (given.text("user") is None) == (not given.flag("nobody")):
        raise UsageRefused(reason=message("name the handler, or say --nobody"))
    command = commands.AssignTicket(
        **_about(session, given),
        handler=given.text("user"),
        reason=given.text("reason") or "",
        version=version(given),
    )
    return execute(session, command, text("{ticket} is with {handler} now."))


def comment(session: Session, given: Given) -> Answer:
    """Write a comment."""
    internal = not given.flag("public")
    command = commands.AddComment(
        **_about(session, given), text=given.needed("text"), internal=internal
    )
    said = text("The comment is kept with {ticket}, for the staff alone.")
    return execute(
        session, command, said if internal else text("The comment is kept with {ticket}.")
    )


def attach(session: Session, given: Given) -> Answer:
    """Attach a file."""
    path = Path(given.needed("file"))
    content = _content(path)
    command = commands.AttachFile(
        **_about(session, given),
        digest=sha256(content).hexdigest(),
        filename=path.name,
        size=len(content),
    )
    session.desk.keep(content, asked=command)
    return execute(session, command, text("{file} is attached to {ticket}."), file=path.name)


def watch(session: Session, given: Given) -> Answer:
    """Begin or stop watching."""
    watching = not given.flag("stop")
    command = commands.WatchTicket(**_about(session, given), watching=watching)
    said = text("You are told of what happens to {ticket}.")
    return execute(
        session, command, said if watching else text("You are no longer told of {ticket}.")
    )


def contact(session: Session, given: Given) -> Answer:
    """Record a contact."""
    command = commands.RecordContact(
        **_about(session, given),
        kind=given.needed("kind"),
        text=given.text("text") or "",
        channel=given.text("channel") or "call",
        reached=given.flag("reached"),
        identity_checked=given.flag("identity_checked"),
    )
    return execute(session, command, text("The contact is recorded with {ticket}."))


def link(session: Session, given: Given) -> Answer:
    """Link two tickets."""
    other = given.needed("other")
    command = commands.LinkTickets(
        **_about(session, given), other=other, role=given.text("role") or "related"
    )
    return execute(session, command, text("{ticket} and {other} are linked."), other=other)


def merge(session: Session, given: Given) -> Answer:
    """Merge a ticket into another."""
    into = given.needed("into")
    command = commands.MergeTickets(
        **_about(session, given), into=into, reason=given.text("reason") or ""
    )
    return execute(session, command, text("{ticket} is merged into {into}."), into=into)


def withdraw(session: Session, given: Given) -> Answer:
    """Withdraw a ticket as its customer wishes."""
    command = commands.WithdrawTicket(
        **_about(session, given),
        reason=given.text("reason") or "",
        identity_checked=given.flag("identity_checked"),
    )
    return execute(session, command, text("{ticket} is withdrawn."))


def reopen(session: Session, given: Given) -> Answer:
    """Bring a closed matter back."""
    key, fields = given.needed("ticket"), {}
    if has_fields(given):
        ticket = session.desk.ask(GetTicket(actor=session.actor, ticket=key))
        workflow, forms = Reader(session).workflow(ticket.workflow)
        fields = _fields(session, given, forms.get(workflow.form or ""))
    command = commands.ReopenTicket(
        **_about(session, given), reason=given.text("reason") or "", fields=fields
    )
    return execute(session, command, text("The matter of {ticket} is open again."))


def vote(session: Session, given: Given) -> Answer:
    """Agree or refuse."""
    if given.flag("grant") == given.flag("deny"):
        raise UsageRefused(reason=message("say --grant or --deny"))
    command = commands.CastVote(
        **_about(session, given),
        grant=given.flag("grant"),
        reason=given.text("reason") or "",
        version=version(given),
    )
    return execute(
        session, command, text("Your vote on {ticket} is counted; it is in '{state}'.")
    )


def escalate(session: Session, given: Given) -> Answer:
    """Escalate to the next level."""
    command = commands.EscalateLevel(
        **_about(session, given), reason=given.text("reason") or ""
    )
    return execute(
        session, command, text("{ticket} is raised to the next level, whose people are told.")
    )


def supervise(session: Session, given: Given) -> Answer:
    """Issue a supervision order."""
    go_by(session, given.needed("ticket"))
    command = commands.SuperviseTicket(
        **_about(session, given),
        reason=given.text("reason") or "",
        answer_due=moment(session, given, "due"),
    )
    return execute(session, command, text("The supervision order on {ticket} is issued."))


def remind(session: Session, given: Given) -> Answer:
    """Note a follow-up."""
    go_by(session, given.needed("ticket"))
    at = moment(session, given, "at")
    assert at is not None
    command = commands.RemindMe(**_about(session, given), at=at, text=given.text("text") or "")
    return execute(session, command, text("A follow-up on {ticket} is noted for {at}."), at=at)


def hand_over(session: Session, given: Given) -> Answer:
    """Hand a shift over."""
    command = commands.HandOver(
        **_who(session, given),
        handler=given.needed("from"),
        to=given.needed("to"),
        reason=given.text("reason") or "",
    )
    return execute(
        session,
        command,
        text("Every open ticket of {giver} is with {taker} now."),
        giver=command.handler,
        taker=command.to,
    )


def version(given: Given) -> int | None:
    """Return the version that the ticket is expected to have."""
    written = given.text("expect")
    return None if written is None else parsed(written, int, message("a whole number"))


def _fields(session: Session, given: Given, form: "Form | None") -> dict[str, Any]:
    return given_fields(given, form, lambda: Reader(session).tables)


def _who(session: Session, given: Given) -> dict[str, Any]:
    named = given.text("id")
    return {"actor": session.actor, "command_id": named or commands.new_id()}


def _about(session: Session, given: Given) -> dict[str, Any]:
    return {**_who(session, given), "ticket": given.needed("ticket")}


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _content(path: Path) -> bytes:
    from casewright import regular_file

    content = regular_file.read(path, limit=LARGEST_FILE, file=str(path))
    if len(content) > LARGEST_FILE:
        raise FileUnreadable(
            file=str(path),
            reason=message("it is larger than {limit} MB", limit=LARGEST_FILE // 1_000_000),
        )
    return content
