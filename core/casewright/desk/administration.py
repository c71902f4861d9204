"""Commands that are about no ticket: which part carries out each, and what is published."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casewright.clock import to_microseconds
from casewright.commands import (
    AddKey,
    Command,
    DecidePublication,
    DisablePlugin,
    EnablePlugin,
    EndAbsence,
    EndSessions,
    ImportCustomers,
    LogContact,
    MakeToken,
    MergeCustomers,
    ProposePublication,
    PublishAnnouncement,
    PublishCalendar,
    PublishTables,
    PublishWorkflow,
    ReadAnnouncement,
    ReceiptArrived,
    ReleaseNotices,
    RemoveKey,
    ResolveContact,
    RetryNotice,
    RetryWebhook,
    RevokeToken,
    SaveCustomer,
    SavePerson,
    SeeNotices,
    SetAbsence,
    SetPassword,
    SetSecondFactor,
    WithdrawAnnouncement,
    WithdrawPublication,
)
from casewright.customers.settings import FILE as CUSTOMERS
from casewright.desk.announcing import (
    publish_announcement,
    read_announcement,
    withdraw_announcement,
)
from casewright.desk.library import Library
from casewright.desk.notices import release, retry, see
from casewright.desk.people.absences import end_absence, set_absence
from casewright.desk.people.credentials import (
    end_sessions,
    make_token,
    revoke_token,
    set_password,
    set_second_factor,
)
from casewright.desk.people.keys import add_key, remove_key
from casewright.desk.people.staff import save_person
from casewright.desk.plugging.plugin_switching import disable_plugin, enable_plugin
from casewright.desk.serving.contacting import log_contact, resolve_contact
from casewright.desk.serving.customer_import import import_customers
from casewright.desk.serving.customers import merge_customers, save_customer
from casewright.desk.setting_up.file_changes import file_changes
from casewright.desk.setting_up.publications import decide, propose, withdraw
from casewright.desk.webhooks import retry_webhook
from casewright.desk.working.receiving import receive
from casewright.store import calendars, configuration, timers
from casewright.store.database import Database
from casewright.workflows.bundle import unbundle


def handles(kind: type[Command]) -> bool:
    """Return whether commands of this kind are carried out here."""
    return kind in _PARTS


def carry_out(
    database: Database, library: Library, command: Command, now: datetime
) -> Mapping[str, str] | None:
    """Carry out one of these commands inside the transaction that is open; return what its receipt answers, if anything."""
    return _PARTS[type(command)](database, library, command, now)


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
) -> Mapping[str, str]:
    before = library.configuration()
    changes = file_changes(
        _named(before.customers, before.files), _named(command.customers, command.files)
    )
    configuration.save_set(database, "table", command.tables)
    configuration.save_set(database, "role", command.roles)
    configuration.save_set(database, "template", command.templates)
    said = {"customers": command.customers} if command.customers else {}
    configuration.save_set(database, "customers", said)
    configuration.save_set(database, "file", command.files)
    return changes


def _named(said: Mapping[str, Any], files: Mapping[str, Any]) -> Mapping[str, Any]:
    return ({CUSTOMERS: said} if said else {}) | dict(files)


def _publish_calendar(
    database: Database, library: Library, command: PublishCalendar, now: datetime
) -> None:
    """Publish a version; where it is another than before, the clocks that count on it are worked out again."""
    _, changed = calendars.publish(
        database, name=command.name, content=command.content, by=command.actor, at=now
    )
    if changed:
        timers.recalculate(database, command.name, to_microseconds(now))


Part = Callable[[Database, Library, Any, datetime], Mapping[str, str] | None]

_PARTS: Mapping[type[Command], Part] = {
    SavePerson: save_person,
    SetAbsence: set_absence,
    EndAbsence: end_absence,
    SetPassword: set_password,
    SetSecondFactor: set_second_factor,
    MakeToken: make_token,
    RevokeToken: revoke_token,
    AddKey: add_key,
    RemoveKey: remove_key,
    EndSessions: end_sessions,
    SaveCustomer: save_customer,
    MergeCustomers: merge_customers,
    ImportCustomers: import_customers,
    LogContact: log_contact,
    ResolveContact: resolve_contact,
    ProposePublication: propose,
    DecidePublication: decide,
    WithdrawPublication: withdraw,
    PublishWorkflow: _publish_workflow,
    PublishCalendar: _publish_calendar,
    PublishTables: _publish_tables,
    PublishAnnouncement: publish_announcement,
    WithdrawAnnouncement: withdraw_announcement,
    ReadAnnouncement: read_announcement,
    SeeNotices: see,
    RetryNotice: retry,
    RetryWebhook: retry_webhook,
    ReleaseNotices: release,
    EnablePlugin: enable_plugin,
    DisablePlugin: disable_plugin,
    ReceiptArrived: receive,
}
