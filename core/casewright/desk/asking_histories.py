"""Histories as a whole: whether they hold, what is sealed of them, copied, erased, or kept too long."""

from pathlib import Path
from typing import TYPE_CHECKING

from casewright import queries
from casewright.answers import Checkpoint, Contents, Erasure, Overdue, Verification
from casewright.desk.erasing.retention import overdue
from casewright.desk.records.asking_access import purpose_fault
from casewright.desk.sealing import audit_export
from casewright.errors import CommandRefused
from casewright.store import copying, erasures

if TYPE_CHECKING:
    from casewright.desk.asking import Asking


def verify(asking: "Asking", query: queries.VerifyAudit) -> Verification:
    """Return whether histories are whole."""
    return asking.checkpointing().verify(query.ticket)


def checkpoints(asking: "Asking", query: queries.ListCheckpoints) -> tuple[Checkpoint, ...]:
    """Return the newest checkpoints."""
    return asking.checkpointing().listed(max(1, min(query.limit, queries.LARGEST_PAGE)))


def export(asking: "Asking", query: queries.ExportAudit) -> None:
    """Say only that it may be made: the desk has it written when that is on record."""
    audit_export.must_be_new(Path(query.file))


def contents(
    asking: "Asking", query: queries.PrepareBackup | queries.PrepareExport
) -> Contents:
    """Return what the database holds, for whoever makes a copy of it; CommandRefused without a purpose."""
    if isinstance(query, queries.PrepareExport) or query.purpose:
        fault = purpose_fault(query.purpose)
        if fault is not None:
            raise CommandRefused(reason=fault)
    return copying.contents(asking.database)


def list_erasures(asking: "Asking", query: queries.ListErasures) -> tuple[Erasure, ...]:
    """Return the newest erasures."""
    return erasures.newest(asking.database, query.limit)


def list_overdue(asking: "Asking", query: queries.ListOverdue) -> tuple[Overdue, ...]:
    """Return tickets that keep personal values longer than they may."""
    limit = max(1, min(query.limit, queries.LARGEST_PAGE))
    return overdue(asking.database, asking.library, asking.now, limit=limit)
