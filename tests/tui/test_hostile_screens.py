"""Texts that have bitten others, on every screen of the terminal: nothing of them reaches the terminal but what can be read."""

import re
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.queries import GetSummary, ListTickets
from casewright_tui import unseen, width
from casewright_tui.places import PLACES

from ..hostile.texts import ALL, HOSTILE
from ..hostile.watch import DANGEROUS
from .busy_centre import Busy
from .hostile_centre import HARMLESS, founded_hostile
from .on_pty import PATIENCE, SEQUENCE, Watched, sequences, watched
from .seated import Seated, seated
from .test_every_screen import ill_fitting
from .walking import walked

SIZE = (132, 43)
SOME = tuple(text for texts in HOSTILE.values() for text in texts[::3])
"""In every check; all of them have their turn in the soak."""
SHARE = [pytest.param(SOME, id="some"), pytest.param(ALL, id="all", marks=pytest.mark.soak)]
DOWN, PAGE, END, ENTER, ESCAPE, TAB = b"\x1b[B", b"\x1b[6~", b"\x1b[F", b"\r", b"\x1b", b"\t"
WALK: tuple[tuple[bytes, str], ...] = (
    (b"2", "All"), (PAGE, ""), (END, ""), (ENTER, "Matter"), (TAB, ""), (TAB, ""), (ESCAPE, "Mine"),
    (b"\x06", "Search"), (b"CMP-2026-000002\r", "Under inv"), (ENTER, "Matter"), (PAGE, ""), (TAB, ""),
    (PAGE, ""), (END, ""), (TAB, ""), (b"\x1bOQ", ""), (ESCAPE, "Matter"), (ESCAPE, "Search"), (ESCAPE, ""), (ESCAPE, "Mine"),
    (b"!", "Notices"), (b"2", "Announce"), (END, ""), (ENTER, "confirms"), (ESCAPE, "Announce"), (ESCAPE, "Mine"),
    (b"@", "People and"), (PAGE, ""), (ESCAPE, "Mine"),
    (b"+", "New contact"), (b"H-0\r", "H-0"), (ENTER, ""), (ESCAPE, ""), (ESCAPE, ""), (ESCAPE, "Mine"),
    (b"=", "Wallboard"), (END, ""), (ESCAPE, "Mine"), (b"%", "Workflows"), (ESCAPE, "Mine"),
    (b"\x0c", "Messages so far"), (ESCAPE, "Mine"), (b"\x1bOP", "Help"), (ESCAPE, "Mine"),
    (b"\x1bOS", "All commands"), (b"begun", ""), (ENTER, "Begun forms"), (END, ""), (ESCAPE, "Mine"),
)  # fmt: skip
"""Keys, and what is shown then: the queue, tickets with their panes, announcements, people, contacts, the wallboard, drafts."""
STILL = 0.12
"""Seconds without a word after which the next key is pressed, where it is not said what is shown."""


@pytest.mark.anyio
@pytest.mark.parametrize("texts", SHARE)
async def test_no_place_shows_anything_of_them_that_a_terminal_would_obey(tmp_path, texts):
    busy, taken = founded_hostile(tmp_path / "workspace", texts)
    refused = (*HOSTILE["surrogates"], *HOSTILE["nul"])
    assert taken == set(texts) - set(refused)
    before = stands(busy)
    async with seated(busy.root, "ada", size=SIZE) as one:
        faults = [fault async for fault in found(one, busy)]
    assert faults == []
    assert stands(busy) == before


@pytest.mark.anyio
async def test_without_both_guards_it_would_be_found(tmp_path, monkeypatch):
    monkeypatch.setattr(unseen.Unseen, "apply", lambda self, segments, background: segments)
    monkeypatch.setattr(width, "visible", lambda text: text)
    busy, _ = founded_hostile(tmp_path / "workspace", HOSTILE["bidi"])
    async with seated(busy.root, "ada", size=SIZE) as one:
        assert [fault async for fault in found(one, busy, places=("queue", "notices"))]


@pytest.mark.parametrize("text", [*HOSTILE["escape"], *HOSTILE["clipboard"]])
def test_what_reaches_the_terminal_raw_would_be_found(text):
    assert sequences(f"before {text} after".encode()) or left_over(
        f"before {text} after".encode()
    )


@pytest.mark.parametrize("texts", SHARE)
@pytest.mark.soak
def test_the_terminal_is_told_what_it_is_told_of_harmless_texts(tmp_path, texts):
    count = len(texts)
    harmless, _ = founded_hostile(tmp_path / "harmless", (HARMLESS * count)[:count])
    hostile, _ = founded_hostile(tmp_path / "hostile", texts)
    before = stands(hostile)

    with ThreadPoolExecutor(2) as both:
        usual, raw = both.map(told, (harmless.root, hostile.root))

    assert b"simulate_key" in raw
    assert sequences(raw) == sequences(usual)
    assert left_over(raw) == set()
    assert stands(hostile) == before
    assert not Path("/dev/shm/x").exists()


async def found(
    one: Seated, busy: Busy, places: tuple[str, ...] = tuple(PLACES)
) -> AsyncIterator[str]:
    """Yield what is wrong with each place: a character that does something, a line that does not fit."""
    async for place in walked(one, busy, places):
        for fault in ill_fitting(one, SIZE, place):
            yield fault
        for character in DANGEROUS.findall(one.text.replace("\n", "")):
            yield f"{place}: {character!r}"


def told(root: Path) -> bytes:
    """Return all that reaches a terminal while somebody walks through the places."""
    with watched(root, "ada", size=SIZE) as one:
        one.sees("INQ-2026-")
        one.quiet()
        for keys, shown in WALK:
            pressed(one, keys, shown)
        one.press(b"\x11")
        assert one.ended() == 0
        return bytes(one.raw)


def pressed(one: Watched, keys: bytes, shown: str) -> None:
    """Press keys and wait for what is shown then, and until nothing more is."""
    begun, end = len(one.raw), time.monotonic() + PATIENCE
    one.press(keys)
    while one.read(STILL) or shown.encode() not in one.raw[begun:]:
        assert time.monotonic() < end, (keys, shown, bytes(one.raw[begun:])[-2000:])


def left_over(raw: bytes) -> set[str]:
    """Return which characters that do something are left beside the sequences."""
    return set(DANGEROUS.findall(SEQUENCE.sub(b"", raw).decode("utf-8").replace("\r", "")))


def stands(busy: Busy) -> tuple[object, ...]:
    """Return how everything stands: what is looked at must not have done anything."""
    with open_desk(read_config(busy.root)) as desk:
        page = desk.ask(ListTickets(actor="ada", limit=500))
        summary = desk.ask(GetSummary(actor="ada"))
    files = sorted(
        path.name
        for path in busy.root.rglob("*")
        if "log" not in path.name and "-wal" not in path.name
    )
    return (
        tuple((one.key, one.version) for one in page.tickets),
        (summary.notices, summary.announcements),
        tuple(name for name in files if not re.search(r"db|lock|shm", name)),
    )
