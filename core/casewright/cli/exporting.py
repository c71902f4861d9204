"""`--export FILE`: what a list shows, all of it, into a CSV file or a workbook."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import chain, islice
from pathlib import Path
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option
from casewright.cli.output import writing
from casewright.cli.session import Session
from casewright.errors import UsageRefused, message
from casewright.queries import LARGEST_PAGE, Query
from casewright.texts import text


def exported(
    session: Session, given: Given, titles: Sequence[str], rows: Iterable[Sequence[object]]
) -> Answer:
    """Write the rows into the file that --export names, and answer with how many there were; FileUnreadable."""
    from casewright.exchange.sheets import export_rows

    file = given.needed("export")
    shown = [session.texts.text(one) for one in titles]
    if file == "-":
        return _sent(session, shown, rows)
    count = export_rows(Path(file), shown, rows, replace=given.flag("replace"))
    said = session.texts.say("{file}: rows: {count}.", file=file, count=count)
    return Answer(document={"file": file, "rows": count}, lines=[said])


def _sent(session: Session, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Answer:
    """Write the rows as CSV to standard output, and beside it how many there were."""
    from casewright.exchange.sheets import send_rows

    if session.as_json:
        reason = message("--export - is CSV on standard output: leave --json out")
        raise UsageRefused(reason=reason)
    plain = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False)
    with writing(), plain:
        count = send_rows(plain, titles, _begun(rows))
    said = session.texts.say("rows: {count}.", count=count)
    return Answer(document={"rows": count}, lines=[], notes=[said])


def _begun(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    """Return the rows once the first of them is there: a refusal comes before anything is written."""
    left = iter(rows)
    return chain(list(islice(left, 1)), left)


def pages(session: Session, listed: Query, kind: type[Query]) -> Iterator[Any]:
    """Yield every page of what `listed` asks for, asked as a query of the `kind` that takes it away."""
    asked: dict[str, Any] = {one.name: getattr(listed, one.name) for one in fields(listed)}
    asked.update(after=None, limit=LARGEST_PAGE)
    while True:
        page = session.desk.ask(kind(**asked))
        yield page
        if page.after is None:
            return
        asked["after"] = page.after


def wanted(given: Given) -> bool:
    """Return whether a file is wanted; UsageRefused beside words that are about one page."""
    if given.text("export") is None:
        if given.flag("replace"):
            raise UsageRefused(reason=message("--replace goes with --export"))
        return False
    for word in ("limit", "after"):
        if given.text(word) is not None:
            reason = message(
                "--export takes all that fits: leave {option} out", option=f"--{word}"
            )
            raise UsageRefused(reason=reason)
    return True


EXPORT = (
    Option(
        name="--export",
        value="FILE",
        help=text(
            "write all that fits into this file: .csv or .xlsx, or - for CSV on standard output"
        ),
    ),
    Option(name="--replace", help=text("write over the file where it exists")),
)
"""The options of a list that can be exported."""
