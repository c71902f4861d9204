"""`casewright intake`: what came in from outside, what waits to be sorted, and the rules of it."""

from pathlib import Path
from typing import Any

from casewright.answers import ArrivalPage, ArrivalRow, ArrivalStory
from casewright.cli.answer import Answer, Heading
from casewright.cli.fields import given_fields, has_fields
from casewright.cli.grammar import AGAIN, FIELDS, Given, Noun, Option, Verb
from casewright.cli.intake_csv import CSV
from casewright.cli.reading import Reader
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.cli.timer import limit
from casewright.cli.typed import parsed
from casewright.cli.workflow import problems_answer
from casewright.commands import SortArrival, new_id
from casewright.errors import message
from casewright.intake.arrival import VERDICTS
from casewright.queries import GetArrival, ListArrivals
from casewright.texts import text

STATES = {
    "unsorted": text("waits"),
    "sorted": text("sorted"),
    "dropped": text("dropped"),
}
SHOWN = 60
"""Characters of a subject in a list."""


def list_arrivals(session: Session, given: Given) -> Answer:
    """Answer with a page of what came in, newest first; without a state, what waits."""
    after = given.text("after")
    state = None if given.flag("all") else given.text("state") or "unsorted"
    query = ListArrivals(
        actor=session.actor,
        state=state,
        channel=given.text("channel"),
        after=None if after is None else _number(after),
        limit=limit(given),
    )
    page: ArrivalPage = session.desk.ask(query)
    more = (
        [session.texts.say("There are more: --after {key}", key=str(page.after))]
        if page.after
        else []
    )
    nothing = [] if page.arrivals else [session.texts.text(text("Nothing."))]
    return Answer(
        document={
            "arrivals": [plain(one, session.texts) for one in page.arrivals],
            "after": page.after,
        },
        lines=[line for one in page.arrivals for line in _row_lines(session, one)] + nothing,
        notes=more,
    )


def show(session: Session, given: Given) -> Answer:
    """Answer with one thing that came in, whole."""
    query = GetArrival(actor=session.actor, arrival=_number(given.needed("arrival")))
    story: ArrivalStory = session.desk.ask(query)
    return Answer(
        document={"arrival": plain(story, session.texts)}, lines=_story_lines(session, story)
    )


def sort(session: Session, given: Given) -> Answer:
    """Make it part of a ticket, or a ticket of its own."""
    workflow = given.text("workflow") or ""
    fields: dict[str, Any] = {}
    if workflow and has_fields(given):
        reader = Reader(session)
        opened, forms = reader.workflow(workflow)
        fields = given_fields(given, forms.get(opened.form or ""), lambda: reader.tables)
    command = SortArrival(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        arrival=_number(given.needed("arrival")),
        ticket=given.text("ticket"),
        workflow=workflow,
        fields=fields,
        customer=given.text("customer"),
    )
    return _sorted(session, command)


def drop(session: Session, given: Given) -> Answer:
    """Put it away for a reason."""
    command = SortArrival(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        arrival=_number(given.needed("arrival")),
        drop=given.needed("reason"),
    )
    return _sorted(session, command)


def fetch(session: Session, given: Given) -> Answer:
    """Fetch what lies in the mailboxes now, without a worker."""
    from casewright.worker.bringing import fetch_once

    troubles: list[str] = []
    tally = fetch_once(
        session.own_desk.working(),
        lambda line: troubles.append(session.texts.render(line.sentence)),
    )
    counts = {name: tally.counts[name] for name in ("arrivals", "unsorted")}
    said = session.texts.say(
        "Came in: {arrivals}, of which {unsorted} wait unsorted.", **counts
    )
    return Answer(
        document={**counts, "troubles": troubles},
        lines=[said],
        notes=troubles,
        done=not troubles,
    )


def check(session: Session, given: Given) -> Answer:
    """Answer with everything wrong with the rules."""
    from casewright.desk.intake.naming import FILE, intake_problems

    named = given.text("file")
    path = Path(named) if named else session.config.root / FILE
    return problems_answer(session, intake_problems(session.config.root, path), 1)


def _sorted(session: Session, command: SortArrival) -> Answer:
    receipt = session.desk.execute(command)
    answer = dict(receipt.answer or {})
    said = _SAID[answer.get("outcome", "")]
    words = {"number": answer.get("arrival", ""), "ticket": answer.get("ticket", "")}
    return Answer(
        document={"arrival": {**answer, "repeated": receipt.repeated}},
        lines=[session.texts.say(said, **words)],
    )


_SAID = {
    "opened": text("Arrival {number} opened {ticket}."),
    "attached": text("Arrival {number} is part of {ticket} now."),
    "dropped": text("Arrival {number} is dropped."),
}


def _row_lines(session: Session, one: ArrivalRow) -> list[str]:
    texts = session.texts
    subject = " ".join(one.subject.split())[:SHOWN]
    head = texts.say(
        "{number}  {moment}  {channel}  {state}  {sender}  {subject}",
        number=one.number,
        moment=texts.moment(one.at),
        channel=one.channel,
        state=_state(session, one),
        sender=one.sender or "-",
        subject=subject,
    )
    why = texts.render(one.reason) if one.reason is not None else ""
    return [head, f"      {why}"] if why else [head]


def _story_lines(session: Session, story: ArrivalStory) -> list[str]:
    texts, row, said = session.texts, story.row, story.said
    lines: list[str] = [
        Heading(
            texts.say(
                "Arrival {number}: {state}", number=row.number, state=_state(session, row)
            )
        )
    ]
    lines += [
        texts.say(
            "came in at {moment} over '{channel}'",
            moment=texts.moment(row.at),
            channel=row.channel,
        )
    ]
    if row.reason is not None:
        lines.append(texts.say("because: {reason}", reason=texts.render(row.reason)))
    if said is None:
        return [*lines, texts.text(text("What was said in it was erased."))]
    if said.verdict:
        lines.append(texts.render(VERDICTS[said.verdict]))
    lines += [texts.render(one) for one in story.remarks]
    if story.confirmation:
        lines.append(texts.say("confirmation: {state}", state=story.confirmation))
    lines += [
        texts.say("from: {sender}", sender=row.sender or "-"),
        texts.say("subject: {subject}", subject=said.subject),
    ]
    lines += [
        texts.say("{field}: {value}", field=name, value=value)
        for name, value in said.fields.items()
    ]
    lines += ["", *(said.whole or said.text).split("\n"), ""]
    lines += [
        texts.say("file: {name} ({size} bytes)", name=one.filename, size=one.size)
        for one in said.attachments
    ]
    return lines


def _state(session: Session, one: ArrivalRow) -> str:
    said = session.texts.text(STATES[one.state])
    return f"{said} → {one.ticket}" if one.ticket else said


def _number(written: str) -> int:
    return parsed(written, int, message("an arrival's number"))


_ARRIVAL = Option(name="ARRIVAL", needed=True, help=text("the arrival's number"))
_FILE: Any = Option(name="FILE", help=text("the file (default: intake.yaml of the workspace)"))

NOUNS = (
    Noun(
        name="intake",
        help=text("what comes in from outside: what waits, and what becomes of it"),
        verbs=(
            Verb(
                name="list",
                run=list_arrivals,
                help=text("list what came in and waits to be sorted, newest first"),
                options=(
                    Option(
                        name="--state",
                        value="STATE",
                        choices=tuple(STATES),
                        help=text("only what is in this state (default: what waits)"),
                    ),
                    Option(name="--all", help=text("whatever became of it")),
                    Option(
                        name="--channel",
                        value="NAME",
                        help=text("only what came over this channel"),
                    ),
                    Option(name="--limit", value="COUNT", help=text("at most so many")),
                    Option(
                        name="--after",
                        value="ARRIVAL",
                        help=text("go on after this one, which ended the page before"),
                    ),
                ),
            ),
            Verb(
                name="show",
                run=show,
                help=text("show something that came in, whole, and what is odd about it"),
                options=(_ARRIVAL,),
            ),
            Verb(
                name="sort",
                run=sort,
                help=text("make it part of a ticket, or open a ticket with it"),
                options=(
                    _ARRIVAL,
                    Option(
                        name="--ticket", value="KEY", help=text("the ticket that it belongs to")
                    ),
                    Option(
                        name="--workflow", value="NAME", help=text("the workflow that it opens")
                    ),
                    Option(name="--customer", value="ID", help=text("whose it is")),
                    *FIELDS,
                    AGAIN,
                ),
            ),
            Verb(
                name="drop",
                run=drop,
                help=text("put away what is nothing, for a reason"),
                options=(
                    _ARRIVAL,
                    Option(name="--reason", value="TEXT", needed=True, help=text("why")),
                    AGAIN,
                ),
            ),
            Verb(
                name="fetch",
                run=fetch,
                help=text("fetch what lies in the mailboxes now"),
                more=text("A worker does so all the time."),
            ),
            CSV,
            Verb(
                name="check",
                run=check,
                help=text("check intake.yaml: what becomes of what comes in"),
                more=text(
                    "`casewright workflow publish` takes the file over, and refuses it likewise."
                ),
                options=(_FILE,),
            ),
        ),
    ),
)
