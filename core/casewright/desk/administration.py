"""Commands that are about no ticket: people, customers, and what is published."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casewright.commands import (
    Command,
    PublishTables,
    PublishWorkflow,
    SaveCustomer,
    SavePerson,
)
from casewright.desk.transaction import Library
from casewright.errors import CommandRefused, message
from casewright.model import SYSTEM, Customer, Person
from casewright.nearest import hint
from casewright.store import configuration
from casewright.store.database import Database
from casewright.workflows.bundle import unbundle

LONGEST_NAME = 64
PEOPLE = SavePerson.permission
CUSTOMER = "customer"
"""What `customer` says in a workflow; somebody called so would pass for one."""


def carry_out(database: Database, library: Library, command: Command, now: datetime) -> None:
    """Carry out one of these commands inside the transaction that is open."""
    _PARTS[type(command)](database, library, command, now)


def _save_person(
    database: Database, library: Library, command: SavePerson, now: datetime
) -> None:
    _must_be_a_name(command.name)
    if command.name in (SYSTEM, CUSTOMER):
        raise CommandRefused(reason=message("nobody can be called '{name}'", name=command.name))
    known = library.configuration().roles
    for role in command.roles:
        if role not in known:
            raise CommandRefused(
                reason=message("unknown role '{role}'{hint}", role=role, hint=hint(role, known))
            )
    person = Person(
        name=command.name,
        en=command.en or command.name,
        zh=command.zh or command.en or command.name,
        roles=frozenset(command.roles),
        team=command.team,
        department=command.department,
        active=command.active,
    )
    _must_leave_an_administrator(library, person)
    configuration.save_person(database, person)


def _must_leave_an_administrator(library: Library, person: Person) -> None:
    """Raise CommandRefused when nobody could let anybody in again after this change."""
    settings = library.configuration()

    def administers(one: Person) -> bool:
        roles = (settings.roles[role] for role in one.roles if role in settings.roles)
        return one.active and any(role.allows(PEOPLE) for role in roles)

    before = [one.name for one in settings.people.values() if administers(one)]
    if before == [person.name] and not administers(person):
        name = person.name
        raise CommandRefused(
            reason=message(
                "{person} is the only one who may change the staff; let somebody else first",
                person=name,
            )
        )


def _save_customer(
    database: Database, library: Library, command: SaveCustomer, now: datetime
) -> None:
    _must_be_a_name(command.id)
    configuration.save_customer(
        database,
        Customer(
            id=command.id, name=command.name, tier=command.tier, language=command.language
        ),
    )


def _publish_workflow(
    database: Database, library: Library, command: PublishWorkflow, now: datetime
) -> None:
    workflow, _ = unbundle(command.content)
    configuration.publish(
        database,
        workflow=workflow.name,
        digest=workflow.digest,
        content=command.content,
        by=command.actor,
        at=now,
    )


def _publish_tables(
    database: Database, library: Library, command: PublishTables, now: datetime
) -> None:
    configuration.save_set(database, "table", command.tables)
    configuration.save_set(database, "role", command.roles)


def _must_be_a_name(name: str) -> None:
    if (
        not name.strip()
        or name != name.strip()
        or len(name) > LONGEST_NAME
        or not name.isprintable()
    ):
        reason = message(
            "a name has 1 to {limit} printable characters and no blank at its ends",
            limit=LONGEST_NAME,
        )
        raise CommandRefused(reason=reason)


Part = Callable[[Database, Library, Any, datetime], None]

_PARTS: Mapping[type[Command], Part] = {
    SavePerson: _save_person,
    SaveCustomer: _save_customer,
    PublishWorkflow: _publish_workflow,
    PublishTables: _publish_tables,
}
