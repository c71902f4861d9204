"""A database from elsewhere made fit to work here: checked, brought up to date, erased again, put to rest.

It happens to a copy beside the workspace; whatever is refused, nobody works with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from casewright.answers import Contents, Resumed
from casewright.clock import Clock
from casewright.commands import EraseAgain
from casewright.config import Config
from casewright.desk import open_desk
from casewright.desk.copies import bring_up_to_date, opened
from casewright.desk.erasing.erasure_ledger import ErasureLedger, ledger_of, write_ledger
from casewright.errors import BackupRefused, message
from casewright.model import SYSTEM
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Revived:
    """What was put to rest, and from which schema to which the database was brought."""

    resumed: Resumed
    migrated: tuple[int, int]


def revive(
    config: Config,
    wanted: Contents,
    *,
    file: str,
    ledgers: Sequence[Path],
    by: str,
    taken: datetime,
    clock: Clock,
    but: Collection[str] = (),
) -> Revived:
    """Make a database fit that nobody works with yet; BackupRefused where it is not whole, or not what `wanted` says.

    How many rows the tables `but` have is not asked.
    """
    with opened(config.database) as copy:
        if _without(copy.contents(), but) != _without(wanted, but):
            reason = message("its database is not what it says is in it")
            raise BackupRefused(file=file, reason=reason)
    before, after = bring_up_to_date(config, clock)
    with opened(config.database) as copy:
        _must_be_whole(copy.damage(), file)
        resumed = copy.put_to_rest(at=clock.now(), actor=by, taken=taken)
    erased = _erase_again(config, ledgers, clock)
    with opened(config.database) as copy:
        _must_be_whole(copy.damage(), file)
    return Revived(resumed=replace(resumed, erased=erased), migrated=(before, after))


def _without(contents: Contents, but: Collection[str]) -> Contents:
    rows = {name: count for name, count in contents.rows.items() if name not in but}
    return replace(contents, rows=rows)


def _must_be_whole(damage: object, file: str) -> None:
    if damage is not None:
        raise BackupRefused(file=file, reason=message("{damage}", damage=damage))


def _erase_again(config: Config, ledgers: Sequence[Path], clock: Clock) -> int:
    """Erase whomever any of the ledgers names and the database still has; return how many customers."""
    own = ledger_of(config).paths[0]
    entries = ErasureLedger(paths=(own, *ledgers)).entries()
    if not entries:
        return 0
    write_ledger(own, entries)
    with open_desk(config, clock=clock) as desk:
        receipt = desk.execute_as_system(EraseAgain(actor=SYSTEM))
        desk.remove_traces()
    return int((receipt.answer or {}).get("customers", 0))
