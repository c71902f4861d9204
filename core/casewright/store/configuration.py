"""What the workspace is set up with: people, roles, lookup tables and published workflows."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from casewright import compact_json
from casewright.access.roles import Role, roles_from_data
from casewright.clock import from_microseconds, to_microseconds
from casewright.contributions import PluginState
from casewright.errors import CommandRefused, DatabaseDamaged, message
from casewright.model import Absence, Person
from casewright.store import plugin_states
from casewright.store import sqlite_statements as sql
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass
from casewright.workflows.tables import Table, table_from_data

VERSION = (sql.CONFIGURATION_VERSION, ("configuration",))
"""Asks for the configuration's version."""
EVERYTHING = ("*",)
"""The rights of what the product itself published."""


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """All that changes rarely, as of one version; it is read again when the version has moved on."""

    version: int
    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    tables: Mapping[str, Table]
    current: Mapping[str, str]
    calendars: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Any] = field(default_factory=dict)
    customers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    plugins: Mapping[str, PluginState] = field(default_factory=dict)
    by_role: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    permitted: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def get(self, name: str) -> Person | None:
        """Return the person of that name, active or not, or None."""
        return self.people.get(name)

    def with_role(self, role: str) -> Sequence[Person]:
        """Return the active people who hold `role`, by name."""
        if role not in self.by_role:
            staff = self.people.values()
            self.by_role[role] = tuple(one for one in staff if one.active and role in one.roles)
        return self.by_role[role]

    def permits(self, person: Person, permission: str) -> bool:
        """Return whether one of the person's roles holds `permission`, in whatever scope."""
        return bool(self.scopes(person, permission))

    def scopes(self, person: Person, permission: str) -> frozenset[str]:
        """Return the scopes in which the person's roles hold `permission`; none where they do not."""
        asked = (person.name, permission)
        known = self.permitted.get(asked)
        if known is None:
            held = (self.roles[role] for role in person.roles if role in self.roles)
            known = frozenset(scope for role in held for scope in role.scopes(permission))
            self.permitted[asked] = known
        return known

    def team_of(self, person: Person) -> frozenset[str]:
        """Return the names of those in somebody's team, active or not; of nobody where they are in none."""
        return self._teams.get(person.team, frozenset()) if person.team else frozenset()

    def colleagues_of(self, person: Person) -> frozenset[str]:
        """Return the names of those in somebody's department, active or not; of nobody where they are in none."""
        found = self._departments.get(person.department, frozenset())
        return found if person.department else frozenset()

    def stood_for_by(self, name: str, moment: datetime) -> frozenset[str]:
        """Return the names of those who are away at `moment` and whose deputy somebody is."""
        absent = self._deputised.get(name, ())
        return frozenset(one.name for one in absent if one.deputy_at(moment) == name)

    @cached_property
    def _teams(self) -> Mapping[str, frozenset[str]]:
        return _named_by(self.people.values(), lambda one: one.team)

    @cached_property
    def _departments(self) -> Mapping[str, frozenset[str]]:
        return _named_by(self.people.values(), lambda one: one.department)

    @cached_property
    def _deputised(self) -> Mapping[str, tuple[Person, ...]]:
        found: dict[str, tuple[Person, ...]] = {}
        for person in self.people.values():
            for deputy in {one.deputy for one in person.absences}:
                found[deputy] = (*found.get(deputy, ()), person)
        return found

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """The rows of each table, for the forms that pick from them."""
        return {name: table.rows for name, table in self.tables.items()}


def _named_by(
    people: Iterable[Person], group: Callable[[Person], str]
) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for person in people:
        found.setdefault(group(person), set()).add(person.name)
    return {name: frozenset(members) for name, members in found.items()}


class PublishedRow(NamedTuple):
    """A workflow version as it was published."""

    workflow: str
    digest: str
    at: datetime
    by: str


def version(database: Database) -> int:
    """Return the version of the configuration."""
    return int(database.execute(*VERSION).fetchone()[0])


class Reader:
    """Reads the configuration, time and again: what is written as it was the last time is the same value, and not made anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: dict[tuple[str, str], tuple[Any, Any]] = {}

    def read(self) -> Configuration:
        """Return the configuration as it stands; DatabaseDamaged."""
        last, self._last = self._last, {}
        kinds: dict[str, dict[str, Any]] = {kind: {} for kind in (_PERSON, *_READERS)}
        for kind, name, written in self._rows():
            known = last.get((kind, name))
            if known is None or known[0] != written:
                with reading(message("the {kind} '{name}'", kind=_KINDS[kind], name=name)):
                    known = written, _value(kind, name, written)
            self._last[kind, name] = known
            kinds[kind][name] = known[1]
        return Configuration(
            version=version(self._database),
            people=kinds[_PERSON],
            roles=kinds["role"],
            tables=kinds["table"],
            calendars=kinds["calendar"],
            templates=kinds["template"],
            customers=kinds["customers"].get("customers", {}),
            files=kinds["file"],
            plugins=plugin_states.read(self._database),
            current=dict(
                self._database.execute("SELECT name, digest FROM workflow").fetchall()
            ),
        )

    def _rows(self) -> Iterator[tuple[str, str, Any]]:
        """Yield the kind, the name and all that is written of each of them."""
        yield from self._database.execute(
            "SELECT kind, name, content FROM configuration ORDER BY name"
        )
        for name, active, record in self._database.execute(
            "SELECT name, active, record FROM person ORDER BY name"
        ):
            yield _PERSON, name, (active, record)


def _value(kind: str, name: str, written: Any) -> Any:
    if kind == _PERSON:
        active, record = written
        return _person(name, bool(active), compact_json.decode(record))
    return _READERS[kind](name, compact_json.decode(written))


def save_person(database: Database, person: Person) -> None:
    """Store a person, over one of the same name."""
    record = {
        "en": person.en,
        "zh": person.zh,
        "roles": sorted(person.roles),
        "team": person.team,
        "department": person.department,
        "phone": person.phone,
        "email": person.email,
        "chat": person.chat,
        "language": person.language,
        "deputy": person.deputy,
        "absences": [_absence_written(one) for one in person.absences],
        "queues": list(person.queues),
        "calendar": person.calendar,
    }
    database.execute(
        "INSERT INTO person (name, active, record) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET active = excluded.active, record = excluded.record",
        (person.name, int(person.active), _text(record)),
    )
    _moved_on(database)


def save_set(database: Database, kind: str, items: Mapping[str, Any]) -> None:
    """Replace all roles, or all tables, by these."""
    database.execute("DELETE FROM configuration WHERE kind = ?", (kind,))
    for name, data in items.items():
        database.execute(
            "INSERT INTO configuration (kind, name, content) VALUES (?, ?, ?)",
            (kind, name, _text(data)),
        )
    _moved_on(database)


def raw_set(database: Database, kind: str) -> Mapping[str, Any]:
    """Return all roles, tables, templates or files as they were published, by name."""
    rows = database.execute(
        "SELECT name, content FROM configuration WHERE kind = ? ORDER BY name", (kind,)
    )
    return {name: compact_json.decode(content) for name, content in rows}


def standing(database: Database) -> str:
    """Return a digest of all that is published; it moves on with every publication that changes something."""
    rows = [
        *database.execute("SELECT kind, name, content FROM configuration ORDER BY kind, name"),
        *database.execute("SELECT 'workflow', name, digest FROM workflow ORDER BY name"),
    ]
    return hashlib.sha256(compact_json.canonical([list(row) for row in rows])).hexdigest()


def publish(
    database: Database,
    *,
    workflow: str,
    digest: str,
    content: bytes,
    by: str,
    at: datetime,
    approved_by: str = "",
    rights: Sequence[str] = EVERYTHING,
) -> None:
    """Store a bundle and make it the one that new tickets take; `rights` cap what it does by itself, for good.

    A version that was published before keeps the rights it had then: they were enough for it.
    """
    database.execute(
        "INSERT INTO bundle (digest, workflow, content, published_at, published_by, approved_by, rights)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
        (
            digest,
            workflow,
            content,
            to_microseconds(at),
            by,
            approved_by,
            compact_json.encode(list(rights)),
        ),
    )
    database.execute(
        "INSERT INTO workflow (name, digest) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET digest = excluded.digest",
        (workflow, digest),
    )
    _moved_on(database)


def bundle(database: Database, digest: str) -> bytes | None:
    """Return the content of a bundle, or None; DatabaseDamaged when it is not the one that was published."""
    row = database.execute(
        "SELECT CAST(content AS BLOB) FROM bundle WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    content = bytes(row[0])
    if hashlib.sha256(content).hexdigest() != digest:
        raise DatabaseDamaged(what=message("the workflow version '{name}'", name=digest[:12]))
    return content


def rights(database: Database, digest: str) -> frozenset[str]:
    """Return the permissions, as roles write them, that cap what a version does by itself."""
    row = database.execute("SELECT rights FROM bundle WHERE digest = ?", (digest,)).fetchone()
    with reading(message("the workflow version '{name}'", name=digest[:12])):
        # A version from before there were rights was published by somebody who could do everything with it.
        return frozenset(compact_json.decode(row[0]) if row[0] else EVERYTHING)


def published(database: Database) -> tuple[PublishedRow, ...]:
    """Return every published version, by workflow and time."""
    rows = database.execute(
        "SELECT workflow, digest, published_at, published_by FROM bundle ORDER BY workflow, published_at, digest"
    ).fetchall()
    return tuple(
        PublishedRow(name, digest, from_microseconds(at), by) for name, digest, at, by in rows
    )


def must_be_readable(kind: str, items: Mapping[str, Any]) -> None:
    """Raise CommandRefused where one of these roles, tables or the like could not be read again once it is published."""
    for name, data in items.items():
        try:
            _READERS[kind](name, data)
        except (KeyError, TypeError, ValueError, AttributeError):
            template = "the {kind} '{name}' is none: `casewright workflow check` says what is wrong with it"
            reason = message(template, kind=_KINDS[kind], name=name)
            raise CommandRefused(reason=reason) from None


def roles_of(items: Mapping[str, Any]) -> Mapping[str, Role]:
    """Return the roles of data that was checked before."""
    return roles_from_data({"roles": items})


def _role(name: str, data: Any) -> Role:
    return roles_from_data({"roles": {name: data}})[name]


def _as_it_is(name: str, data: Any) -> Any:
    return data


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "role": _role,
    "table": table_from_data,
    "calendar": _as_it_is,
    "template": _as_it_is,
    "customers": _as_it_is,
    "file": _as_it_is,
}
_PERSON = "person"
_KINDS = {
    _PERSON: message("person"),
    "role": message("role"),
    "table": message("table"),
    "calendar": message("calendar"),
    "template": message("template"),
    "customers": message("file"),
    "file": message("file"),
}


def _person(name: str, active: bool, record: dict[str, Any]) -> Person:
    record["roles"] = frozenset(record["roles"])
    record["absences"] = tuple(map(_absence, record.get("absences", ())))
    record["queues"] = tuple(record.get("queues", ()))
    return Person(name=name, active=active, **record)


def _absence_written(absence: Absence) -> list[Any]:
    end = None if absence.end is None else to_microseconds(absence.end)
    return [to_microseconds(absence.start), end, absence.deputy]


def _absence(written: Sequence[Any]) -> Absence:
    start, end, deputy = written
    return Absence(
        start=from_microseconds(start),
        end=None if end is None else from_microseconds(end),
        deputy=deputy,
    )


def _moved_on(database: Database) -> None:
    database.execute("UPDATE meta SET value = value + 1 WHERE name = 'configuration'")


def _text(data: Any) -> str:
    return compact_json.encode(data)
