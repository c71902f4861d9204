"""The content of a publication: what a workspace is set up with, as it is proposed, compared with, and put in force."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from casewright import compact_json
from casewright.clock import to_microseconds
from casewright.commands import ProposePublication
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.errors import CommandRefused, message
from casewright.sla.calendar import calendar_from_data
from casewright.store import calendars, configuration, timers
from casewright.store.configuration import Configuration
from casewright.store.damage import UNREADABLE
from casewright.store.database import Database
from casewright.workflows.bundle import unbundle

NEW, CHANGED, GONE = "new", "changed", "gone"
Content = Mapping[str, Any]
_SETS = {"tables": "table", "roles": "role", "templates": "template", "files": "file"}
"""By attribute of the command: the kind under which the store has it."""


def content_of(command: ProposePublication) -> Content:
    """Return what a command proposes as plain data; CommandRefused where it could not be read again."""
    sets = {name: getattr(command, name) for name in _SETS}
    said = command.customers
    sets["customers"] = None if said is None else {"customers": said} if said else {}
    kinds = {**_SETS, "customers": "customers"}
    for name, kind in kinds.items():
        configuration.must_be_readable(kind, sets[name] or {})
    return {
        "workflows": dict(map(_workflow, command.workflows)),
        "calendars": {
            name: _calendar(name, one) for name, one in sorted(command.calendars.items())
        },
        "sets": {kinds[name]: one for name, one in sets.items() if one is not None},
    }


def workflows_of(content: Content) -> Mapping[str, str]:
    """Return the digests of the workflow versions in it, by workflow."""
    return {name: _digest(text) for name, text in content["workflows"].items()}


def data_of(content: Content, workflow: str) -> Mapping[str, Any]:
    """Return the data of a workflow's file, as it is in the bundle."""
    data: Mapping[str, Any] = compact_json.decode(content["workflows"][workflow])["workflow"]
    return data


def changes(
    database: Database, settings: Configuration, content: Content
) -> Mapping[str, Mapping[str, str]]:
    """Return by kind and name what putting it in force would change: `new`, `changed` or `gone`; the rest stays."""
    calendars_then = {name: _digest(one) for name, one in content["calendars"].items()}
    found = {
        "workflow": dict(_compared(settings.current, workflows_of(content), whole=False)),
        "calendar": dict(_compared(settings.calendars, calendars_then, whole=False)),
    }
    for kind, items in content["sets"].items():
        shown = "file" if kind == "customers" else kind
        before = configuration.raw_set(database, kind)
        named = _compared(_texts(kind, before), _texts(kind, items), whole=True)
        found.setdefault(shown, {}).update(named)
    return {kind: names for kind, names in found.items() if names}


def put_in_force(
    database: Database,
    content: Content,
    *,
    by: str,
    approved_by: str,
    rights: tuple[str, ...],
    at: datetime,
) -> None:
    """Publish all of it; clocks that count on a calendar that changed are worked out again."""
    for kind, items in content["sets"].items():
        configuration.save_set(database, kind, items)
    for name, text in content["calendars"].items():
        _, moved = calendars.publish(database, name=name, content=text.encode(), by=by, at=at)
        if moved:
            timers.recalculate(database, name, to_microseconds(at))
    for name, digest in workflows_of(content).items():
        configuration.publish(
            database,
            workflow=name,
            digest=digest,
            content=content["workflows"][name].encode(),
            by=by,
            at=at,
            approved_by=approved_by,
            rights=rights,
        )


def _compared(
    before: Mapping[str, str], then: Mapping[str, str], *, whole: bool
) -> Iterator[tuple[str, str]]:
    """Yield what is another than before; what is not named goes where `then` is the whole."""
    for name in sorted({*before, *then} if whole else then):
        if name not in then:
            yield name, GONE
        elif before.get(name) != then[name]:
            yield name, CHANGED if name in before else NEW


def _texts(kind: str, items: Mapping[str, Any]) -> dict[str, str]:
    return {
        CUSTOMERS if kind == "customers" else name: compact_json.encode(one)
        for name, one in items.items()
    }


def _workflow(bundle: bytes) -> tuple[str, str]:
    try:
        workflow, _ = unbundle(bundle)
        return workflow.name, bundle.decode()
    except UNREADABLE:
        raise CommandRefused(reason=_NO_BUNDLE) from None


def _calendar(name: str, content: bytes) -> str:
    try:
        calendar_from_data(name, compact_json.decode(content), digest=_digest(content.decode()))
        return content.decode()
    except UNREADABLE:
        template = "the calendar '{name}' is none: `casewright workflow check` says what is wrong with it"
        raise CommandRefused(reason=message(template, name=name)) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_NO_BUNDLE = message(
    "a workflow is none: `casewright workflow check` says what is wrong with it"
)
