"""Answers to queries, each from one snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright import queries
from casewright.answers import Published, TicketPage, WorkspaceCheck
from casewright.clock import to_microseconds
from casewright.desk.authorising import READ, Actor, OfPerson, OfTicket, authorize
from casewright.desk.library import Library
from casewright.desk.people.staff import PEOPLE
from casewright.errors import NotAllowed, NotFound, message
from casewright.intake.rules import FILE as INTAKE_FILE
from casewright.model import Event, Person, Ticket
from casewright.queries import Query
from casewright.store import configuration, history, listing, tallies
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass
from casewright.workflows.bundle import unbundle
from casewright.workflows.spec import Workflow
from casewright.workflows.tables import Table

if TYPE_CHECKING:
    from casewright.desk.sealing.checkpointing import Checkpointing
    from casewright.desk.working.answering import Answering
    from casewright.engine.draft import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where the answer is looked up, for whom, and when; `zone` is the site's, where its settings name one."""

    database: Database
    library: Library
    actor: Actor
    now: datetime
    zone: str = ""
    checkpointing: "Callable[[], Checkpointing]"
    attachments: Path
    answering: "Callable[[], Answering]"
    root: Path

    @property
    def asker(self) -> Person:
        """Who asks."""
        return self.actor.person

    def visible(self, key: str) -> "tuple[Work, Ticket]":
        """Return the ticket if the asker may see it; NotFound."""
        # A list of tickets needs nothing of what moves one.
        from casewright.desk.transaction import situation
        from casewright.engine.draft import Work

        authorize(self.actor, READ, OfTicket(key))
        seen, tickets = situation(
            self.database,
            self.library,
            actor=self.asker,
            now=self.now,
            sees=self.actor.sees,
        )
        return Work(seen), tickets.get(key)


Part = Callable[[Asking, Any], Any]


def handles(kind: type[Query]) -> bool:
    """Return whether queries of this kind are answered here."""
    return kind in _PARTS


def answer(query: Query, asking: Asking) -> Any:
    """Return the answer to `query`."""
    return _part(type(query))(asking, query)


def _part(kind: type[Query]) -> Part:
    found = _PARTS[kind]
    if isinstance(found, str):
        module, name = found.split(":")
        found = _PARTS[kind] = getattr(import_module(f"casewright.desk.{module}"), name)
    return found


def _ticket(asking: Asking, query: queries.GetTicket) -> Ticket:
    return asking.visible(query.ticket)[1]


def _history(asking: Asking, query: queries.GetHistory) -> tuple[Event, ...]:
    asking.visible(query.ticket)
    return history.events(asking.database, query.ticket)


def _tickets(asking: Asking, query: queries.ListTickets) -> TicketPage:
    seen = asking.actor.among(query.permission)
    found, after = listing.page(asking.database, query, to_microseconds(asking.now), seen)
    return TicketPage(tickets=tuple(found), after=after)


def _people(asking: Asking, query: queries.ListPeople) -> tuple[Person, ...]:
    staff = asking.library.configuration().people.values()
    found = (one for one in staff if query.role is None or query.role in one.roles)
    return tuple(_as_shown(asking.actor, one) for one in found)


def _as_shown(actor: Actor, person: Person) -> Person:
    """Return somebody with how they are reached, where that is the asker's business; else without."""
    try:
        authorize(actor, PEOPLE, OfPerson(person.name))
    except NotAllowed:
        if person.name != actor.name:
            return replace(person, phone="", email="", chat="")
    return person


def _workflows(asking: Asking, query: queries.ListWorkflows) -> tuple[Published, ...]:
    current = asking.library.configuration().current
    published = configuration.published(asking.database)
    counts = tallies.unclosed(asking.database) if query.counted else {}
    return tuple(
        Published(
            name=row.workflow,
            title=asking.library.workflow(row.digest).title,
            digest=row.digest,
            published_at=row.at,
            published_by=row.by,
            current=current.get(row.workflow) == row.digest,
            open_tickets=counts.get(row.digest, 0) if query.counted else None,
        )
        for row in published
    )


def _workflow(asking: Asking, query: queries.GetWorkflow) -> tuple[Workflow, Mapping[str, Any]]:
    if query.digest is None:
        found = asking.library.current(query.workflow)
        return found.workflow, found.forms
    digest = query.digest
    content = configuration.bundle(asking.database, digest)
    if content is None:
        digest = _whole_digest(asking, query.workflow, digest)
        content = configuration.bundle(asking.database, digest)
    if content is None:
        raise NotFound(kind=message("workflow version"), name=digest, hint=message(""))
    return unbundle(content)


def _whole_digest(asking: Asking, workflow: str, beginning: str) -> str:
    """Return the digest of the one version of the workflow that begins so; NotFound where there is no such one."""
    published = configuration.published(asking.database)
    found = [
        row.digest
        for row in published
        if row.workflow == workflow and row.digest.startswith(beginning)
    ]
    if len(found) != 1:
        several = message(" alone: {digests} begin so", digests=[one[:16] for one in found])
        hint = several if found else message("")
        raise NotFound(kind=message("workflow version"), name=beginning, hint=hint)
    return found[0]


def _tables(asking: Asking, query: queries.GetTables) -> Mapping[str, Table]:
    return asking.library.configuration().tables


def _intake(asking: Asking, query: queries.GetIntake) -> Mapping[str, Any]:
    return asking.library.configuration().files.get(INTAKE_FILE) or {}


def _check_workspace(asking: Asking, query: queries.CheckWorkspace) -> WorkspaceCheck:
    # Reading the files takes parts of the product that nothing else here needs.
    from casewright.desk.setting_up.workspace_check import check_workspace

    return check_workspace(asking, query)


_PARTS: dict[type[Query], Part | str] = {
    queries.GetTicket: _ticket,
    queries.GetHistory: _history,
    queries.GetFile: "asking_files:attached_file",
    queries.GetActions: "asking_work:actions",
    queries.GetClocks: "asking_time:clocks",
    queries.GetLedger: "asking_time:ledger",
    queries.ListTickets: _tickets,
    queries.ExportTickets: _tickets,
    queries.ListQueue: "asking_queue:list_queue",
    queries.CountQueue: "asking_queue:count_queue",
    queries.GetSummary: "asking_queue:summary",
    queries.GetWallboard: "asking_wallboard:wallboard",
    queries.ListUnhandled: "asking_work:unhandled",
    queries.ListChanges: "asking_changes:changes",
    queries.ListAssignable: "asking_work:assignable",
    queries.GetWorkload: "asking_work:workload",
    queries.GetBoard: "asking_board:board",
    queries.ListPeople: _people,
    queries.ListWorkflows: _workflows,
    queries.GetWorkflow: _workflow,
    queries.GetIntake: _intake,
    queries.GetStatusPage: "serving.status_pages:status_page",
    queries.GetTables: _tables,
    queries.WhoAmI: "people.asking_credentials:who_am_i",
    queries.ListTokens: "people.asking_credentials:list_tokens",
    queries.ListKeys: "people.keys:list_keys",
    queries.ListPublications: "setting_up.publications:list_publications",
    queries.GetPublication: "setting_up.publications:publication",
    queries.ListCustomers: "serving.customer_answers:list_customers",
    queries.ExportCustomers: "serving.customer_answers:list_customers",
    queries.FindCustomers: "serving.customer_answers:find_customers",
    queries.GetCustomerView: "serving.customer_view:customer_view",
    queries.ListContacts: "serving.customer_answers:list_contacts",
    queries.CheckImport: "serving.customer_import:check_import",
    queries.VerifyAudit: "asking_histories:verify",
    queries.ListCheckpoints: "asking_histories:checkpoints",
    queries.ExportAudit: "asking_histories:export",
    queries.ListDaysOff: "asking_days:list_days_off",
    queries.ListTemplates: "asking_work:templates",
    queries.PreviewReply: "asking_work:preview",
    queries.RevealFields: "records.asking_access:reveal",
    queries.GetAccessReport: "records.asking_access:access_report",
    queries.ExportAccess: "records.asking_access:access_report",
    queries.ListNotices: "asking_notices:notice_page",
    queries.ExportNotices: "asking_notices:notice_page",
    queries.GetNotice: "asking_notices:notice_story",
    queries.ListWebhooks: "asking_webhooks:list_webhooks",
    queries.ListDeadLetters: "asking_webhooks:list_dead_letters",
    queries.ListTimers: "asking_notices:timers",
    queries.ListErasures: "asking_histories:list_erasures",
    queries.ListOverdue: "asking_histories:list_overdue",
    queries.ListArrivals: "intake.asking_intake:list_arrivals",
    queries.GetArrival: "intake.asking_intake:arrival",
    queries.GetHealth: "asking_health:answer_health",
    queries.ListAnnouncements: "announcement_answers:list_announcements",
    queries.GetAnnouncement: "announcement_answers:announcement",
    queries.GetAnnouncementReaders: "announcement_answers:announcement_readers",
    queries.PreviewTransition: "previewing:preview_transition",
    queries.ListDrafts: "keeping:list_drafts",
    queries.ListPreferences: "keeping:list_preferences",
    queries.CheckWorkspace: _check_workspace,
    queries.PrepareBackup: "asking_histories:contents",
    queries.PrepareExport: "asking_histories:contents",
}
"""Who answers what; those of other modules by name, since no process asks everything."""
