"""The window over a queue and the sight in it: whatever is loaded, let go and refreshed, rows stand where the queue has them."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from casewright.answers import QueueRow
from casewright_tui.pure.sight import Sight, Stay
from casewright_tui.pure.window import KEPT

from .rows import count, page, row

REFRESHES, CHANGES = 1000, 20


def reach(sight: Sight, rows: Sequence[QueueRow], rank: int) -> None:
    """Go to a rank, loading what is needed, as the table does."""
    for _ in range(8):
        rank = sight.clamped(rank) if sight.window.rows else rank
        fetch = sight.needed(rank)
        if fetch is None:
            break
        rank += sight.take(fetch, page(rows, fetch))
    sight.go(rank)


def refreshed(sight: Sight, rows: Sequence[QueueRow]) -> Stay:
    """Refresh as the table does: around the row, and where it has gone elsewhere, there; then count."""
    before = sight.row
    assert before is not None
    above, below = sight.pins(before.position)
    stay = sight.pinned(page(rows, above), page(rows, below))
    if stay == "moved":
        assert sight.row is not None
        above, below = sight.pins(sight.row.position)
        sight.pinned(page(rows, above), page(rows, below))
    elsewhere = next((one for one in rows if one.key == before.key), None)
    if stay == "gone" and elsewhere is not None:
        above, below = sight.pins(elsewhere.position)
        stay = sight.followed(elsewhere, page(rows, above), page(rows, below))
    after = sight.row
    sight.counted(
        count(rows, after.position if after else None), after.position if after else None
    )
    return stay


def shown(sight: Sight) -> list[str]:
    """Return the keys on the screen."""
    ranks = range(max(0, sight.top), min(sight.window.total, sight.top + sight.height))
    return [found.key if (found := sight.window.row(rank)) else "?" for rank in ranks]


@given(
    size=st.integers(0, 3000),
    height=st.integers(1, 60),
    moves=st.lists(
        st.one_of(
            st.tuples(st.just("by"), st.integers(-80, 80)),
            st.tuples(st.just("to"), st.floats(0, 1)),
            st.tuples(st.just("end"), st.just(0)),
        ),
        max_size=12,
    ),
)
def test_wherever_one_goes_the_rows_on_the_screen_are_those_of_the_queue(size, height, moves):
    rows = [row(number) for number in range(1, size + 1)]
    sight = Sight(height=height)
    reach(sight, rows, 0)
    sight.counted(count(rows, None), None)

    for kind, much in moves:
        if kind == "end" and (fetch := sight.window.last(height)):
            sight.take(fetch, page(rows, fetch))
        goal = {
            "by": lambda much=much: sight.cursor + much,
            "to": lambda much=much: round(much * size),
            "end": lambda: sight.window.total - 1,
        }[kind]()
        reach(sight, rows, goal)

        assert sight.window.total == size
        assert sight.cursor == max(0, min(goal, size - 1))
        assert 0 <= sight.line < height
        expected = [one.key for one in rows[sight.top : sight.top + height]]
        assert shown(sight) == expected
        assert len(sight.window.rows) <= KEPT + 2 * height + 120


@given(seed=st.integers(0, 2**32), height=st.integers(3, 40), size=st.integers(30, 900))
def test_a_refresh_keeps_the_row_and_its_line_while_the_row_is_there(seed, height, size):
    _keeps(random.Random(seed), height, size, refreshes=8)


def test_a_thousand_refreshes_with_twenty_changes_each_keep_the_row_and_its_line():
    _keeps(random.Random(7), 21, 800, refreshes=REFRESHES)


def test_a_row_that_leaves_gives_its_line_to_the_next_one():
    rows = [row(number) for number in range(1, 200)]
    sight = Sight(height=20)
    reach(sight, rows, 30)
    line = sight.line

    stay = refreshed(sight, [one for one in rows if one.number != 31])

    assert stay == "gone"
    assert sight.row is not None
    assert sight.row.number == 32
    assert sight.line == line


def test_the_last_row_that_leaves_leaves_nothing_behind():
    sight = Sight(height=20)
    reach(sight, [row(1)], 0)

    refreshed(sight, [])

    assert sight.row is None
    assert (sight.cursor, sight.top, sight.window.total) == (0, 0, 0)


def test_rows_that_come_to_stand_above_are_counted_until_the_beginning_is_seen():
    rows = [row(number, due=1000 + number) for number in range(1, 100)]
    sight = Sight(height=20)
    reach(sight, rows, 0)

    refreshed(sight, [row(200, due=1), row(201, due=2), *rows])
    assert sight.appeared == 2
    assert (sight.line, sight.row and sight.row.number) == (0, 1)

    sight.go(0)
    assert sight.appeared == 0
    assert sight.row is not None
    assert sight.row.number == 200


def test_a_range_that_is_drawn_back_marks_only_what_it_still_reaches():
    rows = [row(number) for number in range(1, 100)]
    sight = Sight(height=20)
    reach(sight, rows, 12)
    sight.mark()
    reach(sight, rows, 10)

    sight.begin_range()
    for to in (11, 12, 13, 14, 13, 12, 11, 10, 9):
        sight.stretch(to)
    sight.end_range()

    assert sorted(one.number for one in sight.marked.values()) == [10, 11, 13]


def _keeps(chance: random.Random, height: int, size: int, *, refreshes: int) -> None:
    rows = {number: row(number, due=chance.randrange(size)) for number in range(1, size + 1)}
    sight = Sight(height=height)
    reach(sight, _sorted(rows), chance.randrange(size))
    for number in range(refreshes):
        before, line = sight.row, sight.line
        assert before is not None
        _change(rows, chance, size, but=before.number if number % 10 else 0)
        stay = refreshed(sight, _sorted(rows))
        kept = before.number in rows
        assert kept is (stay != "gone")
        assert not kept or (sight.row is not None and sight.row.key == before.key)
        assert sight.line == line
        _stands_as(sight, _sorted(rows))
        if number % 50 == 49:
            reach(sight, _sorted(rows), chance.randrange(len(rows)))


def _stands_as(sight: Sight, rows: Sequence[QueueRow]) -> None:
    assert sight.window.total == len(rows)
    keys = [one.key for one in rows]
    assert sight.row is not None
    assert keys.index(sight.row.key) == sight.cursor
    assert shown(sight) == keys[max(0, sight.top) : max(0, sight.top + sight.height)]


def _change(rows: dict[int, QueueRow], chance: random.Random, size: int, *, but: int) -> None:
    for _ in range(CHANGES):
        number = chance.choice(sorted(rows))
        match chance.randrange(4):
            case 0 if len(rows) > 25 and number != but:
                del rows[number]
            case 1:
                new = max(rows) + 1
                rows[new] = row(new, due=chance.randrange(size))
            case _:
                rows[number] = row(number, due=chance.randrange(size))


def _sorted(rows: dict[int, QueueRow]) -> list[QueueRow]:
    return sorted(rows.values(), key=lambda one: one.position)
