"""Commands that are about no ticket: which part carries out each; customers, and what is published."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casewright.addresses import email_fault, phone_fault
from casewright.clock import to_microseconds
from casewright.commands import (
    Command,
    EndAbsence,
    PublishAnnouncement,
    PublishCalendar,
    PublishTables,
    PublishWorkflow,
    ReadAnnouncement,
    ReceiptArrived,
    RetryNotice,
    SaveCustomer,
    SavePerson,
    SeeNotices,
    SetAbsence,
    WithdrawAnnouncement,
)
from casewright.desk.absences import end_absence, set_absence
from casewright.desk.announcing import (
    publish_announcement,
    read_announcement,
    withdraw_announcement,
)
from casewright.desk.names import must_be_a_name
from casewright.desk.notices import retry, see
from casewright.desk.staff import save_person
from casewright.desk.transaction import Library
from casewright.desk.working.receiving import receive
from casewright.errors import CommandRefused
from casewright.model import Customer
from casewright.store import calendars, configuration, timers
from casewright.store.database import Database
from casewright.workflows.bundle import unbundle


def carry_out(database: Database, library: Library, command: Command, now: datetime) -> None:
    """Carry out one of these commands inside the transaction that is open."""
    _PARTS[type(command)](database, library, command, now)


def _save_customer(
    database: Database, library: Library, command: SaveCustomer, now: datetime
) -> None:
    must_be_a_name(command.id)
    faults = (
        phone_fault(command.phone) if command.phone else None,
        email_fault(command.email) if command.email else None,
    )
    for fault in filter(None, faults):
        raise CommandRefused(reason=fault)
    before = configuration.customer(database, command.id) or Customer(id=command.id)
    named = ("name", "tier", "language", "phone", "email")
    given = {name: value for name in named if (value := getattr(command, name)) is not None}
    configuration.save_customer(database, replace(before, **given))


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
    configuration.save_set(database, "template", command.templates)


def _publish_calendar(
    database: Database, library: Library, command: PublishCalendar, now: datetime
) -> None:
    """Publish a version; where it is another than before, the clocks that count on it are worked out again."""
    _, changed = calendars.publish(
        database, name=command.name, content=command.content, by=command.actor, at=now
    )
    if changed:
        timers.recalculate(database, command.name, to_microseconds(now))


Part = Callable[[Database, Library, Any, datetime], None]

_PARTS: Mapping[type[Command], Part] = {
    SavePerson: save_person,
    SetAbsence: set_absence,
    EndAbsence: end_absence,
    SaveCustomer: _save_customer,
    PublishWorkflow: _publish_workflow,
    PublishCalendar: _publish_calendar,
    PublishTables: _publish_tables,
    PublishAnnouncement: publish_announcement,
    WithdrawAnnouncement: withdraw_announcement,
    ReadAnnouncement: read_announcement,
    SeeNotices: see,
    RetryNotice: retry,
    ReceiptArrived: receive,
}
