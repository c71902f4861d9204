"""Files of CSV that somebody lays into a folder: taken in row by row, then put away with a report of what came of each."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event

from casewright import regular_file
from casewright.errors import CasewrightError, ConfigRefused, message
from casewright.intake.arrival import Arrival
from casewright.intake.csv_rows import MAX_BYTES, Row, read_rows
from casewright.settings.intake import IntakeSettings

DONE, REFUSED = "done", "refused"
"""Where a file is moved to that was taken in, as far as its rows could be read; and one that cannot be read at all."""
SETTLED = 0.5
"""Seconds in which a file must not have changed: else somebody is still writing it."""


class Folder:
    """The folder; `hand_over` takes a row in and returns what became of it, "" where it is not known to be kept."""

    def __init__(
        self,
        settings: IntakeSettings,
        root: Path,
        *,
        keep: Callable[[bytes], str],
        hand_over: Callable[[Arrival], str],
        now: Callable[[], datetime],
    ) -> None:
        self._settings, self._keep, self._hand_over, self._now = settings, keep, hand_over, now
        self._folder = root / settings.text("path")
        try:
            for name in (DONE, REFUSED):
                (self._folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            template = "the folder {folder} cannot be used ({problem})"
            folder, problem = str(self._folder), error.strerror or ""
            reason = message(template, folder=folder, problem=problem)
            raise ConfigRefused(place=settings.place, reason=reason) from None

    def take_all(self, stop: Event) -> None:
        """Take in the files that nobody writes any more, the oldest first; then raise what kept one from being taken in."""
        before, kept_out = dict(self._found()), None
        if before:
            stop.wait(SETTLED)
        for path, stamp in sorted(self._found(), key=lambda one: one[1]):
            if stop.is_set():
                return
            if before.get(path) != stamp:
                continue
            try:
                self._take(path)
            except CasewrightError as refused:
                kept_out = kept_out or refused
        if kept_out is not None:
            raise kept_out

    def _found(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        with os.scandir(self._folder) as entries:
            for one in entries:
                if one.is_file(follow_symlinks=False) and one.name.lower().endswith(".csv"):
                    seen = one.stat(follow_symlinks=False)
                    yield Path(one.path), (seen.st_mtime_ns, seen.st_size)

    def _take(self, path: Path) -> None:
        """Take in a file's rows; it stays where it is unless each of them is known to be kept.

        What a form refuses waits unsorted: what is refused here is no row's fault, but that of its channel.
        """
        octets = regular_file.read(path, limit=MAX_BYTES)
        digest = hashlib.sha256(octets).hexdigest()
        try:
            rows, problems = read_rows(
                octets, file=path.name, encoding=self._settings.text("encoding")
            )
        except CasewrightError as refused:
            self._put_away(path, REFUSED, digest, {"file": path.name, "refused": str(refused)})
            return
        raw = self._keep(octets)
        outcomes: Counter[str] = Counter()
        wrong = [{"line": one.place.line, "reason": str(one.message)} for one in problems]
        for row in rows:
            outcome = self._hand_over(self._arrival(row, raw))
            if not outcome:
                return
            outcomes[outcome] += 1
        report = {
            "file": path.name,
            "rows": len(rows) + len(problems),
            **outcomes,
            "wrong": wrong,
        }
        self._put_away(path, DONE, digest, report)

    def _arrival(self, row: Row, raw: str) -> Arrival:
        return Arrival(
            channel=self._settings.name,
            kind="csv",
            id=row.id,
            at=self._now(),
            fields=row.cells,
            raw=raw,
        )

    def _put_away(self, path: Path, where: str, digest: str, report: object) -> None:
        """Write the report, then move the file; a file of the same name that lies there already stays."""
        target = self._folder / where / path.name
        if target.exists():
            target = target.with_name(f"{path.stem}-{digest[:12]}{path.suffix}")
        written = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
        target.with_name(f"{target.name}.report.json").write_text(written, encoding="utf-8")
        os.replace(path, target)
