"""How the log of who looked at what is told: what was done, what was opened by it, and through which door."""

from casewright.texts import text

KINDS = {
    "look": text("looked"),
    "search": text("searched"),
    "reveal": text("revealed"),
    "export": text("exported"),
    "denied": text("refused"),
    "signed_in": text("signed in"),
    "sign_in_refused": text("sign-in refused"),
    "signed_out": text("signed out"),
    "session_began": text("began a session"),
    "session_ended": text("ended a session"),
}
OPENED = {
    "GetTicket": text("opened the ticket"),
    "GetHistory": text("read the history"),
    "GetNotice": text("read a notice"),
    "GetCustomerView": text("opened the customer"),
    "ListContacts": text("read the contacts"),
    "GetAccessReport": text("read this log"),
}
"""What a look opened, by its query."""
SUBJECTS = {
    **OPENED,
    "GetFile": text("opened a file"),
    "GetArrival": text("opened an arrival"),
    "GetStatusPage": text("opened the status page"),
    "PreviewReply": text("looked at a reply beforehand"),
    "RevealFields": text("masked fields"),
    "FindCustomers": text("customers"),
    "ListCustomers": text("customers"),
    "CheckImport": text("customers to be imported"),
    "ListTickets": text("the tickets"),
    "ListQueue": text("the tickets"),
    "ExportTickets": text("the tickets"),
    "ExportCustomers": text("customers"),
    "ExportNotices": text("notices"),
    "ExportAccess": text("the access log"),
    "ExportAudit": text("the histories"),
    "PrepareBackup": text("a copy of everything"),
    "PrepareExport": text("a copy of everything"),
}
"""What else was looked at, sought or taken away, by its query."""
DOORS = {
    "command line": text("command line"),
    "terminal": text("terminal"),
    "embedded": text("program"),
    "web form": text("web form"),
    "webhook": text("webhook"),
    "status page": text("status page"),
}
"""What the doors are called; others by their own name."""
