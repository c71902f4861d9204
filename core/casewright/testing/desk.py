"""A desk for tests: in a folder, on a clock that stands, with two workflows and two people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casewright.clock import Clock, SetClock
from casewright.commands import PublishTables, PublishWorkflow, SavePerson
from casewright.config import Config
from casewright.desk import Desk, open_desk
from casewright.model import SYSTEM
from casewright.store.database import Driver, open_sqlite
from casewright.workflows.bundle import bundle

MOMENT = datetime(2026, 3, 2, 8, 30, 15, 123457, tzinfo=UTC)
"""When the clock of a test desk stands, unless it is given another."""


def _both(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


FORM: Mapping[str, Any] = {
    "x-title": _both("Parcel"),
    "type": "object",
    "properties": {
        "subject": {"x-title": _both("Subject"), "type": "string", "maxLength": 200},
        "pieces": {"x-title": _both("Pieces"), "type": "integer"},
        "weight": {"x-title": _both("Weight"), "type": "number"},
        "fragile": {"x-title": _both("Fragile"), "type": "boolean"},
        "places": {
            "x-title": _both("Places"),
            "type": "array",
            "items": {"type": "string"},
            "maxItems": 5,
        },
    },
}
ERRAND: Mapping[str, Any] = {
    "workflow": "errand",
    "title": _both("Errand"),
    "prefix": "ERR",
    "owner": "role:agent",
    "start": "sent",
    "states": {
        "sent": {
            "title": _both("Sent"),
            "transitions": {"answer": {"to": "closed", "by": "anyone"}},
        },
        "closed": {"title": _both("Closed"), "final": True},
    },
}
PARCEL: Mapping[str, Any] = {
    "workflow": "parcel",
    "title": _both("Late parcel"),
    "prefix": "PCL",
    "form": "parcel",
    "owner": "role:agent",
    "reopen": "continue",
    "start": "registered",
    "states": {
        "registered": {
            "title": _both("Registered"),
            "transitions": {
                "search": {
                    "to": "searching",
                    "by": "anyone",
                    "do": [{"open": "errand"}, {"open": "errand"}, {"tell": "role:agent"}],
                },
                "find": {"to": "closed", "by": "anyone"},
            },
        },
        "searching": {
            "title": _both("Searching"),
            "transitions": {
                "find": {"to": "closed", "by": "anyone", "when": "children.open == 0"}
            },
        },
        "closed": {"title": _both("Closed"), "final": True},
    },
}
ROLES: Mapping[str, Any] = {
    "agent": {
        "title": _both("Agent"),
        "permissions": ["ticket.*", "people.edit", "audit.verify"],
    }
}
PEOPLE = ("ana", "ben")


def open_test_desk(
    folder: Path,
    *,
    workflows: Sequence[Mapping[str, Any]] = (ERRAND, PARCEL),
    forms: Mapping[str, Mapping[str, Any]] | None = None,
    clock: Clock | None = None,
    driver: Driver = open_sqlite,
) -> Desk:
    """Return a desk on a SQLite file in `folder`, whose workflows are published and on whose staff are ana and ben.

    A folder that has one already is opened as it stands. The clock stands at `MOMENT` unless another is given.
    """
    config = Config(
        root=folder,
        database=folder / "desk.db",
        attachments=folder / "attachments",
        synchronous="NORMAL",
    )
    is_new = not config.database.exists()
    desk = open_desk(config, clock=clock or SetClock(MOMENT), create=is_new, driver=driver)
    if is_new:
        furnish(desk, workflows=workflows, forms={"parcel": FORM} if forms is None else forms)
    return desk


def furnish(
    desk: Desk,
    *,
    workflows: Sequence[Mapping[str, Any]] = (ERRAND, PARCEL),
    forms: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Publish workflows and put ana and ben on the staff of an empty desk."""
    known = {"parcel": FORM} if forms is None else forms
    with desk.batch():
        desk.execute_as_system(PublishTables(actor=SYSTEM, tables={}, roles=ROLES))
        for data in workflows:
            made = bundle(data, known)
            desk.execute_as_system(PublishWorkflow(actor=SYSTEM, content=made.content))
        for name in PEOPLE:
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=("agent",)))
