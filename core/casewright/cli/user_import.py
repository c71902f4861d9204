"""`casewright user import`: a CSV file of the staff, all of it or nothing."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casewright import regular_file
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Option, Verb
from casewright.cli.refusal import problem_document, problem_line
from casewright.cli.session import Session
from casewright.commands import SavePerson
from casewright.errors import (
    CommandRefused,
    FileUnreadable,
    Message,
    Place,
    Problem,
    message,
)
from casewright.exchange.sheet_cells import unquoted
from casewright.nearest import hint
from casewright.texts import text

COLUMNS = (
    "name", "en", "zh", "roles", "team", "department", "phone", "email", "chat", "language", "deputy",
    "queues", "calendar", "active",
)  # fmt: skip
SEVERAL = ("roles", "queues")
"""Columns that hold several values, with semicolons between them."""
LARGEST = 8 * 1024 * 1024
MOST_PEOPLE = 2_000
LONGEST_CELL = 1_000
_ACTIVE = {"yes": True, "no": False, "是": True, "否": False}

Row = tuple[int, SavePerson]


def import_people(session: Session, given: Given) -> Answer:
    """Add and change everybody of the file; not done, and nobody changed, when a line is wrong."""
    file, actor = given.needed("file"), session.actor
    problems: list[Problem] = []
    rows = list(_rows(file, actor, problems))
    if not problems:
        _save(session, file, rows, problems, dry=given.flag("dry_run"))
    if problems:
        return _refused(session, problems)
    return _told(session, rows, dry=given.flag("dry_run"))


def _save(
    session: Session, file: str, rows: Sequence[Row], problems: list[Problem], *, dry: bool
) -> None:
    """Save everybody, or nobody when somebody is refused or it is only a trial."""
    ordered = list(_in_order(rows))
    outcomes = session.desk.together([one for _, one in ordered], trial=dry)
    for (at, _), outcome in zip(ordered, outcomes, strict=True):
        if isinstance(outcome, CommandRefused):
            problems.append(_problem(file, at, outcome.reason))


def _in_order(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield everybody, and after them the deputies who stand further down in the file than those they stand in for."""
    listed, seen = {one.name for _, one in rows}, set[str]()
    later: list[Row] = []
    for at, one in rows:
        seen.add(one.name)
        if one.deputy in listed - seen:
            later.append((at, SavePerson(actor=one.actor, name=one.name, deputy=one.deputy)))
            yield at, replace(one, deputy=None)
        else:
            yield at, one
    yield from later


def _rows(file: str, actor: str, problems: list[Problem]) -> Iterator[Row]:
    """Yield the line number and the command of each person; what is wrong goes to `problems`."""
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        titles = [one.strip() for one in next(reader, [])]
        problems += _title_problems(file, titles)
        if problems:
            return
        seen: set[str] = set()
        for written in reader:
            cells = [unquoted(one) for one in written]
            at = reader.line_num
            if not any(one.strip() for one in cells):
                continue
            if len(seen) >= MOST_PEOPLE:
                reason = message("there are more than {limit} people", limit=MOST_PEOPLE)
                problems.append(_problem(file, at, reason))
                return
            fault = _fault(titles, cells, seen)
            if fault is not None:
                problems.append(_problem(file, at, fault))
                continue
            person = _person(actor, dict(zip(titles, map(str.strip, cells), strict=True)))
            seen.add(person.name)
            yield at, person
    except csv.Error as error:
        reason = message("it is no CSV here ({problem})", problem=str(error))
        problems.append(_problem(file, reader.line_num, reason))


def _text(file: str) -> str:
    found = regular_file.read(Path(file), limit=LARGEST)
    if len(found) > LARGEST:
        reason = message("it is larger than {limit} MiB", limit=LARGEST // 1024 // 1024)
        raise FileUnreadable(file=file, reason=reason)
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(file=file, reason=message("it is not UTF-8")) from None


def _title_problems(file: str, titles: Sequence[str]) -> Iterator[Problem]:
    for one in titles:
        if one not in COLUMNS:
            near = hint(one[:80], COLUMNS)
            reason = message("unknown column '{word}'{hint}", word=one[:80], hint=near)
            yield _problem(file, 1, reason)
    if "name" not in titles:
        yield _problem(file, 1, message("the column 'name' is missing: the login names"))
    elif len(set(titles)) < len(titles):
        yield _problem(file, 1, message("a column stands there twice"))


def _fault(titles: Sequence[str], cells: Sequence[str], seen: set[str]) -> Message | None:
    if len(cells) != len(titles):
        template = "{count} cells, and {expected} columns"
        return message(template, count=len(cells), expected=len(titles))
    said = dict(zip(titles, map(str.strip, cells), strict=True))
    if any(len(one) > LONGEST_CELL or "\0" in one for one in cells):
        return message(
            "a cell has more than {limit} characters, or one that is none", limit=LONGEST_CELL
        )
    if said["name"] in seen:
        return message("'{name}' stands there twice", name=said["name"])
    if said.get("active", "") not in ("", *_ACTIVE):
        return message("'active' is yes or no")
    return None


def _person(actor: str, said: Mapping[str, str]) -> SavePerson:
    """Return what a line says about somebody; what is empty stays as it is."""
    values: dict[str, Any] = {one: found for one, found in said.items() if found}
    for one in SEVERAL:
        if one in values:
            parts = (part.strip() for part in values[one].split(";"))
            values[one] = tuple(part for part in parts if part)
    if "active" in values:
        values["active"] = _ACTIVE[values["active"]]
    values.setdefault("name", "")
    return SavePerson(actor=actor, **values)


def _told(session: Session, rows: Sequence[Row], *, dry: bool) -> Answer:
    texts, names = session.texts, [one.name for _, one in rows]
    line = texts.say("People: {count} of the file are on the staff.", count=len(names))
    notes = [texts.text("Nothing is written: this was a dry run.")] if dry else []
    document = {"people": len(names), "written": not dry, "problems": []}
    return Answer(document=document, lines=[line], notes=notes)


def _refused(session: Session, problems: Sequence[Problem]) -> Answer:
    texts = session.texts
    shown = sorted(problems, key=lambda one: one.place)[:MOST_SHOWN]
    lines = [
        texts.say("Nobody is imported: {count} problem(s).", count=len(problems)),
        *(problem_line(one, texts) for one in shown),
    ]
    if len(problems) > MOST_SHOWN:
        lines.append(texts.say("  and {count} more", count=len(problems) - MOST_SHOWN))
    document = {
        "people": 0,
        "written": False,
        "problems": [problem_document(one, texts) for one in shown],
    }
    return Answer(document=document, lines=lines, done=False)


def _problem(file: str, line: int, reason: Message) -> Problem:
    return Problem(code="import.refused", message=reason, place=Place(file, line))


MOST_SHOWN = 100
"""Problems that are listed; beyond them it is said how many more there are."""

IMPORT = Verb(
    name="import",
    run=import_people,
    help=text("add or change everybody of a CSV file, or nobody"),
    more=text(
        "The first line names the columns: name, and any of en, zh, roles, team, department, phone, email, "
        "chat, language, deputy, queues, calendar, active. "
        "Several roles or queues have semicolons between them. What is empty stays as it is."
    ),
    options=(
        Option(
            name="FILE",
            needed=True,
            help=text("a CSV file in UTF-8, with a first line of titles"),
        ),
        Option(name="--dry-run", help=text("say what it would come to, and write nothing")),
    ),
)
