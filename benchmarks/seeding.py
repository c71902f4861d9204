"""A workspace with a million tickets of the shipped workflows, in a minute or two: `python benchmarks/seeding.py FOLDER --tickets N`.

A few dozen are made by the desk, by the people of the demonstration, and brought on as far as their actions go; then their
rows are written again and again, under other keys, at other moments, with other handlers, owners and customers.

What is not true of such a store: the hash chains of the copies (`audit verify` finds every one of them broken), and their
histories, which tell what happened and when, but neither what was filled in nor what became of the clocks. No customer is
registered for most of them, nobody was told anything of them, and their clocks do not wait for their timers: a worker that
runs there finds nothing due.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casewright import compact_json
from casewright.cli.founding import make_workspace
from casewright.clock import to_microseconds
from casewright.commands import FireTransition, OpenTicket, SaveCustomer, SavePerson
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM
from casewright.queries import GetActions, GetTables, GetWorkflow
from casewright.rehearse.filling import Filling
from casewright.store import deadlines, search
from casewright.store.database import Database

WORKFLOWS = ("inquiry", "service_request", "complaint")
PATTERNS = 18
"""So many are made of each workflow; each is brought on by up to three actions."""
FRONT = (
    "chen_jing li_na zhou_qiang wu_min zheng_kai he_ping sun_wei huang_ying zhao_lei qian_mei"
)
OPENERS = tuple(FRONT.split())
CLOSED_IN = 10
"""One in so many copies is of a ticket that is closed by now."""
UNASSIGNED_IN = 12
CUSTOMERS = 2_000
PER_COMMIT = 20_000
DAY = 86_400_000_000
SUBJECTS = (
    "宽带无法上网", "套餐变更未生效", "地址变更", "电视无信号", "账单金额有疑问", "移机预约",
    "No signal in the living room", "Tariff of the fibre line", "Bill higher than agreed", "宽带测速不达标",
)  # fmt: skip
_MOMENT = re.compile(r"(?<![\w\"])1[6789]\d{14}(?!\d)")
_DUE = re.compile(r'("(?:due_at|original_due|next_at)":)(\d+)')
_TICKET = (
    "INSERT INTO ticket (id, key, workflow, bundle, opened_at, handler, owner, customer, parent, lineage, closed_at, state,"
    " priority, version, sequence, updated_at, head, record, fields, due_at, promise, paused, urgency)"
    f" VALUES ({', '.join('?' * 23)})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The rows of a ticket that the desk has made."""

    row: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    reach: tuple[tuple[str, str], ...]


def seeded(folder: Path, tickets: int, people: int = 200) -> Config:
    """Make a workspace with so many tickets in the hands of the demonstration's staff and so many more `people`."""
    config = make_workspace(folder, admin="root", language="en", people=True)
    with open_desk(config) as desk:
        staff = _staff(desk, people)
        _patterns(desk)
    database = Database(config.database, synchronous="OFF")
    patterns = _read(database)
    _multiply(database, patterns, tickets, staff)
    database.close()
    return config


def _staff(desk: Desk, people: int) -> Sequence[str]:
    names = [f"agent_{number:03}" for number in range(people)]
    with desk.batch():
        for number, name in enumerate(names):
            team = f"seeded_{number // 10}"
            desk.execute_as_system(
                SavePerson(
                    actor=SYSTEM, name=name, en=name.title(), zh=name, roles=("agent",),
                    team=team, department="contact_centre",
                )
            )  # fmt: skip
        for number in range(CUSTOMERS):
            desk.execute_as_system(
                SaveCustomer(actor=SYSTEM, id=f"S-{number:05}", name=f"客户{number:05}")
            )
    return [*OPENERS, *names]


def _patterns(desk: Desk) -> None:
    tables = desk.ask_as_system(GetTables(actor=SYSTEM))
    filling = Filling(tables=tables, people=OPENERS, day=datetime.now(UTC).date())
    draw = random.Random(7)
    for workflow in WORKFLOWS:
        found, forms = desk.ask_as_system(GetWorkflow(actor=SYSTEM, workflow=workflow))
        for number in range(PATTERNS):
            actor = OPENERS[number % len(OPENERS)]
            values, _ = filling.fill(forms[found.form])
            values["subject"] = SUBJECTS[number % len(SUBJECTS)]
            opened = desk.execute(
                OpenTicket(
                    actor=actor, workflow=workflow, fields=values, customer=f"S-{number:05}",
                    channel="call",
                )
            )  # fmt: skip
            for _ in range(number % 4):
                _bring_on(desk, opened.ticket, forms, filling, draw)


def _bring_on(
    desk: Desk, ticket: str, forms: Any, filling: Filling, draw: random.Random
) -> None:
    """Take one of the actions that somebody may take; those that are refused are left alone."""
    for actor in OPENERS:
        offers = [
            one
            for one in desk.ask(GetActions(actor=actor, ticket=ticket))
            if one.blocked is None
        ]
        draw.shuffle(offers)
        for offer in offers:
            form = filling.fill(forms[offer.form])[0] if offer.form else {}
            command = FireTransition(
                actor=actor, ticket=ticket, transition=offer.name, form=form, reason="seeded"
            )
            try:
                desk.execute(command)
            except CasewrightError:
                continue
            return


def _read(database: Database) -> list[Pattern]:
    cursor = database.execute("SELECT * FROM ticket WHERE parent IS NULL")
    names = [one[0] for one in cursor.description]
    found = []
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        bodies = database.execute(
            "SELECT body FROM event WHERE ticket_id = ? ORDER BY sequence", (row["id"],)
        ).fetchall()
        reach = database.execute(
            "SELECT kind, name FROM ticket_reach WHERE ticket_id = ?", (row["id"],)
        ).fetchall()
        events = tuple(_shortened(compact_json.decode(body)) for (body,) in bodies)
        found.append(Pattern(row=row, events=events, reach=tuple(reach)))
    return found


def _shortened(body: dict[str, Any]) -> dict[str, Any]:
    """Return an event without what was filled in, and with the changes that a history is read for."""
    kept = {
        name: body["changes"][name]
        for name in ("state", "handler", "owner", "priority")
        if name in body.get("changes", {})
    }
    plain = {
        name: body[name] for name in ("ticket", "sequence", "kind", "at", "actor", "version")
    }
    facts = {
        name: value
        for name, value in body.get("facts", {}).items()
        if name in ("transition", "from", "to", "state")
    }
    return {**plain, "changes": kept, "facts": facts}


def _multiply(
    database: Database, patterns: Sequence[Pattern], tickets: int, staff: Sequence[str]
) -> None:
    draw = random.Random(11)
    opened = [one for one in patterns if one.row["closed_at"] is None]
    closed = [one for one in patterns if one.row["closed_at"] is not None] or opened
    first = database.execute("SELECT max(id) FROM ticket").fetchone()[0] + 1
    now = to_microseconds(datetime.now(UTC))
    for begin in range(0, tickets, PER_COMMIT):
        number = min(PER_COMMIT, tickets - begin)
        copies = [
            _copy(
                draw.choice(closed if draw.randrange(CLOSED_IN) == 0 else opened),
                first + begin + one,
                # The newest tickets were opened now, the oldest two hundred days ago.
                now - (tickets - begin - one) * 200 * DAY // tickets,
                now,
                staff,
                draw,
            )
            for one in range(number)
        ]
        with database.write():
            _write(database, copies)
    with database.write():
        database.execute("UPDATE counter SET last = last + ?", (tickets,))


def _copy(
    pattern: Pattern,
    number: int,
    opened: int,
    now: int,
    staff: Sequence[str],
    draw: random.Random,
) -> tuple[Any, ...]:
    row = dict(pattern.row)
    shift = opened - row["opened_at"]
    # Half of all have more time than was promised them: else nearly every one of them would be overdue.
    grace = now - opened + draw.randrange(5 * DAY) if draw.random() < 0.5 else 0
    prefix = row["key"].split("-")[0]
    key = f"{prefix}-2025-{number:07}"
    handler = row["handler"]
    if handler is not None or row["closed_at"] is None:
        handler = None if draw.randrange(UNASSIGNED_IN) == 0 else draw.choice(staff)
    record = _DUE.sub(
        lambda found: f"{found[1]}{int(found[2]) + grace}", _shifted(row["record"], shift)
    )
    fields = compact_json.decode(row["fields"])
    fields["subject"] = f"{draw.choice(SUBJECTS)} {number:07}"
    due = row["due_at"] if row["due_at"] >= deadlines.NEVER else row["due_at"] + shift + grace
    at = row["updated_at"] + shift
    values = (
        number, key, row["workflow"], row["bundle"], row["opened_at"] + shift, handler,
        row["owner"], f"S-{draw.randrange(CUSTOMERS):05}", None, key,
        None if row["closed_at"] is None else row["closed_at"] + shift,
        row["state"], row["priority"], row["version"], row["sequence"], at, row["head"],
        record, compact_json.encode(fields), due, row["promise"], row["paused"],
        deadlines.urgency(row["priority"], due),
    )  # fmt: skip
    reach = {place for place in pattern.reach if place != ("party", row["handler"])}
    if handler is not None:
        reach.add(("party", handler))
    events = [
        (
            number, one["sequence"], None,
            compact_json.encode({**one, "ticket": key, "at": one["at"] + shift}), row["head"],
        )
        for one in pattern.events
    ]  # fmt: skip
    found_by = search.indexed([fields["subject"]])
    return values, events, [(kind, name, number) for kind, name in reach], (number, found_by)


def _shifted(text: str, shift: int) -> str:
    return _MOMENT.sub(lambda found: str(int(found.group()) + shift), text)


def _write(database: Database, copies: Sequence[tuple[Any, ...]]) -> None:
    def all_of(one: int) -> Iterator[Any]:
        return (row for copy in copies for row in copy[one])

    many = database._connection.executemany
    many(_TICKET, [copy[0] for copy in copies])
    many(
        "INSERT INTO event (ticket_id, sequence, command_id, body, hash) VALUES (?, ?, ?, ?, ?)",
        all_of(1),
    )
    many(
        "INSERT INTO ticket_reach (kind, name, ticket_id) VALUES (?, ?, ?)",
        sorted(all_of(2)),
    )
    many("INSERT INTO ticket_text (rowid, tokens) VALUES (?, ?)", [copy[3] for copy in copies])


def main() -> None:
    """Make the workspace that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    begun = time.perf_counter()
    config = seeded(given.folder, given.tickets, given.people)
    size = sum(one.stat().st_size for one in config.root.glob("casewright.db*"))
    took = time.perf_counter() - begun
    sys.stdout.write(
        f"{given.tickets} tickets in {took:.0f} s, {size / 1e6:.0f} MB: {config.root}\n"
    )


if __name__ == "__main__":
    main()
