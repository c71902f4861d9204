"""`casewright db`: the database."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewright.answers import DatabaseStatus
from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Option, Verb
from casewright.cli.session import Session
from casewright.errors import CasewrightError
from casewright.texts import text

if TYPE_CHECKING:
    from casewright.desk.vitals import Vitals


def status(session: Session, given: Given) -> Answer:
    """Answer with how the database stands, without changing it."""
    from casewright.desk import database_status, workspace_vitals

    found = database_status(session.config)
    newest = found.exists and found.version == found.newest
    vitals = workspace_vitals(session.config) if newest else None
    document: dict[str, Any] = {
        "path": found.path,
        "exists": found.exists,
        "version": found.version,
        "newest": found.newest,
        "library": found.library,
        "plugins": dict(found.plugins),
        "pragmas": _pragmas(found),
        "warnings": [session.texts.render(one) for one in found.warnings],
        "vitals": None if vitals is None else asdict(vitals),
    }
    lines = [*_lines(session, found), *(_vital_lines(session, vitals) if vitals else ())]
    return Answer(document=document, lines=lines, done=newest)


def migrate(session: Session, given: Given) -> Answer:
    """Make the database, or bring it to the newest schema."""
    from casewright.cli.founding import found_database
    from casewright.desk import database_status
    from casewright.ownership import shared

    tables = database_status(session.config).plugins
    with shared(session.config.database):
        before, after = found_database(session.config, admin=session.claimed)
    texts = session.texts
    if before == after:
        said = texts.say(
            "The database has the newest schema already: version {version}.", version=after
        )
    elif before:
        said = texts.say(
            "The database went from version {before} to version {after}.",
            before=before,
            after=after,
        )
    else:
        said = texts.say(
            "The database is made, at version {version}; {person} is its administrator.",
            version=after,
            person=session.claimed,
        )
    plugins, lines, sound = _plugins(session, tables)
    document = {"from": before, "to": after, "plugins": plugins}
    return Answer(document=document, lines=[said, *lines], done=sound)


def copy(session: Session, given: Given) -> Answer:
    """Move the workspace to a server; the settings name it afterwards, and the file stays as it was."""
    import os

    from casewright.cli.replay import progress_bar
    from casewright.desk.moving import move

    address, config, texts = given.needed("to"), session.config, session.texts
    with progress_bar(texts.text("copying")) as progress:
        elsewhere = "CASEWRIGHT_DATABASE" in os.environ
        moved = move(config, address, named=not elsewhere, tell=progress or _nobody)
    document = {
        "to": address,
        "rows": moved.rows,
        "ranges": moved.ranges,
        "tickets": moved.tickets,
        "events": moved.events,
    }
    said = texts.say(
        "The workspace is on the server: {rows} rows in {tables} tables, tickets {tickets}, events {events};"
        " all are there as they were, and verified.",
        rows=sum(moved.rows.values()),
        tables=len(moved.rows),
        tickets=moved.tickets,
        events=moved.events,
    )
    named = (
        texts.text("CASEWRIGHT_DATABASE names the file still: let it name the server.")
        if elsewhere
        else texts.text("casewright.toml names the server from now on.")
    )
    file = texts.say(
        "{file} is as it was: keep it until you are sure, and then take it away.",
        file=str(config.database),
    )
    return Answer(document=document, lines=[said, named, file])


def _nobody(done: int, total: int) -> None:
    """Show nobody how far it is."""


def _plugins(
    session: Session, before: Mapping[str, int]
) -> tuple[dict[str, Any], list[str], bool]:
    """Return what became of the plugins' tables: as a document, as lines, and whether all are as they must be."""
    from casewright.desk import migrate_plugins

    texts, sound = session.texts, True
    documents: dict[str, Any] = {}
    lines: list[str] = []
    for name, found in migrate_plugins(session.config).items():
        if isinstance(found, CasewrightError):
            documents[name] = {"error": texts.error(found)}
            lines.append(texts.error(found))
            sound = False
            continue
        first, newest = before.get(name, 0), found[1]
        documents[name] = {"from": first, "to": newest}
        if first != newest:
            template = (
                "The tables of the plugin '{plugin}' went from migration {before} to {after}."
            )
            lines.append(texts.say(template, plugin=name, before=first, after=newest))
    return documents, lines, sound


def _lines(session: Session, found: DatabaseStatus) -> Iterator[str]:
    texts = session.texts
    yield texts.say("database: {path}", path=found.path)
    if not found.exists:
        yield texts.text("It does not exist yet; `casewright db migrate` makes it.")
        return
    yield texts.say(
        "schema: version {version} of {newest}", version=found.version, newest=found.newest
    )
    if found.version < found.newest:
        yield texts.text("`casewright db migrate` brings it to the newest.")
    for name, number in found.plugins.items():
        template = "tables of the plugin '{plugin}': migration {number}"
        yield texts.say(template, plugin=name, number=number)
    yield texts.say("library: {library}", library=found.library)
    yield from (f"  {name} = {value}" for name, value in _pragmas(found).items())
    yield from (texts.say("warning: {warning}", warning=one) for one in found.warnings)


def _vital_lines(session: Session, seen: "Vitals") -> Iterator[str]:
    """Yield who works, what waits, and what is late."""
    texts = session.texts
    if seen.worker:
        yield texts.say("worker: {holder}", holder=seen.worker)
    else:
        yield texts.text("worker: nobody works here now; `casewright worker` does")
    yield texts.say(
        "queue: {outbox} notice(s) and {calls} call(s) to other systems wait; given up: {given_up}",
        outbox=seen.outbox,
        calls=seen.calls,
        given_up=seen.given_up,
    )
    if seen.load is not None:
        template = "jobs: {waiting} wait, {under_way} under way, {stalled} stalled; workers that live: {workers}"
        yield texts.say(template, **asdict(seen.load))
    if not any(seen.overdue.values()):
        yield texts.text("timers: nothing is overdue")
        return
    template = "timers overdue: {count}; up to a minute {minute}, an hour {hour}, a day {day}, longer {longer}"
    yield texts.say(template, count=sum(seen.overdue.values()), **seen.overdue)
    if seen.lag:
        lag = timedelta(seconds=round(seen.lag))
        yield texts.say("lag: the most overdue waits for {lag}", lag=lag)


def _pragmas(found: DatabaseStatus) -> dict[str, str | int]:
    """Return the pragmas as they are written in SQL: numbers as numbers, `synchronous` by its name."""
    return {
        name: _SYNCHRONOUS[int(value)]
        if name == "synchronous" and value in "0123"
        else int(value)
        if value.isdecimal()
        else value
        for name, value in found.pragmas.items()
    }


_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")

NOUNS = (
    Noun(
        name="db",
        help=text("the database"),
        verbs=(
            Verb(
                name="status",
                run=status,
                help=text("say how the database stands, without changing it"),
            ),
            Verb(
                name="migrate",
                run=migrate,
                help=text("make the database, or bring it to the newest schema"),
                more=text("Whoever makes it is its first administrator."),
            ),
            Verb(
                name="copy",
                run=copy,
                help=text("move the workspace from its file to a PostgreSQL server"),
                options=(
                    Option(
                        name="--to",
                        value="ADDRESS",
                        help=text("the server, such as postgresql://db.example.com/casewright"),
                        needed=True,
                    ),
                ),
                more=text(
                    "People go on working while it is copied; for the last step nobody may. Said again after that was refused, "
                    "or after it was interrupted, it copies only what changed since."
                ),
            ),
        ),
    ),
)
