"""Days and times as people type them, in English and in Chinese: `2026-03-02`, `+3d`, `fri 10:00`, `明天 10点`, `下周五`."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casewright.patterns import pattern
from casewright.sla.local_time import moment_of
from casewright.swift_dataclass import dataclass
from casewright_tui.pure.numbers import folded

MORNING = time(9)
"""The time that a day without one is taken to mean."""
_FARTHEST = timedelta(days=3653)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a text says: a day, a time of the day, or how long from now; what it does not say is None."""

    day: date | None = None
    at: time | None = None
    later: timedelta | None = None


def read_day(text: str, now: datetime, zone: ZoneInfo | None) -> date | None:
    """Return the day that a text means, as seen `now` in `zone`; None where it means none."""
    local = now.astimezone(zone).replace(tzinfo=None)
    said = _read(text, local)
    if said is None or said.at is not None:
        return None
    if said.later is not None:
        return None if said.later % timedelta(days=1) else (local + said.later).date()
    return said.day


def read_moment(text: str, now: datetime, zone: ZoneInfo | None) -> datetime | None:
    """Return the moment, in UTC, that a text means; a time alone is the next one, a day alone its morning."""
    local = now.astimezone(zone).replace(tzinfo=None)
    said = _read(text, local) or _written_out(text)
    if said is None or isinstance(said, datetime):
        return said
    if said.later is not None and said.at is not None:
        meant = datetime.combine((local + said.later).date(), said.at)
    elif said.later is not None:
        return now + said.later
    elif said.day is not None:
        meant = datetime.combine(said.day, said.at or MORNING)
    else:
        assert said.at is not None
        meant = datetime.combine(local.date(), said.at)
        meant += timedelta(days=meant <= local)
    return moment_of(meant, zone) if zone else meant.astimezone(UTC)


def _written_out(text: str) -> datetime | None:
    """Return a moment that is written with its offset, as programs write it."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _read(text: str, local: datetime) -> _Said | None:
    """Return what a text says; its day stands before its time, or after it as in English."""
    written = " ".join(folded(text).lower().split())
    if not written:
        return None
    said = _split(written, local)
    if said is None or said.later is None:
        return said
    whole_days = not said.later % timedelta(days=1)
    return said if abs(said.later) <= _FARTHEST and (whole_days or said.at is None) else None


def _split(written: str, local: datetime) -> _Said | None:
    for cut in range(len(written) + 1):
        first, rest = written[:cut].strip(), written[cut:].strip()
        day = _day(first, local) if first else _Said()
        at = _time(rest) if rest else _NO_TIME
        if day is not None and at is not None:
            if at is _NO_TIME:
                return day
            return _Said(day=day.day, later=day.later, at=at)
    return None


_NO_TIME = time(0, 0, 0, 1)


# --- days --------------------------------------------------------------------------------------


def _day(written: str, local: datetime) -> _Said | None:
    for shape, read in _DAYS:
        found = shape.fullmatch(written)
        if found:
            try:
                return read(found, local)
            except (ValueError, OverflowError):
                return None
    return None


def _date(found: re.Match[str], local: datetime) -> _Said:
    return _Said(day=date(int(found["y"]), int(found["m"]), int(found["d"])))


def _this_year(found: re.Match[str], local: datetime) -> _Said:
    """Return the next day that is called so."""
    day = date(local.year, int(found["m"]), int(found["d"]))
    return _Said(day=day if day >= local.date() else day.replace(year=local.year + 1))


def _later(found: re.Match[str], local: datetime) -> _Said:
    unit, amount = _UNITS[found["unit"]], int(found["n"])
    return _Said(later=unit * (-amount if found["sign"] == "-" else amount))


def _named(found: re.Match[str], local: datetime) -> _Said:
    return _Said(day=local.date() + timedelta(days=_NAMED[found["name"]]))


def _weekday(found: re.Match[str], local: datetime) -> _Said:
    """Return the next such day; after "next" or 下 the one of the week after this, which begins on Monday."""
    wanted, today = _WEEKDAYS[found["day"]], local.date()
    if found["which"] in ("next", "next ", "下"):
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
        return _Said(day=monday + timedelta(days=wanted))
    return _Said(day=today + timedelta(days=(wanted - today.weekday()) % 7))


_NAMED: Mapping[str, int] = {
    "today": 0, "tod": 0, "今天": 0, "今日": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "明天": 1, "明日": 1,
    "后天": 2, "大后天": 3, "yesterday": -1, "昨天": -1, "前天": -2,
}  # fmt: skip
_WEEKDAYS: Mapping[str, int] = {
    name: number
    for number, names in enumerate((
        ("mon", "monday", "一"), ("tue", "tues", "tuesday", "二"), ("wed", "wednesday", "三"),
        ("thu", "thur", "thurs", "thursday", "四"), ("fri", "friday", "五"), ("sat", "saturday", "六"),
        ("sun", "sunday", "日", "天"),
    ))
    for name in names
}  # fmt: skip
_UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分钟", "分"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours", "小时", "个小时"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "天", "日"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks", "周", "个星期", "星期"), timedelta(weeks=1)),
}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_ENGLISH = "|".join(sorted((one for one in _WEEKDAYS if one.isascii()), key=len, reverse=True))
_Read = Callable[[re.Match[str], datetime], _Said]
_DAYS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(shape), read)
    for shape, read in (
        (r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})", _date),
        (r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _date),
        (r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})", _this_year),
        (r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _this_year),
        (rf"(?P<sign>[+-])(?P<n>\d{{1,4}}) ?(?P<unit>{_UNIT})", _later),
        (rf"(?P<sign>in )(?P<n>\d{{1,4}}) ?(?P<unit>{_UNIT})", _later),
        (rf"(?P<sign>)(?P<n>\d{{1,4}}) ?(?P<unit>{_UNIT})(?:后|以后|之后)", _later),
        (rf"(?P<name>{'|'.join(sorted(_NAMED, key=len, reverse=True))})", _named),
        (rf"(?P<which>next |)(?P<day>{_ENGLISH})", _weekday),
        (r"(?P<which>下|本|这|)(?:周|星期|礼拜)(?P<day>[一二三四五六日天])", _weekday),
    )
)

# --- times -------------------------------------------------------------------------------------

_CLOCK = pattern(r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))? ?(?P<half>am|pm)?")
_ENGLISH_HOUR = pattern(r"(?:at )?(?P<h>\d{1,2}) ?(?P<half>am|pm)")
_CHINESE_HOUR = pattern(
    r"(?P<half>上午|早上|凌晨|中午|下午|晚上|)(?P<h>\d{1,2})(?:点|时)(?:(?P<m>\d{1,2})分?|(?P<mid>半)|整)?"
)
_CHINESE_CLOCK = pattern(r"(?P<half>上午|早上|凌晨|中午|下午|晚上)(?P<h>\d{1,2}):(?P<m>\d{2})")
_LATER_HALF = ("pm", "下午", "晚上", "中午")


def _time(written: str) -> time | None:
    for shape in (_CLOCK, _ENGLISH_HOUR, _CHINESE_HOUR, _CHINESE_CLOCK):
        found = shape.fullmatch(written.removeprefix("t"))
        if found:
            return _hour(found.groupdict())
    return None


def _hour(said: Mapping[str, Any]) -> time | None:
    hour, minute = int(said["h"]), int(said.get("m") or (30 if said.get("mid") else 0))
    if (
        said.get("half") in _LATER_HALF
        and hour < 12
        and not (said["half"] == "中午" and hour > 9)
    ):
        hour += 12
    if said.get("half") == "am" and hour == 12:
        hour = 0
    try:
        return time(hour, minute, int(said.get("s") or 0))
    except ValueError:
        return None
