"""Copies of the whole workspace as a command line takes them: of its own desk, or of the server's by the wire."""

from pathlib import Path

from casewright.answers import AuditExport
from casewright.cli.session import Session
from casewright.exchange import fetched
from casewright.exchange.backup import BackupMade, Progress, back_up
from casewright.exchange.whole_export import ExportMade, export_workspace
from casewright.queries import ExportAudit
from casewright.remote.desk import RemoteDesk


def backed_up(
    session: Session, file: Path, *, replace: bool, progress: Progress | None
) -> BackupMade:
    """Back the workspace up into a file; what the session's purpose is, the backup is for."""
    actor, desk = session.actor, session.desk
    purpose = session.door.purpose
    if isinstance(desk, RemoteDesk):
        return fetched.fetch_backup(
            desk, file, purpose=purpose, replace=replace, progress=progress
        )
    return back_up(
        session.own_desk, file, actor=actor, purpose=purpose, replace=replace, progress=progress
    )


def exported_whole(
    session: Session,
    file: Path,
    *,
    purpose: str,
    with_attachments: bool,
    replace: bool,
    progress: Progress | None,
) -> ExportMade:
    """Tell all that the workspace holds in a file."""
    actor, desk = session.actor, session.desk
    if isinstance(desk, RemoteDesk):
        return fetched.fetch_export(
            desk,
            file,
            purpose=purpose,
            with_attachments=with_attachments,
            replace=replace,
            progress=progress,
        )
    return export_workspace(
        session.own_desk,
        file,
        actor=actor,
        purpose=purpose,
        with_attachments=with_attachments,
        replace=replace,
        progress=progress,
    )


def audit_exported(session: Session, file: Path, *, purpose: str) -> AuditExport:
    """Write the histories into a new file for an auditor."""
    actor, desk = session.actor, session.desk
    if isinstance(desk, RemoteDesk):
        return fetched.fetch_audit(desk, file, purpose=purpose)
    query = ExportAudit(actor=actor, file=str(file), purpose=purpose)
    made: AuditExport = desk.ask(query)
    return made
