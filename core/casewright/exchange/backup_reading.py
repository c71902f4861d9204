"""A backup that is read: what it says of itself, checked against what is in it, and its files put where they are wanted."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from casewright import strict_json
from casewright.answers import Contents
from casewright.config import FILE
from casewright.desk.copies import newest_schema
from casewright.errors import BackupRefused, JsonRefused, Message, message
from casewright.exchange.archive import Archive, open_archive
from casewright.exchange.backup import (
    ATTACHMENTS,
    DATABASE,
    FORMAT,
    LEDGER,
    MANIFEST,
    WORKSPACE,
)
from casewright.exchange.workspace_files import LARGEST, is_workspace_file
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_ATTACHMENT = pattern("attachments/[0-9a-f]{2}/[0-9a-f]{62}")
_CHANGED = message("it is damaged or cut short; take another backup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `files` are by name the SHA-256 of all but the attachments, which are named by theirs."""

    taken_at: datetime
    taken_by: str
    contents: Contents
    attachments: int
    missing: int
    files: Mapping[str, str]


class Backup:
    """A backup that was found whole; `told` hears how many bytes were extracted."""

    def __init__(
        self, file: str, archive: Archive, manifest: Manifest, told: Callable[[int], None]
    ) -> None:
        self.file, self.manifest = file, manifest
        self._archive, self._told = archive, told

    def extract_database(self, target: Path) -> None:
        """Write the database to a place that is free."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self._extract(DATABASE, target)

    def extract_workspace(self, folder: Path) -> None:
        """Write the files of the workspace into an empty folder."""
        for name in self.manifest.files:
            if name.startswith(WORKSPACE):
                path = folder / name.removeprefix(WORKSPACE)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._extract(name, path)
                path.chmod(0o644)

    def extract_attachments(self, folder: Path) -> None:
        """Write the attached files into an empty folder."""
        for name in self._archive.files:
            if name.startswith(ATTACHMENTS):
                path = folder / name.removeprefix(ATTACHMENTS)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._extract(name, path)

    def extract_ledger(self, target: Path) -> None:
        """Write the ledger of erasures, if the backup has one."""
        if LEDGER in self.manifest.files:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._extract(LEDGER, target)

    def _extract(self, name: str, target: Path) -> None:
        digest = self._archive.extract(name, target, told=self._told)
        wanted = self.manifest.files.get(name) or name.removeprefix(ATTACHMENTS).replace(
            "/", ""
        )
        if digest != wanted:
            reason = message("'{name}' is not what its hash says", name=name)
            raise BackupRefused(file=self.file, reason=reason)


@contextmanager
def open_backup(path: Path, told: Callable[[int], None]) -> Iterator[Backup]:
    """Yield the backup of a file. BackupRefused where it is damaged, of a newer casewright, or has what none of ours has."""
    with open_archive(path, allowed=_is_allowed, told=told) as archive:
        manifest = _manifest(str(path), archive)
        plain = {name for name in archive.files if not name.startswith(ATTACHMENTS)}
        if plain - {MANIFEST} != set(manifest.files) or manifest.attachments != len(
            archive.files
        ) - len(plain):
            _refuse(path, message("what is in it is not what it says is in it"))
        if {DATABASE, WORKSPACE + FILE} - plain:
            _refuse(path, message("it has no database or no settings"))
        large = [
            name for name in plain - {DATABASE, LEDGER} if archive.files[name].bytes > LARGEST
        ]
        if large:
            _refuse(path, message("'{name}' is too large for what it is", name=large[0]))
        yield Backup(str(path), archive, manifest, told)


def _manifest(file: str, archive: Archive) -> Manifest:
    """Return what the backup says of itself; what cannot be read is refused."""
    try:
        content = archive.read(MANIFEST, limit=strict_json.MAX_BYTES)
        said: Any = strict_json.loads(content, file=file)
        if said["format"] > FORMAT or said["database"]["schema"] > newest_schema():
            reason = message(
                "it was made by a newer casewright ({version})",
                version=str(said["casewright"])[:40],
            )
            raise BackupRefused(file=file, reason=reason)
        return _checked(said)
    except (KeyError, ValueError, TypeError, AttributeError, JsonRefused) as error:
        raise BackupRefused(file=file, reason=_CHANGED) from error


def _checked(said: Any) -> Manifest:
    return Manifest(
        taken_at=moment_from(said["taken_at"]),
        taken_by=str(said["taken_by"]),
        contents=contents_from(said["database"]),
        attachments=int(said["attachments"]["files"]),
        missing=int(said["attachments"]["missing"]),
        files={str(name): str(one["sha256"]) for name, one in said["files"].items()},
    )


def moment_from(said: Any) -> datetime:
    """Return a moment as an archive says it; ValueError or TypeError for anything else."""
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError(said)
    return found


def contents_from(said: Any) -> Contents:
    """Return what a database holds, as JSON says it; KeyError, ValueError, TypeError or AttributeError for anything else."""
    return Contents(
        schema=int(said["schema"]),
        plugins={str(name): int(number) for name, number in said["plugins"].items()},
        rows={str(name): int(count) for name, count in said["rows"].items()},
        heads={name: (int(one[0]), str(one[1])) for name, one in said["heads"].items()},
        checkpoint=int(said["checkpoint"]),
    )


def _is_allowed(name: str) -> bool:
    if name in (DATABASE, LEDGER, MANIFEST) or _ATTACHMENT.fullmatch(name):
        return True
    return name.startswith(WORKSPACE) and is_workspace_file(name.removeprefix(WORKSPACE))


def _refuse(path: Path, reason: Message) -> None:
    raise BackupRefused(file=str(path), reason=reason)
