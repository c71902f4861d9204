"""`casewright customer import`: a CSV file of customers, all of it or nothing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.answers import CustomerImport
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, Given, Option, Verb
from casewright.cli.refusal import problem_document, problem_line
from casewright.cli.replay import progress_bar
from casewright.cli.session import Session
from casewright.commands import ImportCustomers, new_id
from casewright.errors import FileUnreadable, Problem, UsageRefused, message
from casewright.model import Receipt
from casewright.queries import CheckImport
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.exchange.customer_file import CustomerFile
    from casewright.exchange.customer_map import CustomerMap

MOST_SHOWN = 100
"""Problems that are listed; beyond them it is said how many more there are."""


def import_customers(session: Session, given: Given) -> Answer:
    """Import a file and answer with what it came to; not done, and nothing changed, when a line is wrong."""
    from casewright.exchange.customer_map import read_map

    if given.flag("write_map"):
        return _write_example(session, Path(given.needed("file")))
    named = given.text("map")
    if named is None:
        reason = message(
            "--map is missing: which column says what; --write-map makes an example"
        )
        raise UsageRefused(reason=reason)
    said = read_map(Path(named))
    read = _read(session, given, said)
    if read.problems or given.flag("dry_run"):
        return _checked(session, read, said, given)
    return _imported(session, read, said, given)


def _read(session: Session, given: Given, said: "CustomerMap") -> "CustomerFile":
    from casewright.exchange.customer_file import read_customers

    with progress_bar(session.texts.text("reading")) as progress:
        return read_customers(
            Path(given.needed("file")),
            said,
            encoding=given.text("encoding") or "utf-8",
            progress=progress,
        )


def _checked(
    session: Session, read: "CustomerFile", said: "CustomerMap", given: Given
) -> Answer:
    query = CheckImport(
        actor=session.actor,
        lines=read.lines,
        keys=said.keys,
        source=given.needed("file"),
        columns=read.columns,
    )
    with progress_bar(session.texts.text("checking")):
        found: CustomerImport = session.desk.ask(query)
    problems = sorted((*read.problems, *found.problems), key=lambda one: one.place)
    if problems:
        return _refused(session, problems)
    note = session.texts.text("Nothing is written: this was a dry run.")
    return _told(session, found, notes=[note])


def _imported(
    session: Session, read: "CustomerFile", said: "CustomerMap", given: Given
) -> Answer:
    from casewright.errors import ProblemsFound

    command = ImportCustomers(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        lines=read.lines,
        keys=said.keys,
        source=given.needed("file"),
        columns=read.columns,
    )
    try:
        with progress_bar(session.texts.text("writing")):
            receipt: Receipt = session.desk.execute(command)
    except ProblemsFound as refusal:
        if any(one.code != "import.refused" for one in refusal.problems):
            raise
        return _refused(session, refusal.problems)
    answer = receipt.answer or {}
    # What an older version imported has not counted all of these.
    added, changed, unchanged, merged, erased = (int(answer.get(one, 0)) for one in _COUNTED)
    done = CustomerImport(
        added=added, changed=changed, unchanged=unchanged, merged=merged, erased=erased
    )
    return _told(session, done)


def _told(session: Session, found: CustomerImport, notes: Sequence[str] = ()) -> Answer:
    texts = session.texts
    line = texts.say(
        "Customers: {added} new, {changed} changed, {unchanged} as they were.",
        added=found.added,
        changed=found.changed,
        unchanged=found.unchanged,
    )
    if found.merged:
        template = "{count} line(s) are about customers who were merged, and are left out."
        notes = [*notes, texts.say(template, count=found.merged)]
    if found.erased:
        template = "{count} line(s) are about customers who were erased, and are left out."
        notes = [*notes, texts.say(template, count=found.erased)]
    document = {
        "added": found.added,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "merged": found.merged,
        "erased": found.erased,
        "problems": [],
    }
    return Answer(document=document, lines=[line], notes=notes)


_COUNTED = ("added", "changed", "unchanged", "merged", "erased")


def _refused(session: Session, problems: Sequence[Problem]) -> Answer:
    texts = session.texts
    document = {
        "added": 0,
        "changed": 0,
        "unchanged": 0,
        "merged": 0,
        "erased": 0,
        "problems": [problem_document(one, texts) for one in problems[:MOST_SHOWN]],
        "more": max(0, len(problems) - MOST_SHOWN),
    }
    return Answer(document=document, lines=_problem_lines(texts, problems), done=False)


def _problem_lines(texts: Texts, problems: Sequence[Problem]) -> Iterator[str]:
    yield texts.say("Nothing is imported: {count} problem(s).", count=len(problems))
    for one in problems[:MOST_SHOWN]:
        yield problem_line(one, texts)
    if len(problems) > MOST_SHOWN:
        yield texts.say("  and {count} more", count=len(problems) - MOST_SHOWN)


def _write_example(session: Session, path: Path) -> Answer:
    """Write an example of a map; a file that is there is left alone."""
    from casewright.exchange.customer_map import EXAMPLE

    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        reason = message("it exists already; name a new file")
        raise FileUnreadable(file=str(path), reason=reason) from None
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    said = session.texts.say("{file}: an example of a map is written.", file=str(path))
    return Answer(document={"map": str(path)}, lines=[said])


IMPORT = Verb(
    name="import",
    run=import_customers,
    help=text("add or change all customers of a CSV file, or none"),
    more=text(
        "The map says which column is what; docs/customers.md explains it. Where a line is wrong nothing is imported: "
        "problems are listed by line. What is empty in the file stays as it is. A second run changes nothing."
    ),
    options=(
        Option(name="FILE", needed=True, help=text("a CSV file with a first line of titles")),
        Option(name="--map", value="FILE", help=text("which column says what (YAML)")),
        Option(
            name="--encoding",
            value="NAME",
            choices=("utf-8", "gb18030"),
            help=text("utf-8 (the default) or gb18030"),
        ),
        Option(name="--dry-run", help=text("say what it would come to, and write nothing")),
        Option(
            name="--write-map",
            help=text("write an example of a map to FILE instead, and do nothing else"),
        ),
        AGAIN,
    ),
)
