"""The one door to chinesecalendar: the holidays and make-up working days of the People's Republic of China."""

from datetime import date
from typing import Any

from casewright.bilingual import Bilingual
from casewright.errors import CalendarRefused, message
from casewright.exchange.calendar_years import YearDays

_NAMES = {
    "New Year's Day": Bilingual(en="New Year's Day", zh="元旦"),
    "Spring Festival": Bilingual(en="Spring Festival", zh="春节"),
    "Tomb-sweeping Day": Bilingual(en="Qingming Festival", zh="清明节"),
    "Labour Day": Bilingual(en="Labour Day", zh="劳动节"),
    "Dragon Boat Festival": Bilingual(en="Dragon Boat Festival", zh="端午节"),
    "National Day": Bilingual(en="National Day", zh="国庆节"),
    "Mid-autumn Festival": Bilingual(en="Mid-Autumn Festival", zh="中秋节"),
}


def prc_days(year: int, *, calendar: str) -> YearDays:
    """Return the days of a year; raise `CalendarRefused` when they are not known here."""
    library = _library(calendar)
    holidays = {
        day: _NAMES.get(name, Bilingual(en=name, zh=name))
        for day, name in _of(library, "holidays", year).items()
    }
    if not holidays:
        known = sorted({day.year for day in library.holidays})
        template = "the library chinesecalendar does not have {year}, only {first} to {last}; upgrade it once the year is announced"
        reason = message(template, year=str(year), first=str(known[0]), last=str(known[-1]))
        raise CalendarRefused(calendar=calendar, reason=reason)
    make_up = tuple(sorted(_of(library, "workdays", year)))
    return YearDays(year=year, holidays=holidays, make_up=make_up)


def _of(library: Any, table: str, year: int) -> dict[date, str]:
    return {day: str(name) for day, name in getattr(library, table).items() if day.year == year}


def _library(calendar: str) -> Any:
    try:
        import chinese_calendar
    except ImportError:
        template = "this needs the library chinesecalendar: pip install 'casewright[calendars]'"
        raise CalendarRefused(calendar=calendar, reason=message(template)) from None
    return chinese_calendar
