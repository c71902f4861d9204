"""Who may do what, written by hand as an experienced manager of a centre would say it; nothing here is read from the product."""

FRONT = "agent senior_agent"
CLERKS = "back_office_clerk complaint_handler"
LEADERS = "team_leader complaint_manager centre_manager"
DEPARTMENTS = "department_handler department_head"
FLOOR = f"{FRONT} {CLERKS} {LEADERS}"
WATCHERS = "auditor privacy_officer"
WRITERS = "knowledge_editor knowledge_manager"
"""Who keeps the knowledge base; of tickets they do with articles what others do with theirs."""
ROLES = tuple(
    f"{FLOOR} dispatcher monitor {DEPARTMENTS} callback_agent qa_evaluator {WRITERS} client_representative"
    f" author approver {WATCHERS} administrator".split()
)

OWN, TEAM, DEPARTMENT, QUEUE, OTHER = "own", "team", "department", "queue", "other"
STANDINGS = (OWN, TEAM, DEPARTMENT, QUEUE, OTHER)
"""How a ticket stands to somebody: a party to it; a team mate's; with their department; unassigned in a queue that they
serve; another team's. For people: oneself, a team mate, a colleague of the department, and strangers."""

EVERYWHERE = frozenset(STANDINGS)
MINE = frozenset({OWN})
MATES = MINE | {TEAM}
COLLEAGUES = MINE | {DEPARTMENT}
DESK = MATES | {QUEUE}
"""What a clerk works on: their own, their team's, and what waits in their queues."""

Rule = tuple[tuple[str, frozenset[str]], ...]


def _everywhere(roles: str) -> Rule:
    return ((roles, EVERYWHERE),)


RULES: dict[str, Rule] = {
    # Tickets. Departments see their orders and nothing else, a client's representative what they opened.
    "read": (
        (
            f"{FLOOR} dispatcher monitor callback_agent qa_evaluator author approver {WRITERS}",
            EVERYWHERE,
        ),
        (WATCHERS, EVERYWHERE),
        (DEPARTMENTS, COLLEAGUES),
        ("client_representative", MINE),
    ),
    "open": (
        (f"{FLOOR} dispatcher {DEPARTMENTS} {WRITERS}", EVERYWHERE),
        ("client_representative author", MINE),
    ),
    "fire": (
        (f"{FRONT} {LEADERS} dispatcher monitor callback_agent {WRITERS}", EVERYWHERE),
        (CLERKS, DESK),
        (DEPARTMENTS, COLLEAGUES),
        ("author", MINE),
    ),
    "vote": (
        (f"{LEADERS} dispatcher monitor approver knowledge_manager", EVERYWHERE),
        ("department_head", COLLEAGUES),
    ),
    "assign": (
        (f"{LEADERS} dispatcher monitor {WRITERS}", EVERYWHERE),
        (f"{FRONT} {CLERKS}", DESK),
        ("department_head", COLLEAGUES),
        ("author", MINE),
    ),
    "comment": (
        (
            f"{FLOOR} dispatcher monitor callback_agent qa_evaluator approver {WRITERS}",
            EVERYWHERE,
        ),
        (DEPARTMENTS, COLLEAGUES),
        ("client_representative author", MINE),
    ),
    "attach": (
        (f"{FLOOR} dispatcher monitor callback_agent {WRITERS}", EVERYWHERE),
        (DEPARTMENTS, COLLEAGUES),
        ("client_representative", MINE),
    ),
    "edit": (
        (f"{LEADERS} dispatcher monitor {WRITERS}", EVERYWHERE),
        (f"{FRONT} {CLERKS}", DESK),
        (DEPARTMENTS, COLLEAGUES),
        ("author", MINE),
    ),
    "watch": (
        (f"{FLOOR} dispatcher monitor callback_agent qa_evaluator {WRITERS}", EVERYWHERE),
        (DEPARTMENTS, COLLEAGUES),
        ("client_representative", MINE),
    ),
    "contact": (
        (f"{FLOOR} dispatcher monitor callback_agent", EVERYWHERE),
        (DEPARTMENTS, COLLEAGUES),
        ("client_representative", MINE),
    ),
    # Whoever speaks with customers; a department's words reach them through whoever answers for the matter.
    "reply": ((f"{FRONT} {LEADERS} callback_agent", EVERYWHERE), (CLERKS, EVERYWHERE)),
    "link": ((f"{FLOOR} dispatcher monitor", EVERYWHERE), ("author", MINE)),
    "merge": _everywhere(f"{LEADERS} {CLERKS} dispatcher"),
    "withdraw": _everywhere(f"{FLOOR} dispatcher"),
    "reopen": _everywhere(f"{FLOOR} dispatcher monitor {WRITERS}"),
    "escalate": ((f"{FLOOR} monitor", EVERYWHERE), ("author", MINE)),
    "supervise": _everywhere(f"{LEADERS} monitor"),
    "remind": (
        (f"{LEADERS} dispatcher monitor callback_agent", EVERYWHERE),
        (f"{FRONT} {CLERKS}", DESK),
        (DEPARTMENTS, COLLEAGUES),
    ),
    "hand over": (
        (f"{LEADERS} dispatcher monitor {WRITERS}", EVERYWHERE),
        (f"{FRONT} {CLERKS}", MATES),
        (DEPARTMENTS, COLLEAGUES),
    ),
    "reveal": (
        (f"{LEADERS} callback_agent privacy_officer", EVERYWHERE),
        (f"{FRONT} {CLERKS}", DESK),
        (DEPARTMENTS, COLLEAGUES),
    ),
    "export tickets": _everywhere(f"{LEADERS} monitor"),
    # How the work is set up: one writes, another approves.
    "check workflows": _everywhere("author approver administrator"),
    "propose": _everywhere("author administrator"),
    "approve": _everywhere("approver administrator"),
    "manage plugins": _everywhere("administrator"),
    "manage webhooks": _everywhere("administrator"),
    # People.
    "edit people": _everywhere("administrator"),
    "note absences": (
        ("complaint_manager centre_manager administrator", EVERYWHERE),
        ("team_leader", MATES),
        ("department_head", COLLEAGUES),
    ),
    "announce": _everywhere("team_leader centre_manager knowledge_manager administrator"),
    # Customers: departments, authors and approvers have no business with them.
    "read customers": _everywhere(
        f"{FLOOR} {WATCHERS} {WRITERS} dispatcher monitor callback_agent qa_evaluator administrator"
    ),
    "edit customers": _everywhere(f"{FLOOR} privacy_officer administrator"),
    "merge customers": _everywhere(LEADERS),
    "note contacts": _everywhere(f"{FLOOR} callback_agent"),
    "erase": _everywhere("privacy_officer"),
    "export customers": _everywhere("complaint_manager centre_manager privacy_officer"),
    # Records.
    "see who looked": _everywhere(WATCHERS),
    "verify": _everywhere(f"centre_manager {WATCHERS} administrator"),
    "seal": _everywhere("auditor administrator"),
    "export records": _everywhere("auditor"),
    "send again": _everywhere("monitor administrator"),
    "back up": _everywhere("administrator"),
    "export everything": _everywhere("administrator"),
    # Routing.
    "see routes": _everywhere(
        f"{FLOOR} {WRITERS} dispatcher monitor callback_agent qa_evaluator auditor administrator"
    ),
    "take": _everywhere(FLOOR),
    "be available": _everywhere(FLOOR),
    "take calls": _everywhere(f"{FRONT} {LEADERS} administrator"),
    "manage routes": _everywhere(f"{LEADERS} monitor"),
    # Knowledge: whoever answers customers reads and uses it, departments read it, few keep it.
    "read articles": _everywhere(
        f"{FLOOR} {WRITERS} {DEPARTMENTS} dispatcher monitor callback_agent qa_evaluator"
    ),
    "use articles": _everywhere(
        f"{FLOOR} {WRITERS} dispatcher monitor callback_agent qa_evaluator"
    ),
    "keep articles": _everywhere(WRITERS),
    "see how articles stand": _everywhere(f"{LEADERS} {WRITERS}"),
    # Intake: what waits is somebody's until a clerk has sorted it.
    "see intake": _everywhere(f"{LEADERS} {CLERKS} dispatcher"),
    "sort intake": _everywhere(f"{LEADERS} {CLERKS} dispatcher"),
}
ANYBODY, NOBODY = "anybody", "nobody"

ACTS: dict[str, str] = {
    "OpenTicket": "open",
    "FireTransition": "fire",
    "UndoTransition": "fire",
    "PreviewTransition": "fire",
    "SaveDraft": "read",
    "DiscardDraft": ANYBODY,
    "SavePreference": ANYBODY,
    "ListDrafts": ANYBODY,
    "ListPreferences": ANYBODY,
    "CheckWorkspace": "check workflows",
    "CastVote": "vote",
    "AssignTicket": "assign",
    "EditFields": "edit",
    "AddComment": "comment",
    "AttachFile": "attach",
    "WatchTicket": "watch",
    "RecordContact": "contact",
    "ReplyToCustomer": "reply",
    "LinkTickets": "link",
    "MergeTickets": "merge",
    "WithdrawTicket": "withdraw",
    "ReopenTicket": "reopen",
    "EscalateLevel": "escalate",
    "SuperviseTicket": "supervise",
    "RemindMe": "remind",
    "AnswerSupervision": "comment",
    "AskExtension": "comment",
    "DecideExtension": "comment",
    "TakeNotice": "read",
    "RefuseNotice": "read",
    "SeeNotices": "read",
    "TimerFired": NOBODY,
    "NoticeFailed": NOBODY,
    "NoteTicket": NOBODY,
    "RunJob": NOBODY,
    "ReceiptArrived": NOBODY,
    "EraseTicket": NOBODY,
    "EraseAgain": NOBODY,
    "PublishWorkflow": NOBODY,
    "PublishTables": NOBODY,
    "PublishCalendar": NOBODY,
    "EnablePlugin": "manage plugins",
    "DisablePlugin": "manage plugins",
    "HandOver": "hand over",
    "RetryNotice": "send again",
    "RetryWebhook": "manage webhooks",
    "ListWebhooks": "manage webhooks",
    "ListDeadLetters": "manage webhooks",
    "ReleaseNotices": "send again",
    "SavePerson": "edit people",
    "SetAbsence": "note absences",
    "EndAbsence": "note absences",
    "SetPassword": "edit people",
    "SetSecondFactor": "edit people",
    "MakeToken": "edit people",
    "RevokeToken": "edit people",
    "AddKey": "edit people",
    "RemoveKey": "edit people",
    "EndSessions": "edit people",
    "SaveCustomer": "edit customers",
    "MergeCustomers": "merge customers",
    "ImportCustomers": "edit customers",
    "LogContact": "note contacts",
    "ResolveContact": "note contacts",
    "EraseCustomer": "erase",
    "PublishAnnouncement": "announce",
    "WithdrawAnnouncement": "announce",
    "ReadAnnouncement": ANYBODY,
    "ProposePublication": "propose",
    "WithdrawPublication": "propose",
    "DecidePublication": "approve",
    "MakeCheckpoint": "seal",
    "GetTicket": "read",
    "GetHistory": "read",
    "GetFile": "read",
    "GetActions": "read",
    "GetClocks": "read",
    "GetLedger": "read",
    "ListTickets": "read",
    "ExportTickets": "export tickets",
    "ListQueue": "read",
    "CountQueue": "read",
    "GetSummary": ANYBODY,
    "GetWallboard": "read",
    "ListUnhandled": "read",
    "ListChanges": "read",
    "ListAssignable": "read",
    "GetWorkload": "read",
    "GetBoard": "read",
    "ListPeople": ANYBODY,
    "ListDaysOff": ANYBODY,
    "ListTemplates": ANYBODY,
    "ListWorkflows": ANYBODY,
    "GetWorkflow": ANYBODY,
    "GetIntake": ANYBODY,
    "GetStatusPage": NOBODY,
    "GetTables": ANYBODY,
    "ListCustomers": "read customers",
    "ExportCustomers": "export customers",
    "FindCustomers": "read customers",
    "GetCustomerView": "read customers",
    "ListContacts": "read customers",
    "CheckImport": "edit customers",
    "ListPlugins": ANYBODY,
    "VerifyAudit": "verify",
    "ListCheckpoints": "verify",
    "ExportAudit": "export records",
    "ListAnnouncements": ANYBODY,
    "GetAnnouncement": ANYBODY,
    "GetAnnouncementReaders": "announce",
    "ListNotices": "read",
    "ExportNotices": "export tickets",
    "GetNotice": "read",
    "GetHealth": "read",
    "ListTimers": "read",
    "PreviewReply": "reply",
    "RevealFields": "reveal",
    "GetAccessReport": "see who looked",
    "ExportAccess": "see who looked",
    "WhoAmI": ANYBODY,
    "ListTokens": "edit people",
    "ListKeys": "edit people",
    "ListPublications": ANYBODY,
    "GetPublication": ANYBODY,
    "ListErasures": "see who looked",
    "ListOverdue": "see who looked",
    "PrepareBackup": "back up",
    "PrepareExport": "export everything",
    "NoteArrival": NOBODY,
    "TakeIn": NOBODY,
    "SortArrival": "sort intake",
    "TakeInRow": "sort intake",
    "ListArrivals": "see intake",
    "GetArrival": "see intake",
    "TakeNext": "take",
    "SetAvailability": "be available",
    "SetAvailabilityOf": "manage routes",
    "RememberChoice": "take calls",
    "ExplainRoute": "see routes",
    "GetQueues": "see routes",
    "GetAgents": "see routes",
    "ListStrangers": "see routes",
    "AdviseCall": "take calls",
    "MayOverrule": "manage routes",
    "SearchArticles": "read articles",
    "SuggestArticles": "read articles",
    "ListUses": "read articles",
    "GetArticle": "read articles",
    "GetArticleFile": "read articles",
    "ListVersions": "read articles",
    "CompareVersions": "read articles",
    "ExportArticles": "read articles",
    "MarkRead": "read articles",
    "NoteNothingFound": "read articles",
    "UseArticle": "use articles",
    "RateArticle": "use articles",
    "AskToRead": "keep articles",
    "ForgetSearch": "keep articles",
    "RebuildIndex": "keep articles",
    "GetReaders": "keep articles",
    "MayEdit": "keep articles",
    "GetReport": "see how articles stand",
}
"""What each command and each query is, in the words of the rules."""

BY_ONESELF = frozenset(
    {"SetAbsence", "EndAbsence", "SetPassword", "SetSecondFactor", "MakeToken", "RevokeToken"}
    | {"EndSessions", "ListTokens", "AddKey", "RemoveKey", "ListKeys"}
)
"""What everybody may do as to themselves."""
WITHOUT_READING = frozenset(
    {"RetryNotice", "ReleaseNotices", "VerifyAudit", "GetAccessReport", "ExportAccess"}
)
"""What is done about tickets without showing them."""


REFUSED: dict[str, str] = {
    "GetArticle": "article",
    "GetArticleFile": "article",
    "ListVersions": "article",
    "CompareVersions": "article",
    "MarkRead": "article",
    "UseArticle": "article",
    "RateArticle": "CommandRefused",
    "AskToRead": "article",
    "GetReaders": "article",
    "ForgetSearch": "CommandRefused",
    "GetArrival": "arrival",
    "SortArrival": "arrival",
    "TakeInRow": "channel",
    "AddKey": "CommandRefused",
    "ListDaysOff": "CommandRefused",
    "AdviseCall": "CommandRefused",
    "AnswerSupervision": "TicketRefused",
    "AskExtension": "ExtensionRefused",
    "AssignTicket": "AssignmentRefused",
    "AttachFile": "file",
    "CastVote": "VoteRefused",
    "DecideExtension": "ExtensionRefused",
    "DecidePublication": "PublicationRefused",
    "DisablePlugin": "plugin",
    "EditFields": "NothingChanges",
    "EnablePlugin": "plugin",
    "EndAbsence": "CommandRefused",
    "EraseCustomer": "customer",
    "EscalateLevel": "TicketRefused",
    "PreviewTransition": "transition",
    "UndoTransition": "TicketRefused",
    "ExplainRoute": "CommandRefused",
    "FireTransition": "transition",
    "GetAgents": "CommandRefused",
    "GetAnnouncement": "announcement",
    "GetAnnouncementReaders": "announcement",
    "GetFile": "file",
    "GetQueues": "CommandRefused",
    "GetWorkflow": "workflow",
    "HandOver": "person",
    "LinkTickets": "TicketRefused",
    "ListStrangers": "CommandRefused",
    "MakeCheckpoint": "CheckpointRefused",
    "MakeToken": "CommandRefused",
    "MergeCustomers": "customer",
    "MergeTickets": "TicketRefused",
    "OpenTicket": "workflow",
    "PreviewReply": "CommandRefused",
    "PublishAnnouncement": "CommandRefused",
    "ReadAnnouncement": "announcement",
    "RecordContact": "CommandRefused",
    "RefuseNotice": "NoticeRefused",
    "ReleaseNotices": "NoticeRefused",
    "RememberChoice": "CommandRefused",
    "RemoveKey": "CommandRefused",
    "ReopenTicket": "TicketRefused",
    "ReplyToCustomer": "CommandRefused",
    "RetryNotice": "NoticeRefused",
    "RetryWebhook": "webhook",
    "SetAvailability": "CommandRefused",
    "SetAvailabilityOf": "CommandRefused",
    "SetPassword": "CommandRefused",
    "SetSecondFactor": "CommandRefused",
    "TakeNext": "CommandRefused",
    "TakeNotice": "NoticeRefused",
    "WatchTicket": "NothingChanges",
    "WithdrawAnnouncement": "announcement",
    "WithdrawPublication": "PublicationRefused",
    "WithdrawTicket": "IdentityUnchecked",
}
"""What keeps whoever may from what the matrix asks for: the kind of error, or of thing that is not there; of others nothing does."""


def within(act: str, role: str) -> frozenset[str]:
    """Return how tickets and people may stand to somebody of a role with whom they do an act."""
    if act in (ANYBODY, NOBODY):
        return EVERYWHERE if act == ANYBODY else frozenset()
    found = (where for roles, where in RULES[act] if role in roles.split())
    return frozenset().union(*found)
