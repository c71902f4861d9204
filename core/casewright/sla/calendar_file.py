"""From a calendar file to a `Calendar`, or to everything that is wrong with it at once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.document import Document
from casewright.errors import FileUnreadable, Place, Problem, YamlRefused, message
from casewright.sla import calendar_shape
from casewright.sla.calendar import Calendar, calendar_from_data, digest_of

SUFFIXES = (".yaml", ".yml")
FOLDER = Path("workflows", "calendars")
"""Where in a workspace its calendars are."""
_WARNED_FROM = (11, 1)
"""The month and day from which next year's holidays are expected to be known."""


def load_calendar(
    path: Path, *, file: str | None = None
) -> tuple[Calendar | None, list[Problem]]:
    """Return the calendar of a file, named as the file, None when it is refused, and all problems."""
    data, problems = load_data(path, file=file)
    if data is None:
        return None, problems
    return calendar_from_data(path.stem, data, digest=digest_of(data)), problems


def load_data(
    path: Path, *, file: str | None = None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the checked data of a calendar file, None when it is refused, and all problems."""
    name = file or str(path)
    try:
        document = strict_yaml.load_file(path, file=name)
    except (FileUnreadable, YamlRefused) as refusal:
        place = Place(name) if isinstance(refusal, FileUnreadable) else refusal.place
        code = "calendar.unreadable"
        return None, [Problem(code=code, message=refusal.reason, place=place)]
    return checked(document, path.stem)


def checked(document: Document, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return a document's data when it is a calendar called `name`, else None, and all problems."""
    problems = sorted(calendar_shape.problems(document, name), key=lambda one: one.place)
    return (None if any(one.grave for one in problems) else document.data), problems


def unpublished(calendar: Calendar, today: date, file: str) -> list[Problem]:
    """Return a warning when next year's days should be known by now and are not."""
    year = today.year + 1
    if (today.month, today.day) < _WARNED_FROM or calendar.rules.published(year):
        return []
    template = "the holidays of {year} are not published: what is due then is provisional"
    reason = message(template, year=str(year))
    code = "calendar.next_year"
    return [Problem(code=code, message=reason, place=Place(file), grave=False)]


def calendar_files(root: Path) -> Sequence[Path]:
    """Return the calendar files of the workspace at `root`."""
    return files_in(root / FOLDER) if (root / FOLDER).is_dir() else []


def files_in(path: Path) -> Sequence[Path]:
    """Return the calendar files that `path` stands for: those of a folder, else itself."""
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.iterdir() if one.suffix in SUFFIXES)
