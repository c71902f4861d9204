"""Which commands and refusals whoever looks after an installation finds in the log: never what they were about, only that they were."""

from casewright.cli.incident import log_of
from casewright.cli.parse import Request
from casewright.cli.session import Session
from casewright.errors import CasewrightError
from casewright.texts import Texts

DONE = frozenset({
    ("backup", ""), ("export", ""), ("import", ""), ("db", "migrate"),
    ("audit", "checkpoint"), ("workflow", "publish"), ("workflow", "approve"), ("customer", "erase"),
})  # fmt: skip
REFUSED = frozenset({
    "sign_in.refused", "access.unrecorded", "backup.refused", "checkpoint.refused", "secret.missing",
    "database.busy", "database.unusable", "database.damaged", "plugin.failed",
})  # fmt: skip


def note_done(request: Request, session: Session) -> None:
    """Write down that a command was carried out, if it is one of those that matter to the running."""
    if request.noun is None or request.verb is None:
        return
    if (request.noun.name, request.verb.name) in DONE and (log := log_of(session)) is not None:
        doing = f"{request.noun.name} {request.verb.name}".strip()
        log.write("done", door="command line", doing=doing)


def note_refusal(error: CasewrightError, session: Session) -> None:
    """Write down a refusal, if it is one of those that others than who is refused should know of."""
    if error.code in REFUSED and (log := log_of(session)) is not None:
        said = Texts("en").error(error)
        log.write("refused", grade="warning", door="command line", code=error.code, said=said)
