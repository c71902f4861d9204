"""Are the years of a calendar well formed? Their holidays and make-up days, each a day of its year and each once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from casewright import bilingual
from casewright.document import Document, Path
from casewright.errors import Message, Problem, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.sla.codes import problem
from casewright.sla.rules import Rules, read_dates
from casewright.sla.windows import FIRST_YEAR, LAST_YEAR

WORDS = ("published", "holidays", "make_up")
_YEAR = pattern(r"[0-9]{4}")


def problems(document: Document, plain: Rules) -> Iterator[Problem]:
    """Yield everything wrong with the years; `plain` has the plain week and no years."""
    years = document.data.get("years")
    if years is None:
        return
    if not isinstance(years, dict) or not years:
        template = 'write what differs by years: {{"2026": {{published: true, holidays: ..}}}}'
        yield problem(document, "wrong_shape", ("years",), message(template))
        return
    for year, data in years.items():
        if not _YEAR.fullmatch(year) or not FIRST_YEAR + 1 < int(year) < LAST_YEAR - 1:
            template = "'{year}' is no year between {first} and {last}"
            reason = message(template, year=year[:40], first=FIRST_YEAR + 2, last=LAST_YEAR - 2)
            yield problem(document, "bad_year", ("years", year), reason, key=True)
        else:
            yield from _Year(document, plain, year, data).problems()


class _Year:
    """One year under inspection, and the days seen in it."""

    def __init__(self, document: Document, plain: Rules, year: str, data: Any) -> None:
        self._document, self._plain = document, plain
        self._number, self._data = int(year), data
        self._path: Path = ("years", year)
        self._holidays: set[date] = set()

    def problems(self) -> Iterator[Problem]:
        """Yield everything wrong with the year."""
        data = self._data
        if not isinstance(data, dict):
            template = "write the year as {{published: true, holidays: .., make_up: [..]}}"
            yield self._found("wrong_shape", (), message(template))
            return
        for word in data:
            if word not in WORDS:
                reason = message(
                    "unknown word '{word}'{hint}", word=word, hint=hint(word, WORDS)
                )
                yield self._found("unknown_word", (word,), reason, key=True)
        if not isinstance(data.get("published"), bool):
            template = "say whether the year's holidays are known: published: true, or false"
            path = ("published",) if "published" in data else ()
            yield self._found("wrong_shape", path, message(template))
        elif not data["published"] and (data.get("holidays") or data.get("make_up")):
            reason = message("these days do not count yet: the year says 'published: false'")
            yield self._found("not_published", ("published",), reason)
        yield from self._of_holidays(data.get("holidays"))
        yield from self._of_make_up(data.get("make_up"))

    def _of_holidays(self, holidays: Any) -> Iterator[Problem]:
        if holidays is None:
            return
        if not isinstance(holidays, dict):
            template = "write holidays by day: {{2026-10-01 to 2026-10-07: {{en: .., zh: ..}}}}"
            yield self._found("wrong_shape", ("holidays",), message(template))
            return
        for written, name in holidays.items():
            path = ("holidays", written)
            if fault := self._fault(written):
                yield self._found("bad_date", path, fault, key=True)
            if fault := bilingual.fault(name):
                yield self._found("bad_text", path, fault)
            for day in self._days(written):
                if day in self._holidays:
                    reason = message("{day} stands here twice", day=day.isoformat())
                    yield self._found("day_twice", path, reason, key=True)
                self._holidays.add(day)

    def _of_make_up(self, make_up: Any) -> Iterator[Problem]:
        if make_up is None:
            return
        if not isinstance(make_up, list):
            reason = message("write make-up days as a list: [2026-01-04, 2026-02-14]")
            yield self._found("wrong_shape", ("make_up",), reason)
            return
        seen: set[date] = set()
        for at, written in enumerate(make_up):
            path = ("make_up", at)
            if fault := self._fault(written) or self._span(written):
                yield self._found("bad_date", path, fault)
            for day in self._days(written):
                if fault := self._needless(day, day in seen):
                    yield self._found("needless_make_up", path, fault)
                seen.add(day)

    def _needless(self, day: date, seen: bool) -> Message | None:
        shown = day.isoformat()
        if seen:
            return message("{day} stands here twice", day=shown)
        if day in self._holidays:
            return message("{day} is a holiday as well: it can only be one of them", day=shown)
        if self._plain.hours(day):
            return message("{day} is a working day already, no make-up day", day=shown)
        return None

    def _fault(self, written: Any) -> Message | None:
        days = read_dates(written) if isinstance(written, str) else None
        if days is None:
            template = "'{written}' is no day: write 2026-10-01, or 2026-10-01 to 2026-10-07"
            return message(template, written=str(written)[:40])
        if any(day.year != self._number for day in days):
            template = "'{written}' is not in the year {year}"
            return message(template, written=written, year=str(self._number))
        return None

    def _span(self, written: str) -> Message | None:
        template = "write each make-up day by itself, as 2026-01-04"
        return message(template) if " to " in written else None

    def _days(self, written: Any) -> list[date]:
        """Return the days, none when they are not fit to be counted."""
        days = read_dates(written) if isinstance(written, str) else None
        if days is None or self._fault(written):
            return []
        return [days[0] + timedelta(days=day) for day in range((days[1] - days[0]).days + 1)]

    def _found(self, code: str, path: Path, reason: Message, *, key: bool = False) -> Problem:
        return problem(self._document, code, (*self._path, *path), reason, key=key)
