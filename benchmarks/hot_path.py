"""What a command does at the database, counted: its statements, and sessions of the ORM, of which there must be none.

    python benchmarks/hot_path.py                        # exit code 1 where a command does more than is planned
    python benchmarks/hot_path.py --sabotage session     # must be 1: a command that opens a session
    python benchmarks/hot_path.py --sabotage statement   # must be 1: a command with a statement more

It counts what really reaches the driver, in whatever way it is said; speed is measured elsewhere.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bare import Recorder
from job_workspace import copied, fire, keys_of, make

from casewright.config import Config
from casewright.desk import open_desk
from casewright.store import history
from casewright.store.database import Connection

PLANNED: Mapping[str, int] = {"report": 12, "resume": 13, "note": 9}
"""Statements of each transition, with those that begin and commit: without a form, with one, and with one and a notice."""
SABOTAGES = ("session", "statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one command did."""

    transition: str
    statements: int
    sessions: int

    @property
    def is_planned(self) -> bool:
        """Whether it did no more than it may."""
        return self.statements <= PLANNED[self.transition] and not self.sessions


def counted(config: Config, *, sabotage: str = "") -> list[Done]:
    """Return what each kind of command does in a copy of the workspace, once everything is in memory."""
    recorders: list[Recorder] = []

    def driver(path: Path) -> Connection:
        recorders.append(Recorder(path))
        return recorders[-1]

    sample = copied(config, "counted", "NORMAL")
    key = keys_of(sample)[0]
    found = []
    with _sessions() as sessions, open_desk(sample, driver=driver) as desk, _spoilt(sabotage):
        fire(desk, key, "report", 1)
        fire(desk, key, "resume", 2)
        for transition, note in (("report", 3), ("resume", 4), ("note", -1)):
            before = len(sessions)
            for one in recorders:
                one.statements.clear()
            fire(desk, key, transition, note)
            said = sum(len(one.statements) for one in recorders)
            made = len(sessions) - before
            found.append(Done(transition=transition, statements=said, sessions=made))
    return found


@contextmanager
def _sessions() -> Iterator[list[Any]]:
    """Yield the sessions and connections of SQLAlchemy that are made meanwhile, SQLModel's among them."""
    from sqlalchemy import Connection as Core
    from sqlalchemy.orm import Session

    made: list[Any] = []
    kinds: tuple[type, ...] = (Session, Core)
    before = [kind.__init__ for kind in kinds]  # type: ignore[misc]
    for kind, first in zip(kinds, before, strict=True):
        kind.__init__ = _noting(made, first)  # type: ignore[misc]
    try:
        yield made
    finally:
        for kind, first in zip(kinds, before, strict=True):
            kind.__init__ = first  # type: ignore[misc]


def _noting(made: list[Any], first: Callable[..., None]) -> Callable[..., None]:
    def begin(self: Any, *given: Any, **named: Any) -> None:
        made.append(self)
        first(self, *given, **named)

    return begin


@contextmanager
def _spoilt(sabotage: str) -> Iterator[None]:
    """Make every command do what it must not, so that it is seen that it would be noticed."""
    before = history.append

    def worse(database: Any, *given: Any) -> None:
        if sabotage == "session":
            from sqlmodel import Session

            Session().close()
        elif sabotage == "statement":
            database.execute("SELECT 1").fetchall()
        before(database, *given)

    if sabotage:
        history.append = worse
    try:
        yield
    finally:
        history.append = before


def main() -> None:
    """Count, print, and exit with 1 where it is more than planned."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--sabotage", choices=SABOTAGES, default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="casewright-bench-"))
    try:
        found = counted(make(folder, 2), sabotage=options.sabotage)
    finally:
        shutil.rmtree(folder)
    for one in found:
        said = {
            "transition": one.transition,
            "statements": one.statements,
            "sessions": one.sessions,
        }
        planned = f"{one.transition}: {one.statements} statements (planned {PLANNED[one.transition]}), {one.sessions} sessions"
        print(json.dumps(said) if options.json else planned)
    sys.exit(not all(one.is_planned for one in found))


if __name__ == "__main__":
    main()
