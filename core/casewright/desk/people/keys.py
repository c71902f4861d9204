"""Commands and answers about the SSH keys of people."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.access import ssh_keys
from casewright.answers import SshKeyOnFile
from casewright.commands import AddKey, RemoveKey
from casewright.desk.library import Library
from casewright.desk.names import name_fault
from casewright.desk.people.staff import person_of
from casewright.errors import CommandRefused, message
from casewright.queries import ListKeys
from casewright.store import ssh_keys as stored
from casewright.store.database import Database

if TYPE_CHECKING:
    from casewright.desk.asking import Asking

MOST = 20
"""Keys of one person."""


def add_key(
    database: Database, library: Library, command: AddKey, now: datetime
) -> Mapping[str, str]:
    """Store a key and answer with its fingerprint; CommandRefused."""
    person = person_of(library.configuration(), command.name)
    if not person.active:
        reason = message("{person} is no longer active, and gets no key", person=person.name)
        raise CommandRefused(reason=reason)
    key = ssh_keys.key_of(command.key)
    label = command.label or key.comment or key.algorithm
    if (fault := name_fault(label)) is not None:
        raise CommandRefused(reason=fault)
    if len(stored.of_person(database, person.name)) >= MOST:
        template = "{person} has {count} keys; remove one first"
        raise CommandRefused(reason=message(template, person=person.name, count=MOST))
    added = stored.add(
        database,
        fingerprint=key.fingerprint,
        person=person.name,
        label=label,
        line=key.line,
        at=now,
        by=command.actor,
    )
    if not added:
        reason = message("{person} has this key already", person=person.name)
        raise CommandRefused(reason=reason)
    return {"fingerprint": key.fingerprint}


def remove_key(database: Database, library: Library, command: RemoveKey, now: datetime) -> None:
    """Let a key serve no more; CommandRefused where there is none of it."""
    person = person_of(library.configuration(), command.name)
    if not stored.remove(database, person.name, command.fingerprint):
        template = "{person} has no such key; `casewright user key list {person}` shows them"
        raise CommandRefused(reason=message(template, person=person.name))


def list_keys(asking: "Asking", query: ListKeys) -> tuple[SshKeyOnFile, ...]:
    """Return the keys of a person."""
    return stored.of_person(asking.database, query.name or asking.asker.name)
