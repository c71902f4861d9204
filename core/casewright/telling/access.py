"""How the log of who looked at what is told: what was done, what was opened by it, through which door, and by what."""

from casewright.texts import Texts, text

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
CAME = ("signed_in", "sign_in_refused", "signed_out", "session_began", "session_ended")
"""The kinds of those who came in or went; what they are about is by what they came (`how`)."""
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
    "ssh": text("SSH"),
    "web": text("browser"),
    "api": text("API"),
    "web form": text("web form"),
    "webhook": text("webhook"),
    "status page": text("status page"),
}
"""What the doors are called; others by their own name."""

_ALONE = {
    "session": "",
    "password": text("the password was wrong"),
    "code": text("the code was wrong"),
    "key": text("the key is not theirs"),
    "refused": text("the door refused it"),
    "idle": text("nothing was typed for too long"),
    "disconnected": text("the connection was closed"),
    "lost": text("the door had stopped"),
    "exit 0": text("left"),
}
_WITH = {
    "exit": text("exit code {said}"),
    "signal": text("ended by signal {said}"),
    "password": text("with a password, from {said}"),
}
_WITH_A_KEY = text("with the key {key}, from {said}")


def how(subject: str, texts: Texts) -> str:
    """Return by what somebody came in, from where, and how it ended: what is stored as `exit 0; password 10.0.0.7`."""
    told = (_how(part, texts) for part in subject.split("; "))
    return ("；" if texts.lang == "zh" else "; ").join(one for one in told if one)


def _how(part: str, texts: Texts) -> str:
    word, _, said = part.partition(" ")
    if part in _ALONE:
        return texts.text(_ALONE[part])
    if said and word in _WITH:
        return texts.say(_WITH[word], said=said)
    return texts.say(_WITH_A_KEY, key=word, said=said) if said else part
