"""Every place of the terminal, at every size and in both languages: it fits, it stays when it is resized or the language changes.

What stands there is kept under snapshots/; `CASEWRIGHT_SNAPSHOTS=write` keeps it anew. The other sizes have their turn in the soak.
"""

import os
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.geometry import Offset

from casewright_tui.places import PLACES

from .busy_centre import Busy, founded_busy, standing
from .seated import Seated, seated
from .walking import at, drawn, walked

pytestmark = pytest.mark.anyio
SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (100, 30), (132, 43), (200, 60))
SMALL, LARGE = (80, 24), (132, 43)
KEPT = {(SMALL, "zh"), (LARGE, "en")}
COVERS = ("lock", "login")
"""What lies over the work until somebody has proved who they are: no help of the places beneath it."""
COUNTS_LOOKS = ("access",)
"""Looking there again is one more look that is shown there."""
EVERY = [
    pytest.param(size, lang, id=f"{size[0]}x{size[1]}-{lang}", marks=[] if (size, lang) == (SMALL, "zh") else pytest.mark.soak)
    for size in SIZES
    for lang in ("zh", "en")
]  # fmt: skip


@pytest.fixture(scope="module")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Busy:
    """A centre with something in every place."""
    return founded_busy(tmp_path_factory.mktemp("busy") / "workspace")


@pytest.fixture
def busy(founded_once: Busy, tmp_path: Path) -> Busy:
    """The centre as it was founded: what somebody looks at is kept there, and shown."""
    return replace(
        founded_once, root=Path(shutil.copytree(founded_once.root, tmp_path / "workspace"))
    )


@pytest.fixture(autouse=True)
def no_time_passes() -> Iterator[None]:
    """Let it be the same moment in every test."""
    with standing():
        yield


@pytest.mark.parametrize(("size", "lang"), EVERY)
async def test_every_place_fits_and_looks_as_it_did(busy, size, lang):
    faults, looks = [], {}
    async with seated(busy.root, "ada", lang=lang, size=size) as one:
        await quiet(one)
        async for place in walked(one, busy):
            looks[place] = one.text
            faults += ill_fitting(one, size, place)
    assert faults == []
    assert (size, lang) not in KEPT or unlike(looks, size, lang) == []


@pytest.mark.soak
async def test_every_place_survives_a_smaller_terminal_and_another_language(busy):
    faults, looks = [], {}
    async with seated(busy.root, "ada", lang="en", size=LARGE) as one:
        await quiet(one)
        async for place in walked(one, busy):
            before = looks[place] = one.text
            faults += ill_fitting(one, LARGE, place)
            await one.pilot.resize_terminal(*SMALL)
            await one.terminal.habits.speak("zh", keep=False)
            await drawn(one)
            faults += ill_fitting(one, SMALL, place)
            await one.pilot.resize_terminal(*LARGE)
            await one.terminal.habits.speak("en", keep=False)
            await drawn(one)
            if one.text != before and place not in COUNTS_LOOKS:
                faults.append(f"{place} came back as another:\n{before}\n{one.text}")
    assert faults == []
    assert unlike(looks, LARGE, "en") == []


async def test_at_eighty_columns_the_queue_shows_number_and_promise_of_every_ticket(busy):
    for lang, left in (("zh", "1天22时"), ("en", "1d22h")):
        async with seated(busy.root, "ada", lang=lang, size=SMALL) as one:
            await drawn(one)
            rows = [line for line in one.lines if "INQ-2026" in line]
            assert len(rows) == 20
            assert [row for row in rows if left not in row] == []


async def test_another_language_keeps_the_cursor_and_what_is_being_typed(busy):
    async with seated(busy.root, "ada", size=(100, 30)) as one:
        await one.press("down", "down", "down")
        chosen = next(line[:18] for line in one.lines if "▶" in line)
        await one.terminal.habits.speak("zh", keep=False)
        await drawn(one)
        assert next(line[:18] for line in one.lines if "▶" in line) == chosen
        await at(one, busy, "form")
        await one.press("tab", "tab", "tab")
        await one.type("上门 and call")
        focused, column = one.terminal.focused, caret(one)
        await one.terminal.habits.speak("en", keep=False)
        await drawn(one)
        assert "上门 and call" in one.text
        assert (one.terminal.focused, caret(one)) == (focused, column)


def test_a_line_that_does_not_fit_would_be_found():
    class Crooked:
        lines = ("王秀英" + " " * 75, "a" * 79, " F1")

    assert len(list(ill_fitting(Crooked(), (80, 3), "queue"))) == 3  # type: ignore[arg-type]


def test_every_place_has_been_kept():
    for size, lang in KEPT:
        assert {path.stem for path in _folder(size, lang).glob("*.txt")} == set(PLACES)


def caret(one: Seated) -> Offset:
    """Return where the terminal's cursor is in what has the focus."""
    assert one.terminal.focused is not None
    return one.terminal.cursor_position - one.terminal.focused.content_region.offset


async def quiet(one: Seated) -> None:
    """Have what was said at the beginning been read: it goes by itself, and what is kept must not depend on when."""
    await drawn(one)
    one.terminal.speech._current = None
    one.terminal.framed()
    await drawn(one)


def ill_fitting(one: Seated, size: tuple[int, int], place: str) -> Iterator[str]:
    """Yield what is wrong with the lines of a screen: measured by Unicode alone, not by what has drawn them."""
    if len(one.lines) != size[1]:
        yield f"{place}: {len(one.lines)} lines instead of {size[1]}"
    for number, line in enumerate(one.lines):
        if wide(line) != size[0]:
            yield f"{place}: line {number} takes {wide(line)} cells, not {size[0]}: {line!r}"
    if place not in COVERS and "F1" not in one.lines[-1]:
        yield f"{place}: nothing says that there is help"


def wide(line: str) -> int:
    """Return how many cells a terminal takes for a line, as Unicode says."""
    return sum(
        2
        if unicodedata.east_asian_width(one) in "WF"
        else 0
        if unicodedata.combining(one)
        else 1
        for one in line
    )


def unlike(looks: dict[str, str], size: tuple[int, int], lang: str) -> list[str]:
    """Return which places look otherwise than they did; keep them instead where that is asked for."""
    found = []
    for place, look in looks.items():
        path, now = _folder(size, lang) / f"{place}.txt", _bare(look)
        if os.environ.get("CASEWRIGHT_SNAPSHOTS") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != now:
            found.append(f"{path.relative_to(SNAPSHOTS)} now looks like this:\n{now}")
    return found


def _folder(size: tuple[int, int], lang: str) -> Path:
    return SNAPSHOTS / f"{size[0]}x{size[1]}-{lang}"


def _bare(look: str) -> str:
    return "\n".join(line.rstrip() for line in look.splitlines()).rstrip() + "\n"
