"""What somebody is told of a bug: an id, under which the log has what whoever looks after the installation needs."""

from typing import TYPE_CHECKING

from casewright.cli.session import Session
from casewright.errors import CasewrightError
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.logs import Incident, Log


def log_of(session: Session) -> "Log | None":
    """Return the log of the workspace; None where its settings cannot be read."""
    from casewright.logs import Log

    try:
        config = session.config
    except (CasewrightError, OSError):
        return None
    return Log(config.log_file, level=config.logs.level)


def incident_of(bug: BaseException, session: Session) -> "Incident":
    """Write a bug into the log, and return its id."""
    from casewright.logs import Incident, new_incident

    log = log_of(session)
    if log is None:
        return Incident(id=new_incident(), file=None)
    return log.incident(bug, door="command line")


def incident_sentence(incident: "Incident", texts: Texts) -> str:
    """Return what a user is told: that nothing is half done, whom to tell, and the id."""
    if incident.file is None:
        return texts.say(_UNWRITTEN, id=incident.id)
    return texts.say(_WRITTEN, id=incident.id, file=str(incident.file))


_WRITTEN = text(
    "Something in casewright itself went wrong: incident {id}. Nothing is half done: a command happens as a whole or not at "
    "all. Please tell whoever looks after this installation the id; {file} says more under it."
)
_UNWRITTEN = text(
    "Something in casewright itself went wrong: incident {id}. Nothing is half done: a command happens as a whole or not at "
    "all. The log could not be written; please tell whoever looks after this installation what the same command says under "
    "--debug."
)
