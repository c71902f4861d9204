"""`casewright customer erase` and `erasures`."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.customer_acting import CUSTOMER
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.output import table
from casewright.cli.reading import Reader
from casewright.cli.session import Session
from casewright.cli.typed import parsed
from casewright.commands import EraseCustomer, new_id
from casewright.errors import UsageRefused, message
from casewright.model import Receipt
from casewright.queries import LARGEST_PAGE, PAGE, ListErasures, ListOverdue
from casewright.texts import text

_COUNTED = ("tickets", "values", "files")
_NAMED = ("elsewhere", "not_asked")


def erase(session: Session, given: Given) -> Answer:
    """Erase a customer, once whoever asks for it has confirmed it; answer with what is gone and what remains."""
    customer = given.needed("customer")
    command = EraseCustomer(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        customer=customer,
        reason=given.needed("reason"),
        also_open=given.flag("also_open"),
    )
    _confirm(session, given, customer)
    receipt: Receipt = session.desk.execute(command)
    answer = receipt.answer or {}
    document: dict[str, Any] = {"id": customer, "traces_removed": "traces" not in answer}
    document |= {name: int(answer.get(name, 0)) for name in _COUNTED}
    document |= {name: _listed(answer, name) for name in _NAMED}
    return Answer(document={"erased": document}, lines=_told(session, document))


def erasures(session: Session, given: Given) -> Answer:
    """Answer with what was erased, or with what soon will be because its time is over."""
    written = given.text("limit")
    limit = PAGE if written is None else parsed(written, int, message("a whole number"))
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageRefused(
            reason=message("a page has 1 to {limit} entries", limit=LARGEST_PAGE)
        )
    return _due(session, limit) if given.flag("due") else _done(session, limit)


def _confirm(session: Session, given: Given, customer: str) -> None:
    """Have the id typed once more, or `--yes` said; UsageRefused where neither is."""
    if given.flag("yes"):
        return
    if sys.stdin.isatty() and not session.as_json:
        texts = session.texts
        print(texts.say(_WARNING, id=customer), file=sys.stderr)
        print(
            texts.text("Type the customer's id to go on:"), file=sys.stderr, end=" ", flush=True
        )
        if sys.stdin.readline().strip() == customer:
            return
        raise UsageRefused(reason=message("this is not the id; nothing is erased"))
    raise UsageRefused(reason=message("what is erased never comes back; confirm it with --yes"))


def _told(session: Session, erased: Mapping[str, Any]) -> Iterator[str]:
    texts = session.texts
    yield texts.say("{id} is erased.", id=erased["id"])
    yield texts.say(
        "Gone: name, addresses, ids of other systems, tags, summaries of contacts; in tickets ({tickets}) values and"
        " texts ({values}) and attached files ({files}); what was sent about them.",
        **{name: erased[name] for name in _COUNTED},
    )
    yield texts.text(
        "Kept: the id, the tier, the brand, what was chosen, counted and dated, and the histories, which stay whole: they hold"
        " a seal of each value, and nobody can read the value from it."
    )
    if not erased["traces_removed"]:
        yield texts.text(
            "Somebody else is still reading the database: the worker rewrites its file without the old values as soon as"
            " it can."
        )
    if erased["elsewhere"]:
        yield texts.say(
            "Tickets of others still name the customer; look at them yourself: {tickets}",
            tickets=erased["elsewhere"],
        )
    if erased["not_asked"]:
        yield texts.say(
            "These plugins have tables and are not there to be asked; what they know of the customer has to be deleted by hand:"
            " {plugins}",
            plugins=erased["not_asked"],
        )
    yield texts.text("Backups and files exported before still hold it, until they are deleted.")


def _listed(answer: Mapping[str, str], name: str) -> list[str]:
    return answer[name].split(", ") if answer.get(name) else []


def _done(session: Session, limit: int) -> Answer:
    found = session.desk.ask(ListErasures(actor=session.actor, limit=limit))
    documents = [
        {
            "number": one.number,
            "at": one.at.isoformat(),
            "actor": one.actor,
            "customer": one.customer,
            "ticket": one.ticket,
            "reason": one.reason,
        }
        for one in found
    ]
    reader, texts = Reader(session), session.texts
    titles = ("at", "by", "erased", "reason")
    rows = [
        (
            session.moment(one.at),
            reader.calls(one.actor),
            one.customer or one.ticket,
            one.reason,
        )
        for one in found
    ]
    lines = table([texts.text(_TITLES[one]) for one in titles], rows)
    empty = [texts.text("Nothing was erased yet.")]
    return Answer(document={"erasures": documents}, lines=lines if rows else empty)


def _due(session: Session, limit: int) -> Answer:
    found = session.desk.ask(ListOverdue(actor=session.actor, limit=limit))
    documents = [
        {"ticket": one.ticket, "workflow": one.workflow, "retention": one.retention}
        for one in found
    ]
    texts = session.texts
    rows = [(one.ticket, one.workflow, one.retention) for one in found]
    titles = [texts.text(_TITLES[one]) for one in ("ticket", "workflow", "retention")]
    empty = [texts.text("No ticket is kept for longer than its workflow says.")]
    return Answer(document={"due": documents}, lines=table(titles, rows) if rows else empty)


_WARNING = text(
    "All that is known of {id} will be erased, in the tickets too, and never comes back."
)
_TITLES = {
    "at": text("time"),
    "by": text("by"),
    "erased": text("erased"),
    "reason": text("reason"),
    "ticket": text("ticket"),
    "workflow": text("workflow"),
    "retention": text("kept for"),
}

ERASE = Verb(
    name="erase",
    run=erase,
    help=text("erase what is known of a customer, in the tickets too"),
    more=text(
        "The id remains, what was chosen, counted and dated, and that it was erased, when, by whom and why. An older backup"
        " is erased again when it is restored. It cannot be undone."
    ),
    options=(
        CUSTOMER,
        Option(
            name="--reason",
            value="TEXT",
            needed=True,
            help=text("why; it is kept for ever, so name nobody in it"),
        ),
        Option(name="--also-open", help=text("erase tickets too that are still open")),
        Option(name="--yes", help=text("do it without asking once more")),
        AGAIN,
    ),
)
ERASURES = Verb(
    name="erasures",
    run=erasures,
    help=text("list what was erased, newest first"),
    options=(
        Option(
            name="--due",
            help=text(
                "list the closed tickets that the worker will erase, for their time is over"
            ),
        ),
        Option(name="--limit", value="COUNT", help=text("so many at the most (default 50)")),
    ),
)
