"""Days found elsewhere, put into a calendar's file: only the lines of their years change."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from casewright import strict_yaml
from casewright.bilingual import Bilingual
from casewright.document import Document
from casewright.errors import CalendarRefused, YamlRefused, message
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDays:
    """The holidays and make-up working days of one year."""

    year: int
    holidays: Mapping[date, Bilingual]
    make_up: tuple[date, ...] = ()

    def data(self) -> dict[str, Any]:
        """Return the year as a calendar's file has it."""
        found: dict[str, Any] = {"published": True}
        if self.holidays:
            found["holidays"] = {
                day: {"en": name.en, "zh": name.zh} for day, name in self._spans()
            }
        if self.make_up:
            found["make_up"] = [day.isoformat() for day in sorted(self.make_up)]
        return found

    def _spans(self) -> list[tuple[str, Bilingual]]:
        """Return neighbouring days of one name as `first to last`."""
        found: list[tuple[date, date, Bilingual]] = []
        for day, name in sorted(self.holidays.items()):
            if found and found[-1][1:] == (day - timedelta(days=1), name):
                found[-1] = (found[-1][0], day, name)
            else:
                found.append((day, day, name))
        return [
            (f"{first}" if first == last else f"{first} to {last}", name)
            for first, last, name in found
        ]


def with_years(source: str, document: Document, years: list[YearDays], *, name: str) -> str:
    """Return the text of a calendar's file with the years in it, its other lines as they are.

    Raises `CalendarRefused` where the file is laid out so that this cannot be done safely.
    """
    text = source
    for one in years:
        text = _with_year(text, document, one)
        try:
            document = strict_yaml.load(text, file=document.file)
        except YamlRefused:
            raise _refused(name) from None
    wanted = {str(one.year): one.data() for one in years}
    before = strict_yaml.load(source, file=document.file).data
    whole = {**before, "years": {**(before.get("years") or {}), **wanted}}
    if document.data != whole:
        raise _refused(name)
    return text


def _with_year(text: str, document: Document, days: YearDays) -> str:
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if text.find("\r\n") >= 0 else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    years = document.marks.inside.get("years")
    if years is None or not years.inside:
        if years is not None:
            del lines[years.key_line - 1 : _end(lines, document, years.key_line)]
        return "".join([*lines, f"years:{newline}", *_block(days, 2, newline)])
    known = {str(year): mark for year, mark in years.inside.items()}
    indent = next(iter(known.values())).key_column - 1
    begin, end = _region(lines, document, known, days.year)
    lines[begin:end] = _block(days, indent, newline)
    return "".join(lines)


def _region(
    lines: list[str], document: Document, known: Mapping[str, Any], year: int
) -> tuple[int, int]:
    """Return the lines that a year takes, or between which a new one belongs."""
    begins = sorted(mark.key_line for mark in known.values())
    if (own := known.get(str(year))) is not None:
        later = [line for line in begins if line > own.key_line]
        end = later[0] - 1 if later else _end(lines, document, own.key_line)
        return own.key_line - 1, _trimmed(lines, own.key_line, end)
    later = sorted(mark.key_line for one, mark in known.items() if one > str(year))
    end = later[0] - 1 if later else _end(lines, document, begins[-1])
    at = _trimmed(lines, 0, end)
    return at, at


def _end(lines: list[str], document: Document, line: int) -> int:
    """Return the number of lines before the next word of the file's own level."""
    words = (mark.key_line for mark in document.marks.inside.values())
    return min((one - 1 for one in words if one > line), default=len(lines))


def _trimmed(lines: list[str], begin: int, end: int) -> int:
    """Return `end` without the blank lines and comments before it: they belong to what follows."""
    while end > begin and (not (line := lines[end - 1].strip()) or line.startswith("#")):
        end -= 1
    return end


def _block(days: YearDays, indent: int, newline: str) -> list[str]:
    data, inner = days.data(), " " * (indent + 2)
    lines = [f'{" " * indent}"{days.year}":', f"{inner}published: true"]
    if "holidays" in data:
        lines.append(f"{inner}holidays:")
    for day, name in data.get("holidays", {}).items():
        en, zh = (json.dumps(name[one], ensure_ascii=False) for one in ("en", "zh"))
        lines.append(f"{inner}  {day}: {{en: {en}, zh: {zh}}}")
    if "make_up" in data:
        lines.append(f"{inner}make_up: [{', '.join(data['make_up'])}]")
    return [line + newline for line in lines]


def _refused(name: str) -> CalendarRefused:
    template = "its file is laid out so that nothing can be put into it; write 'years:' with one year below the other"
    return CalendarRefused(calendar=name, reason=message(template))
