"""`--export FILE`: what a list shows, all of it, into a CSV file or a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option
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
    count = export_rows(Path(file), shown, rows, replace=given.flag("replace"))
    said = session.texts.say("{file}: rows: {count}.", file=file, count=count)
    return Answer(document={"file": file, "rows": count}, lines=[said])


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
        help=text("write all that fits into this file: .csv or .xlsx"),
    ),
    Option(name="--replace", help=text("write over the file where it exists")),
)
"""The options of a list that can be exported."""
