"""A workspace made from a backup: verified beside its place, erased again, put to rest, and only then put there."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from casewright.answers import Contents, Resumed
from casewright.clock import Clock
from casewright.config import FILE, Config, read_config
from casewright.desk.copies import put_aside
from casewright.desk.erasing.erasure_ledger import FILE as LEDGER_FILE
from casewright.desk.erasing.erasure_ledger import ledger_of
from casewright.errors import BackupRefused, CasewrightError, WorkspaceRefused, message
from casewright.exchange.backup import Progress
from casewright.exchange.backup_reading import Backup, open_backup
from casewright.exchange.durable import beside, sync, sync_all
from casewright.exchange.reviving import revive
from casewright.exchange.workspace_files import workspace_files
from casewright.swift_dataclass import dataclass

ASIDE = ".before-restore"
_DRAFT = ".restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A workspace that was restored: where, from what, what was put to rest in it, and what was kept of the one before."""

    workspace: str
    database: str
    taken_at: datetime
    taken_by: str
    contents: Contents
    resumed: Resumed
    attachments: int
    missing: int
    migrated: tuple[int, int]
    aside: tuple[str, ...] = ()


def restore(
    path: Path,
    target: Path,
    *,
    by: str,
    clock: Clock,
    over: bool = False,
    ledgers: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Make a workspace of a backup in a new or empty folder, or `over` the one that is there. BackupRefused, WorkerBusy.

    Nothing in the folder is touched before the backup is known to be whole. Erasures that any of the ledgers says
    are done again: the backup's, that of the workspace it is put over, and the further ones.
    """
    place = target.absolute()
    former = _former(place, environment) if over else None
    if former is None:
        must_be_empty(place)
    else:
        _must_be_free(former)
    place.parent.mkdir(parents=True, exist_ok=True)
    with open_backup(path, _counted(path, progress)) as backup, beside(place) as folder:
        draft = folder / "workspace"
        config, final = _laid_out(backup, draft, place, former, environment)
        if final.database.exists() and (former is None or former.database != final.database):
            reason = message("there is a database at {path} already", path=str(final.database))
            raise WorkspaceRefused(folder=str(place), reason=reason)
        backup.extract_database(config.database)
        known = [ledger_of(one) for one in (final, former) if one is not None]
        revived = revive(
            config,
            backup.manifest.contents,
            file=str(path),
            ledgers=[*(one for each in known for one in each.paths), *ledgers],
            by=by,
            taken=backup.manifest.taken_at,
            clock=clock,
        )
        sync_all(draft)
        aside = () if former is None else _put_former_aside(former, by, clock)
        _put_in_place(draft, config, final)
    return Restored(
        workspace=str(place),
        database=str(final.database),
        taken_at=backup.manifest.taken_at,
        taken_by=backup.manifest.taken_by,
        contents=backup.manifest.contents,
        resumed=revived.resumed,
        attachments=backup.manifest.attachments,
        missing=backup.manifest.missing,
        migrated=revived.migrated,
        aside=aside,
    )


def _former(place: Path, environment: Mapping[str, str] | None) -> Config | None:
    """Return the settings of the workspace that is restored over, None where there is none."""
    return read_config(place, environment) if (place / FILE).is_file() else None


def must_be_empty(place: Path) -> None:
    """Raise WorkspaceRefused where a new workspace has no place."""
    if place.exists() and not place.is_dir():
        raise WorkspaceRefused(folder=str(place), reason=message("it is no folder"))
    if place.is_dir() and any(place.iterdir()):
        known = (place / FILE).exists()
        over = message("it is a workspace already; --replace restores over it")
        reason = over if known else message("it is not empty")
        raise WorkspaceRefused(folder=str(place), reason=reason)


def _must_be_free(former: Config) -> None:
    """Refuse where what a restore keeps of the workspace before has no place."""
    for path in (_database_aside(former), former.root / ASIDE):
        if path.exists():
            reason = message(
                "{path} is kept there since a restore before; move it away first",
                path=str(path),
            )
            raise WorkspaceRefused(folder=str(former.root), reason=reason)


def _laid_out(
    backup: Backup,
    draft: Path,
    place: Path,
    former: Config | None,
    environment: Mapping[str, str] | None,
) -> tuple[Config, Config]:
    """Extract the workspace's files and attachments; return its settings as they are there, and as they will be."""
    draft.mkdir(mode=0o755)
    backup.extract_workspace(draft)
    try:
        there = read_config(draft, environment)
    except CasewrightError as error:
        reason = message("its settings cannot be read: {error}", error=error)
        raise BackupRefused(file=backup.file, reason=reason) from error
    outside = _outside(backup, draft, former, environment)
    config = replace(
        there,
        database=outside("database", there.database, draft / _DRAFT / "database.db"),
        attachments=outside("attachments", there.attachments, draft / _DRAFT / "attachments"),
    )
    backup.extract_attachments(config.attachments)
    backup.extract_ledger(config.database.parent / LEDGER_FILE)

    def will_be(path: Path) -> Path:
        return place / path.relative_to(draft) if path.is_relative_to(draft) else path

    final = replace(
        there,
        root=place,
        database=will_be(there.database),
        attachments=will_be(there.attachments),
    )
    return config, final


def _outside(
    backup: Backup, draft: Path, former: Config | None, environment: Mapping[str, str] | None
) -> Callable[[str, Path, Path], Path]:
    """Return what says where something is made at first: where it stays, or in the draft where it belongs elsewhere.

    A backup must not say by itself to which place outside its workspace something is written.
    """
    named = os.environ if environment is None else environment

    def where(name: str, path: Path, instead: Path) -> Path:
        sound = Path(os.path.normpath(path))
        if sound.is_relative_to(draft) and sound != draft:
            return sound
        variable = f"CASEWRIGHT_{name.upper()}"
        if variable in named or (former is not None and getattr(former, name) == path):
            return instead
        template = "its settings keep the {name} outside the workspace, at {path}; confirm that place by {variable}"
        reason = message(template, name=name, path=str(path), variable=variable)
        raise BackupRefused(file=backup.file, reason=reason)

    return where


def _put_former_aside(former: Config, by: str, clock: Clock) -> tuple[str, ...]:
    """Keep the database and the files of the workspace that is restored over; return where."""
    kept = []
    if former.database.exists():
        put_aside(former, _database_aside(former), holder=f"restore:{os.getpid()}", clock=clock)
        kept.append(str(_database_aside(former)))
    aside = former.root / ASIDE
    for name in list(workspace_files(former.root)):
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(former.root / name, aside / name)
    if aside.exists():
        kept.append(str(aside))
    return tuple(kept)


def _database_aside(config: Config) -> Path:
    return config.database.with_name(config.database.name + ASIDE)


def _put_in_place(draft: Path, config: Config, final: Config) -> None:
    """Move what was made to where it belongs; the database comes last, so that there is no half of a workspace."""
    final.root.mkdir(parents=True, exist_ok=True)
    last = (config.database, config.database.parent / LEDGER_FILE)
    for source, target in _moves(draft, config, final):
        if source not in last:
            _move(source, target)
    ledger = config.database.parent / LEDGER_FILE
    if ledger.exists():
        _move(ledger, final.database.parent / LEDGER_FILE)
    _move(config.database, final.database)
    sync(final.root)


def _moves(draft: Path, config: Config, final: Config) -> Iterator[tuple[Path, Path]]:
    for folder, _, names in os.walk(draft):
        for name in names:
            path = Path(folder) / name
            if path.is_relative_to(config.attachments):
                yield path, final.attachments / path.relative_to(config.attachments)
            elif not path.is_relative_to(draft / _DRAFT):
                yield path, final.root / path.relative_to(draft)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(source, target)
    except OSError:  # another disk
        near = target.with_name(f".{target.name}{_DRAFT}")
        shutil.copyfile(source, near)
        near.chmod(0o600)
        sync(near)
        os.replace(near, target)
    sync(target.parent)


def _counted(path: Path, progress: Progress | None) -> Callable[[int], None]:
    """Return what is told of bytes: the archive is read once to be verified and once to be extracted."""
    if progress is None:
        return lambda count: None
    total, done = 2 * path.stat().st_size if path.is_file() else 1, 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(min(done, total), total)

    return tell
