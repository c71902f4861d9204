"""`casewright ticket`: its verbs and what each takes."""

from casewright.cli import (
    ticket_acting,
    ticket_file,
    ticket_reply,
    ticket_reveal,
    ticket_showing,
    ticket_time,
)
from casewright.cli.exporting import EXPORT
from casewright.cli.grammar import AGAIN, EXPECT, FIELDS, REASON, TICKET, Noun, Option, Verb
from casewright.commands import CONTACT_KINDS
from casewright.texts import text

_CHECKED = Option(name="--identity-checked", help=text("the caller's identity was checked"))
_WORDS = Option(name="TEXT", needed=True, help=text("the words, in quotes"))

_SHOWING = (
    Verb(
        name="list",
        run=ticket_showing.listing,
        help=text("list tickets, newest first"),
        options=(
            Option(name="--workflow", value="NAME", help=text("of this workflow")),
            Option(name="--state", value="NAME", help=text("in this state")),
            Option(name="--handler", value="USER", help=text("worked by this person")),
            Option(name="--owner", value="USER", help=text("answered for by this person")),
            Option(name="--customer", value="ID", help=text("of this customer")),
            Option(name="--text", value="WORDS", help=text("with these words in a field")),
            Option(
                name="--older",
                value="DURATION",
                help=text("opened longer ago than, such as '2 days'"),
            ),
            Option(
                name="--younger",
                value="DURATION",
                help=text("opened within the last, such as '4 hours'"),
            ),
            Option(name="--open", help=text("only open ones")),
            Option(name="--closed", help=text("only closed ones")),
            Option(
                name="--limit",
                value="COUNT",
                help=text("how many on a page, at most 1000 (default: 50)"),
            ),
            Option(name="--after", value="KEY", help=text("the page that follows this key")),
            *EXPORT,
        ),
    ),
    Verb(
        name="show",
        run=ticket_showing.show,
        options=(TICKET,),
        help=text("show a ticket, and what may be done with it now"),
    ),
    Verb(
        name="actions",
        run=ticket_showing.actions,
        options=(TICKET,),
        help=text("say what you may do with a ticket now, and why something may not be done"),
    ),
    Verb(
        name="history",
        run=ticket_showing.history,
        options=(TICKET,),
        help=text("tell everything that happened to a ticket"),
    ),
    ticket_reveal.VERB,
    ticket_file.VERB,
)

_MOVING = (
    Verb(
        name="open",
        run=ticket_acting.open_ticket,
        help=text("open a ticket"),
        options=(
            Option(name="WORKFLOW", needed=True, help=text("the workflow, such as complaint")),
            *FIELDS,
            Option(name="--customer", value="ID", help=text("the customer it is for")),
            Option(
                name="--channel",
                value="NAME",
                help=text("how it came: call, email, hotline ..."),
            ),
            Option(
                name="--received",
                value="TIME",
                help=text("when it was truly received, if it is entered late"),
            ),
            Option(
                name="--owner",
                value="USER",
                help=text("another owner than the workflow's, with --reason"),
            ),
            REASON,
            AGAIN,
        ),
    ),
    Verb(
        name="fire",
        run=ticket_acting.fire,
        help=text("take a transition"),
        options=(
            TICKET,
            Option(
                name="TRANSITION",
                needed=True,
                help=text("its name, as `casewright ticket actions` shows it"),
            ),
            *FIELDS,
            REASON,
            EXPECT,
            AGAIN,
        ),
    ),
    Verb(
        name="undo",
        run=ticket_acting.undo,
        help=text("take back the transition that you took last"),
        more=text(
            "Within ten seconds, where the workflow says `undo: true`; what it promised has not been sent yet."
        ),
        options=(TICKET, AGAIN),
    ),
    Verb(
        name="vote",
        run=ticket_acting.vote,
        help=text("agree to what waits for approval, or refuse it"),
        options=(
            TICKET,
            Option(name="--grant", help=text("agree")),
            Option(name="--deny", help=text("refuse, with --reason")),
            REASON,
            EXPECT,
            AGAIN,
        ),
    ),
    Verb(
        name="assign",
        run=ticket_acting.assign,
        help=text("make somebody the handler, or nobody"),
        options=(
            TICKET,
            Option(name="USER", help=text("the new handler")),
            Option(name="--nobody", help=text("nobody handles it")),
            REASON,
            EXPECT,
            AGAIN,
        ),
    ),
    Verb(
        name="edit",
        run=ticket_acting.edit,
        help=text("change fields"),
        options=(TICKET, *FIELDS, EXPECT, AGAIN),
    ),
    Verb(
        name="withdraw",
        run=ticket_acting.withdraw,
        help=text("withdraw a ticket as its customer wishes, its open children with it"),
        options=(TICKET, REASON, _CHECKED, AGAIN),
    ),
    Verb(
        name="merge",
        run=ticket_acting.merge,
        help=text("merge a ticket into another on the same matter"),
        options=(
            TICKET,
            Option(name="INTO", needed=True, help=text("the ticket that goes on")),
            REASON,
            AGAIN,
        ),
    ),
    Verb(
        name="reopen",
        run=ticket_acting.reopen,
        help=text("bring a closed matter back, as its workflow provides"),
        options=(TICKET, *FIELDS, REASON, AGAIN),
    ),
    Verb(
        name="hand-over",
        run=ticket_acting.hand_over,
        help=text("hand a shift over: every open ticket of one person goes to another"),
        options=(
            Option(name="--from", value="USER", needed=True, help=text("whose tickets")),
            Option(name="--to", value="USER", needed=True, help=text("who takes them")),
            REASON,
            AGAIN,
        ),
    ),
)

_BESIDE = (
    Verb(
        name="comment",
        run=ticket_acting.comment,
        help=text("write a comment"),
        options=(
            TICKET,
            _WORDS,
            Option(
                name="--public", help=text("customers may read it (default: the staff alone)")
            ),
            AGAIN,
        ),
    ),
    Verb(
        name="attach",
        run=ticket_acting.attach,
        help=text("attach a file"),
        options=(
            TICKET,
            Option(name="FILE", needed=True, help=text("the file, at most 50 MB")),
            AGAIN,
        ),
    ),
    Verb(
        name="contact",
        run=ticket_acting.contact,
        help=text("record a contact; a query is answered with what the customer may be told"),
        options=(
            TICKET,
            Option(
                name="KIND",
                needed=True,
                choices=CONTACT_KINDS,
                help=text("query, supplement, chase, or attempt (to reach the customer)"),
            ),
            Option(name="--text", value="TEXT", help=text("what was said")),
            Option(
                name="--channel",
                value="NAME",
                help=text("call, sms, email ... (default: call)"),
            ),
            Option(name="--reached", help=text("the attempt reached the customer")),
            _CHECKED,
            AGAIN,
        ),
    ),
    ticket_reply.VERB,
    Verb(
        name="watch",
        run=ticket_acting.watch,
        help=text("be told of what happens to a ticket"),
        options=(TICKET, Option(name="--stop", help=text("no longer")), AGAIN),
    ),
    Verb(
        name="link",
        run=ticket_acting.link,
        help=text("link two tickets"),
        options=(
            TICKET,
            Option(name="OTHER", needed=True, help=text("the other ticket")),
            Option(
                name="--role",
                value="ROLE",
                help=text("how they belong together (default: related)"),
            ),
            AGAIN,
        ),
    ),
    Verb(
        name="escalate",
        run=ticket_acting.escalate,
        help=text("raise a ticket to the next level, with --reason"),
        options=(TICKET, REASON, AGAIN),
    ),
    Verb(
        name="supervise",
        run=ticket_acting.supervise,
        help=text("issue a supervision order, with --reason"),
        options=(
            TICKET,
            REASON,
            Option(name="--due", value="TIME", help=text("when an answer is due")),
            AGAIN,
        ),
    ),
    Verb(
        name="remind",
        run=ticket_acting.remind,
        help=text("note a follow-up at the time agreed with the customer"),
        options=(
            TICKET,
            Option(
                name="--at",
                value="TIME",
                needed=True,
                help=text("when, such as 2026-02-13T09:30"),
            ),
            Option(name="--text", value="TEXT", help=text("what about")),
            AGAIN,
        ),
    ),
)

NOUNS = (
    Noun(
        name="ticket",
        help=text("open tickets, move them on, find them"),
        verbs=(*_MOVING, *_BESIDE, *ticket_time.VERBS, *_SHOWING),
    ),
)
