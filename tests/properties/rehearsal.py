"""A real desk on a real file, with an eye on the file: what must hold whatever is asked of the desk."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from casewright.clock import SetClock
from casewright.commands import (
    AddComment,
    Command,
    FireTransition,
    PublishCalendar,
    PublishTables,
    PublishWorkflow,
    SavePerson,
    UndoTransition,
)
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.errors import CasewrightError, CommandReused
from casewright.model import SYSTEM, Receipt, Ticket, is_system
from casewright.queries import GetBoard, ListTickets, VerifyAudit
from casewright.settings.channels import ChannelSettings
from casewright.sla.calendar import content_of
from casewright.store import tallies
from casewright.store.database import Driver, library, open_sqlite
from casewright.texts import Texts
from casewright.workflows.bundle import bundle

from .surroundings import CALENDARS, DEPARTMENTS, PEOPLE, ROLES, calendar
from .witness import READER, InvariantBroken, Witness, must_hold
from .workflows import Workspace

BEGINNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SMS = ChannelSettings(name="sms", driver="console", options={"kind": "sms"})
IN_CHINESE = Texts("zh")
UNSAID = re.compile(r"\{[a-z]+\}|\b[A-Z]\w+\([a-z]+=")
"""What nobody should have to read: a value that was not filled in, or Python's own idea of one."""


class Rehearsal:
    """Two desks on one database: each command goes to one of them, and the file is looked at after each."""

    def __init__(
        self, folder: Path, workspace: Workspace, *, driver: Driver = open_sqlite
    ) -> None:
        self.workspace, self.clock = workspace, SetClock(BEGINNING)
        self._config = Config(
            root=folder,
            database=folder / "desk.db",
            attachments=folder / "files",
            synchronous="NORMAL",
            channels={"sms": SMS},
        )
        self._open = ExitStack()
        self.desk = self._open.enter_context(
            open_desk(self._config, clock=self.clock, create=True, driver=driver)
        )
        self.other = self._open.enter_context(
            open_desk(self._config, clock=self.clock, driver=driver)
        )
        self._eye = self._open.enter_context(_looking(self._config.database))
        self.witness = Witness(workspace, self.desk, self._eye)
        self.outcomes: Counter[tuple[str, bool]] = Counter()
        self._done: list[tuple[Command, Receipt]] = []
        self._fired: dict[str, tuple[FireTransition, Ticket]] = {}
        self._blocked: set[tuple[str, str, str]] = set()
        self._set_up()

    def close(self) -> None:
        """Close both desks and the eye."""
        self._open.close()

    @property
    def tickets(self) -> dict[str, Ticket]:
        """The tickets as they were last seen."""
        return self.witness.tickets

    @property
    def accepted(self) -> int:
        """How many commands were accepted."""
        return len(self._done)

    @property
    def transitions(self) -> list[str]:
        """All transitions of all workflows."""
        states = [
            state
            for data in self.workspace.workflows.values()
            for state in data["states"].values()
        ]
        inner = [one for state in states for one in state.get("states", {}).values()]
        places = [
            *states,
            *inner,
            *(
                {"transitions": data.get("shared", {})}
                for data in self.workspace.workflows.values()
            ),
        ]
        return sorted({way for place in places for way in place.get("transitions", ())})

    def form_of(self, ticket: Ticket, way: str) -> str | None:
        """Return the form that is filled in with a transition out of the ticket's state."""
        outer, _, inner = ticket.state.partition(".")
        states = self.workspace.workflows[ticket.workflow]["states"]
        common = self.workspace.workflows[ticket.workflow].get("shared", {})
        shared = states.get(outer, {}).get("transitions", {})
        own = states.get(outer, {}).get("states", {}).get(inner, {}).get("transitions", {})
        found = {**common, **shared, **own}.get(way)
        return found.get("form") if isinstance(found, dict) else None

    def notices(self) -> list[tuple[int, str, str]]:
        """Return every notice: its number, its ticket, and to whom it went."""
        return self._eye.execute(_NOTICES).fetchall()

    def note_blocked(self, actor: str, key: str, names: list[str]) -> None:
        """Remember what the desk says is not possible now."""
        self._blocked = {(actor, key, name) for name in names}

    # --- doing ------------------------------------------------------------------------------------

    def do(self, command: Command, desk: Desk | None = None) -> Receipt | None:
        """Give a command to a desk; None when it is refused. InvariantBroken when something gives way."""
        # What is taken back is taken back at once; ten seconds are all there is.
        taking_back = isinstance(command, UndoTransition)
        self.clock.advance(timedelta(seconds=5) if taking_back else timedelta(minutes=17))
        before, stood = self._commits(), dict(self.tickets)
        try:
            receipt = self._attempt(command, desk or self.desk)
        except CasewrightError as refusal:
            self.outcomes[type(command).__name__, False] += 1
            self._is_a_refusal(refusal)
            must_hold("a refused command changes nothing", self._untouched(before), command)
            return None
        self.outcomes[type(command).__name__, True] += 1
        must_hold("what is blocked is refused", not self._was_blocked(command), command)
        must_hold("an accepted command changes something", self._commits() != before, command)
        self._done.append((command, receipt))
        if isinstance(command, SavePerson):
            self.witness.people[command.name] = {
                "roles": command.roles,
                "active": command.active,
            }
        self.witness.look(command)
        self._remember(command, stood)
        return receipt

    def _remember(self, command: Command, stood: dict[str, Ticket]) -> None:
        """Hold what is taken back to how the ticket stood before it was done."""
        if isinstance(command, UndoTransition):
            taken, before = self._fired[command.undone]
            now = self.tickets[taken.ticket]
            counted = {
                name: getattr(now, name) for name in ("version", "sequence", "updated_at")
            }
            as_it_was = replace(before, **counted) == now
            must_hold("what is taken back is as it was before", as_it_was, command)
        elif isinstance(command, FireTransition) and command.ticket in stood:
            self._fired[command.command_id] = (command, stood[command.ticket])

    @property
    def last_fired(self) -> FireTransition | None:
        """The transition that was done last, where nothing was done since that would be in the way."""
        last = self._done[-1][0] if self._done else None
        return last if isinstance(last, FireTransition) else None

    def repeat(self, index: int, desk: Desk | None = None) -> None:
        """Give an accepted command once more: its first receipt comes back, and nothing else happens."""
        command, first = self._done[index % len(self._done)]
        before = self._commits()
        with suppress(CasewrightError) if self._has_left(command.actor) else ExitStack():
            again = self._attempt(command, desk or self.desk)
            must_hold(
                "a repeat returns the first receipt",
                again == replace(first, repeated=True),
                (again, first),
            )
        must_hold("a repeat adds nothing", self._untouched(before), command)

    def reuse(self, index: int) -> None:
        """Use the id of an accepted command for something else: it is refused."""
        command, _ = self._done[index % len(self._done)]
        key = next(iter(self.tickets), "MAT-2026-000001")
        before = self._commits()
        refused = False
        try:
            self.desk.execute(
                AddComment(
                    actor="chief", command_id=command.command_id, ticket=key, text="another"
                )
            )
        except CommandReused:
            refused = True
        except CasewrightError:
            refused = not self.tickets
        must_hold("an id is used once", refused and self._untouched(before), command)

    def abandon(self, commands: list[Command]) -> None:
        """Give commands in a batch that breaks off: none of them has happened."""
        before = self._commits()
        with suppress(_BreakOff), self.desk.batch():
            for command in commands:
                with suppress(CasewrightError):
                    self._attempt(command, self.desk)
            raise _BreakOff
        must_hold("a batch that breaks off changes nothing", self._untouched(before), commands)

    def end(self) -> None:
        """Check what must hold of the whole file, and that another desk sees the same."""
        audit = self.desk.ask(VerifyAudit(actor=READER))
        must_hold("the audit holds", audit.ok, audit.first_broken)
        events = self._eye.execute("SELECT count(*) FROM event").fetchone()[0]
        must_hold(
            "the audit holds",
            (audit.tickets, audit.events) == (len(self.tickets), events),
            audit,
        )
        must_hold(
            "every effect follows from an event",
            not self._eye.execute(_STRAY).fetchall(),
            "notice",
        )
        must_hold(
            "the totals kept are what counting comes to",
            not tallies.wrong(self._eye),
            tallies.kept(self._eye),
        )
        with open_desk(self._config, clock=self.clock) as another:
            listed = another.ask(ListTickets(actor=READER, limit=1000)).tickets
            must_hold(
                "another desk sees the same",
                {one.key: one for one in listed} == self.tickets,
                listed,
            )
            on_board = sum(row.tickets for row in another.ask(GetBoard(actor=READER)))
            must_hold("another desk sees the same", on_board == len(self.tickets), on_board)

    def _attempt(self, command: Command, desk: Desk) -> Receipt:
        run = desk.execute_as_system if is_system(command.actor) else desk.execute
        try:
            return run(command)
        except CasewrightError:
            raise
        except Exception as crash:
            raise InvariantBroken(
                "every exception is a refusal", f"{crash!r} of {command}"
            ) from crash

    def _set_up(self) -> None:
        run = self.desk.execute_as_system
        with self.desk.batch():
            run(PublishTables(actor=SYSTEM, tables={"departments": DEPARTMENTS}, roles=ROLES))
            for name in CALENDARS:
                content = content_of(calendar(name))
                run(PublishCalendar(actor=SYSTEM, name=name, content=content))
            for data in self.workspace.workflows.values():
                plain = json.loads(json.dumps(data))
                run(
                    PublishWorkflow(
                        actor=SYSTEM, content=bundle(plain, self.workspace.forms).content
                    )
                )
            for name, person in PEOPLE.items():
                run(SavePerson(actor=SYSTEM, name=name, **person))

    # --- what is asked about -----------------------------------------------------------------------

    def _has_left(self, actor: str) -> bool:
        return actor in self.witness.people and not self.witness.people[actor].get(
            "active", True
        )

    def _was_blocked(self, command: Command) -> bool:
        blocked, self._blocked = self._blocked, set()
        return (
            command.actor,
            getattr(command, "ticket", ""),
            getattr(command, "transition", ""),
        ) in blocked

    def _commits(self) -> tuple[int, int]:
        """Return a number that moves on with every commit of anybody else, and how many rows the access log has."""
        version = self._eye.execute("PRAGMA data_version").fetchone()[0]
        return int(version), int(self._eye.execute("SELECT count(*) FROM access").fetchone()[0])

    def _untouched(self, before: tuple[int, int]) -> bool:
        """Return whether nothing was committed but, at once, that somebody was refused."""
        version, rows = self._commits()
        return version - before[0] == (rows > before[1])

    def _is_a_refusal(self, refusal: CasewrightError) -> None:
        said = (str(refusal), IN_CHINESE.error(refusal), refusal.code)
        must_hold(
            "a refusal says why",
            all(said) and not any(UNSAID.search(one) for one in said),
            said,
        )


class _BreakOff(Exception):
    """Ends a batch in the middle."""


_STRAY = """
    SELECT notice.id FROM notice LEFT JOIN event
    ON event.ticket_id = notice.ticket_id AND event.sequence = notice.sequence WHERE event.id IS NULL
"""
_NOTICES = """
    SELECT notice.id, ticket.key, notice.recipient FROM notice
    JOIN ticket ON ticket.id = notice.ticket_id ORDER BY notice.id
"""


@contextmanager
def _looking(path: Path) -> Iterator[Any]:
    """Another connection of the same library: two libraries would release each other's locks."""
    eye = library().connect(str(path), isolation_level=None)  # type: ignore[attr-defined]
    try:
        yield eye
    finally:
        eye.close()
