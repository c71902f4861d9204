"""What each query is answered with, as a type; a plugin's query says it itself, as `answer`."""

from collections.abc import Mapping
from typing import Any

from casewright import answers, model, queries
from casewright.forms.spec import Form
from casewright.queries import Query
from casewright.sla import standing
from casewright.workflows.spec import Workflow
from casewright.workflows.tables import Table

ANSWERS: Mapping[type[Query], Any] = {
    queries.GetTicket: model.Ticket,
    queries.GetHistory: tuple[model.Event, ...],
    queries.GetFile: answers.AttachedFile,
    queries.GetActions: tuple[answers.ActionOffer, ...],
    queries.GetClocks: standing.TicketTime,
    queries.GetLedger: tuple[standing.Account, ...],
    queries.ListTickets: answers.TicketPage,
    queries.ExportTickets: answers.TicketPage,
    queries.ListQueue: answers.QueuePage,
    queries.CountQueue: answers.QueueCount,
    queries.GetSummary: answers.Summary,
    queries.PreviewTransition: answers.TransitionPreview,
    queries.ListDrafts: tuple[answers.SavedDraft, ...],
    queries.ListPreferences: Mapping[str, Any],
    queries.CheckWorkspace: answers.WorkspaceCheck,
    queries.GetWallboard: answers.Wallboard,
    queries.ListUnhandled: tuple[answers.Unhandled, ...],
    queries.ListChanges: answers.ChangePage,
    queries.ListAssignable: tuple[answers.Assignable, ...],
    queries.GetWorkload: Mapping[str, int],
    queries.GetBoard: tuple[answers.BoardRow, ...],
    queries.ListPeople: tuple[model.Person, ...],
    queries.ListWorkflows: tuple[answers.Published, ...],
    queries.GetWorkflow: tuple[Workflow, Mapping[str, Form]],
    queries.GetIntake: Mapping[str, Any],
    queries.GetStatusPage: answers.StatusPage,
    queries.GetTables: Mapping[str, Table],
    queries.ListCustomers: answers.CustomerPage,
    queries.ExportCustomers: answers.CustomerPage,
    queries.FindCustomers: answers.CustomerPage,
    queries.GetCustomerView: answers.CustomerView,
    queries.ListContacts: answers.ContactPage,
    queries.CheckImport: answers.CustomerImport,
    queries.ListPlugins: tuple[answers.PluginStanding, ...],
    queries.VerifyAudit: answers.Verification,
    queries.ListAnnouncements: tuple[answers.Announcement, ...],
    queries.GetAnnouncement: answers.Announcement,
    queries.GetAnnouncementReaders: answers.AnnouncementReaders,
    queries.ListNotices: answers.NoticePage,
    queries.ExportNotices: answers.NoticePage,
    queries.GetNotice: answers.NoticeStory,
    queries.GetHealth: answers.Health,
    queries.ListWebhooks: tuple[answers.WebhookStanding, ...],
    queries.ListDeadLetters: answers.DeadLetterPage,
    queries.ListTimers: tuple[answers.Timer, ...],
    queries.ListDaysOff: tuple[answers.DayOff, ...],
    queries.ListTemplates: tuple[answers.ReplyTemplate, ...],
    queries.PreviewReply: answers.ReplyPreview,
    queries.RevealFields: Mapping[str, Any],
    queries.GetAccessReport: answers.AccessPage,
    queries.ExportAccess: answers.AccessPage,
    queries.WhoAmI: answers.Myself,
    queries.ListTokens: tuple[answers.Token, ...],
    queries.ListKeys: tuple[answers.SshKeyOnFile, ...],
    queries.ListPublications: tuple[answers.ProposedPublication, ...],
    queries.GetPublication: answers.ProposedPublication,
    queries.ListCheckpoints: tuple[answers.Checkpoint, ...],
    queries.ExportAudit: answers.AuditExport,
    queries.ListErasures: tuple[answers.Erasure, ...],
    queries.PrepareBackup: answers.Contents,
    queries.PrepareExport: answers.Contents,
    queries.ListOverdue: tuple[answers.Overdue, ...],
    queries.ListArrivals: answers.ArrivalPage,
    queries.GetArrival: answers.ArrivalStory,
}


def answer_of(kind: type[Query]) -> Any:
    """Return the type of what queries of this class are answered with; Any where nobody says it."""
    return ANSWERS.get(kind) or getattr(kind, "answer", Any)
