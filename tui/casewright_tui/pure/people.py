"""People and their work: who has what until when, their tickets by due, and how work is spread over a team."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casewright.answers import PersonLoad, QueueRow
from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text
from casewright_tui.lines import Line, Lines, Piece, Tone, line, piece
from casewright_tui.look import UNICODE, Glyphs
from casewright_tui.pure import charts, countdown
from casewright_tui.pure.wallboard import presence_is_known, standing
from casewright_tui.width import cells, fit, fit_right

BAR = 12
HORIZONS: Mapping[str, str] = {
    "hours": text("in 4 h"),
    "noon": text("by noon"),
    "evening": text("by midnight"),
    "tomorrow": text("in 24 h"),
}
"""Until when work counts as due, by name, in the order of their digits."""


def until(horizon: str, now: datetime, texts: Texts) -> datetime:
    """Return the end of a horizon; a noon that has passed is tomorrow's."""
    local = now.astimezone(texts.timezone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match horizon:
        case "noon":
            noon = midnight.replace(hour=12)
            return noon if noon > local else noon + timedelta(days=1)
        case "evening":
            return midnight + timedelta(days=1)
        case "tomorrow":
            return now + timedelta(days=1)
        case _:
            return now + timedelta(hours=4)


def ordered(people: Sequence[PersonLoad]) -> list[PersonLoad]:
    """Return people, those first of whom most is due."""
    return sorted(
        people, key=lambda one: (-(one.due + one.overdue), -one.overdue, -one.open, one.name)
    )


def tabs(current: str, end: datetime, texts: Texts) -> Line:
    """Return the line that names the horizons, and when the current one ends."""
    pieces = [
        piece(f" {number} {texts.text(title)} ", "title" if name == current else "dim")
        for number, (name, title) in enumerate(HORIZONS.items(), 1)
    ]
    shown = f"{end.astimezone(texts.timezone):%m-%d %H:%M}"
    return line(*pieces, piece(texts.say("  until {time}", time=shown), "info"))


def heading(texts: Texts, width: int) -> Line:
    """Return the titles of the columns."""
    name = _name_width(width)
    titles = [
        fit_right(texts.text(one), 6) for one in (text("due"), text("late"), text("open"))
    ]
    return Line(
        pieces=(
            piece(fit("  " + texts.text("Person"), name + 2), "label"),
            piece("".join(titles), "label"),
        )
    )


def listed(
    people: Sequence[PersonLoad],
    names: Mapping[str, str],
    texts: Texts,
    width: int,
    glyphs: Glyphs = UNICODE,
) -> Lines:
    """Return a line for each of them."""
    most = max((one.open for one in people), default=0) or 1
    name = _name_width(width)
    lines = []
    known = presence_is_known(people)
    for one in people:
        said = f"{names.get(one.name, one.name)} {standing(one, texts, known=known)}"
        lines.append(
            line(
                piece(fit(said, name), "dim" if one.away else ""),
                Piece(fit_right(str(one.due), 6), "warn" if one.due else "dim"),
                Piece(fit_right(str(one.overdue), 6), "bad" if one.overdue else "dim"),
                Piece(fit_right(str(one.open), 6) + " ", "strong"),
                Piece(fit(charts.bar(one.open / most, BAR, glyphs), BAR) + " ", "bar"),
                piece(one.team, "dim"),
                id=one.name,
            )
        )
    return lines


def tickets(rows: Sequence[QueueRow], now: datetime, texts: Texts, width: int) -> Lines:
    """Return somebody's tickets, a line each."""
    wide = max((cells(one.key) for one in rows), default=0)
    state = min(12, max(6, width // 7))
    lines = []
    for one in rows:
        left, tone = countdown.left(one, now, texts.lang)
        lines.append(
            line(
                Piece(fit_right(left, countdown.WIDTH) + " ", tone),
                piece(fit(one.key, wide) + " ", "strong"),
                piece(fit(one.title.of(texts.lang), state) + " ", "dim"),
                piece(one.subject),
                id=one.key,
            ).filled(width)
        )
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What somebody would get: the tickets, and how many they would then have open."""

    name: str
    tickets: tuple[str, ...]
    before: int

    @property
    def after(self) -> int:
        """How many they would have open."""
        return self.before + len(self.tickets)


def spread(keys: Sequence[str], source: str, people: Sequence[PersonLoad]) -> list[Share]:
    """Return how tickets are spread over the others of a team who are there: each to whoever has least by then."""
    own = next((one for one in people if one.name == source), None)
    others = [one for one in people if one.name != source and not one.away]
    team = [one for one in others if own is not None and one.team == own.team] or others
    there = [one for one in team if one.signed_in] or team
    got: dict[str, list[str]] = {one.name: [] for one in there}
    open_now = {one.name: one.open for one in there}
    for key in keys:
        if not got:
            break
        name = min(got, key=lambda one: (open_now[one] + len(got[one]), one))
        got[name].append(key)
    return [
        Share(name=name, tickets=tuple(keys), before=open_now[name])
        for name, keys in got.items()
        if keys
    ]


def shares_title(shares: Sequence[Share], names: Mapping[str, Bilingual]) -> Bilingual:
    """Return in words what each will have."""

    def told(lang: str) -> str:
        between = "，" if lang == "zh" else ", "
        return between.join(
            f"{names[one.name].of(lang) if one.name in names else one.name} {one.before}→{one.after}"
            for one in shares
        )

    return Bilingual(en=f"Spread over the team: {told('en')}", zh=f"分派给班组：{told('zh')}")


def load_hint(one: PersonLoad, more: int, texts: Texts, *, known: bool) -> str:
    """Return what somebody has, and would have with so many more; `known` as `standing` takes it."""
    late = texts.say(", {count} late", count=one.overdue) if one.overdue else ""
    return f"{one.open} -> {one.open + more}{late} {standing(one, texts, known=known)}"


def counted(row_count: int, texts: Texts) -> tuple[str, Tone]:
    """Return how many tickets somebody has in words."""
    return texts.say("{count} tickets", count=row_count), "dim"


def _name_width(width: int) -> int:
    return max(14, min(30, width - 18 - BAR - 12))
