"""A workspace made of an export in JSON Lines: all of it or nothing, checked line by line, and verified before it is there."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from casewright.answers import Contents, Resumed
from casewright.clock import Clock
from casewright.config import FILE, Config, read_config
from casewright.desk.copies import Loading, make_database, newest_schema, opened
from casewright.errors import (
    BackupRefused,
    CasewrightError,
    CommandRefused,
    message,
)
from casewright.exchange.backup import LEDGER, Progress
from casewright.exchange.backup_reading import contents_from, moment_from
from casewright.exchange.durable import beside, sync, sync_all
from casewright.exchange.json_lines import LineReader, count_lines
from casewright.exchange.restore import must_be_empty
from casewright.exchange.reviving import revive
from casewright.exchange.whole_export import FORMAT
from casewright.exchange.workspace_files import LARGEST, is_workspace_file
from casewright.swift_dataclass import dataclass

_STEP = 1000
_NOT_COMPARED = (
    "credential",
    "draft",
    "lease",
    "migration",
    "session",
    "sign_in_failure",
    "ssh_key",
    "token",
)
"""Tables whose rows are not told; how many the exporting workspace had says nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A workspace that was imported: where, of what, what was put to rest in it."""

    workspace: str
    taken_at: datetime
    lines: int
    contents: Contents
    resumed: Resumed
    attachments: int


def import_workspace(
    path: Path,
    target: Path,
    *,
    by: str,
    clock: Clock,
    ledgers: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Make a workspace of an export in a new or empty folder; JsonRefused names the line that is not fit for it."""
    place = target.absolute()
    must_be_empty(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        total = count_lines(path)
        with path.open("rb") as source, beside(place) as folder:
            taking = _Taking(
                LineReader(source, str(path)), folder / "workspace", clock, environment
            )
            taking.take(lambda done: progress(done, total) if progress else None)
            revived = revive(
                taking.config,
                taking.contents,
                file=str(path),
                ledgers=ledgers,
                by=by,
                taken=taking.taken_at,
                clock=clock,
                but=_NOT_COMPARED,
            )
            sync_all(taking.draft)
            _put(taking.draft, place)
    except OSError as error:
        reason = message(
            "it cannot be read or written ({problem})", problem=error.strerror or ""
        )
        raise BackupRefused(file=str(path), reason=reason) from error
    return Imported(
        workspace=str(place),
        taken_at=taking.taken_at,
        lines=total,
        contents=taking.contents,
        resumed=revived.resumed,
        attachments=taking.attachments,
    )


def _put(draft: Path, place: Path) -> None:
    if place.is_dir():
        place.rmdir()
    os.rename(draft, place)
    place.chmod(0o755)
    sync(place.parent)


class _Taking:
    """Takes the lines into a draft of a workspace: first the header, then the files, then all else."""

    def __init__(
        self,
        reader: LineReader,
        draft: Path,
        clock: Clock,
        environment: Mapping[str, str] | None,
    ) -> None:
        self.draft, self.config = draft, Config(root=draft, database=draft, attachments=draft)
        self.contents: Contents
        self.taken_at: datetime
        self.attachments = 0
        self._reader, self._clock, self._environment = reader, clock, environment
        self._ledger: bytes | None = None

    def take(self, tick: Any) -> None:
        """Take every line; JsonRefused, BackupRefused or CommandRefused, and nothing is kept, where one is wrong."""
        self.draft.mkdir(mode=0o755)
        lines = iter(self._reader)
        self._header(next(lines, {}))
        row = self._files(lines)
        self._make_workspace()
        with opened(self.config.database) as copy, copy.loading() as loading:
            while row is not None:
                self._take(loading, row)
                if not self._reader.number % _STEP:
                    tick(self._reader.number)
                row = next(lines, None)

    def _header(self, said: Mapping[str, Any]) -> None:
        try:
            if (
                said["casewright_export"] != FORMAT
                or said["database"]["schema"] > newest_schema()
            ):
                self._reader.refuse(message("it was made by a newer casewright"))
            self.contents = contents_from(said["database"])
            self.taken_at = moment_from(said["taken_at"])
        except (KeyError, TypeError, ValueError, AttributeError):
            self._reader.refuse(message("it does not begin as an export of casewright does"))

    def _files(self, lines: Iterator[Any]) -> Any:
        """Take the files, which come first; return the first line that is something else, None where there is none."""
        for said in lines:
            if set(said) != {"file", "content"}:
                return said
            name, content = said["file"], said["content"]
            if not isinstance(content, bytes) or len(content) > LARGEST:
                self._reader.refuse(message("a file has its content in bytes"))
            if name == LEDGER:
                self._ledger = content
                continue
            if not isinstance(name, str) or not is_workspace_file(name):
                self._reader.refuse(
                    message("'{name}' is no file of a workspace", name=str(name)[:200])
                )
            path = self.draft / name
            if path.exists():
                self._reader.refuse(message("'{name}' is in it twice", name=name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return None

    def _make_workspace(self) -> None:
        if not (self.draft / FILE).is_file():
            self._reader.refuse(message("it has no settings"))
        try:
            found = read_config(self.draft, self._environment)
        except CasewrightError as error:
            self._reader.refuse(message("its settings cannot be read: {error}", error=error))
            raise
        for path in (found.database, found.attachments):
            if not Path(os.path.normpath(path)).is_relative_to(self.draft):
                template = "its settings keep something outside the workspace, at {path}"
                self._reader.refuse(message(template, path=str(path)))
        self.config = found
        found.database.parent.mkdir(parents=True, exist_ok=True)
        make_database(found, schema=self.contents.schema, clock=self._clock)
        if self._ledger is not None:
            (found.database.parent / LEDGER).write_bytes(self._ledger)

    def _take(self, loading: Loading, said: Mapping[str, Any]) -> None:
        if set(said) == {"attachment", "content"}:
            self._attach(said["attachment"], said["content"])
            return
        if set(said) != {"table", "row"} or not isinstance(said["row"], dict):
            self._reader.refuse(message("a line is a file, a row of a table, or an attachment"))
        try:
            loading.put(str(said["table"]), said["row"])
        except CommandRefused as error:
            self._reader.refuse(error.reason)

    def _attach(self, digest: Any, content: Any) -> None:
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            self._reader.refuse(message("an attachment is not what its hash says"))
        path = self.config.attachments / digest[:2] / digest[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
        self.attachments += 1
