"""A workflow as a rail: every way is drawn or told, the path is marked, nothing is wider than its place, in either language."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.desk import open_desk
from casewright.model import Event
from casewright.queries import GetActions, GetHistory, GetTicket, GetWorkflow
from casewright.texts import Texts
from casewright.workflows.spec import Workflow
from casewright_tui.lines import plain
from casewright_tui.look import ASCII, UNICODE
from casewright_tui.pure.header import states
from casewright_tui.pure.lanes import Lane, lanes_of, spans
from casewright_tui.pure.rail import NO_PATH, path_of, rail, targets
from casewright_tui.width import cells

from .complaints_centre import Centre, founded_centre


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with a complaint in approval."""
    return founded_centre(tmp_path_factory.mktemp("rail") / "workspace")


@pytest.fixture(scope="module")
def workflow(centre: Centre) -> Workflow:
    """The workflow of complaints."""
    return _workflow(centre.root)


def _workflow(root: Path) -> Workflow:
    from casewright.config import read_config

    with open_desk(read_config(root)) as desk:
        found: Workflow = desk.ask(GetWorkflow(actor="ada", workflow="complaint"))[0]
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("width", [20, 80, 200])
def test_all_nodes_stand_in_one_column_and_every_state_has_one(workflow, lang, glyphs, width):
    lines = rail(workflow, Texts(lang), glyphs, width, every=True)

    nodes = [one for one in lines if one.id.startswith("state:")]
    assert [one.id.removeprefix("state:") for one in nodes] == list(workflow.states)
    assert len({cells(one.pieces[0].text) for one in nodes}) == 1
    if glyphs is ASCII:
        gutters = "".join(one.pieces[0].text for one in lines)
        assert gutters.isascii()


def test_ways_without_a_lane_are_told_in_words(workflow):
    wide = plain(rail(workflow, Texts("en"), UNICODE, 200))
    narrow = plain(rail(workflow, Texts("en"), UNICODE, 8))

    assert "also to" not in wide
    assert "also to" in narrow


def test_the_path_taken_is_marked_and_what_is_blocked_says_why(centre, workflow):
    from casewright.config import read_config

    with open_desk(read_config(centre.root)) as desk:
        about = {"actor": "zhao_lei", "ticket": centre.in_approval}
        ticket = desk.ask(GetTicket(**about))
        events: tuple[Event, ...] = desk.ask(GetHistory(**about))
        offers = desk.ask(GetActions(**about))
    shown = plain(
        rail(
            workflow, Texts("en"), UNICODE, 100, path=path_of(ticket, events), offers=offers,
            keys={"recall": "r"},
        )
    )  # fmt: skip

    assert "● Registered" in shown
    assert "◉ Remedy in approval" in shown
    assert "○ Closed" in shown
    assert "r Recall the remedy → Remedy being drawn up" in shown
    assert "Zhao Lei" in shown or "zhao_lei" in shown
    assert states(ticket, events) == ["registered", "investigating", "proposing", "approval"]


def test_counts_stand_at_their_states(workflow):
    counts = {"registered": 12}

    shown = plain(rail(workflow, Texts("zh"), UNICODE, 80, path=NO_PATH, counts=counts))

    assert "已登记  12 张" in shown


_WAYS = st.frozensets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30)


@given(_WAYS, st.integers(1, 6))
def test_every_way_has_a_lane_or_is_told(ways, room):
    ways = {one for one in ways if one[0] != one[1]}

    lanes, told = lanes_of(ways, room)

    drawn = {(start, lane.to) for lane in lanes for start in lane.starts}
    assert drawn | set(told) == ways
    assert len(lanes) <= room
    lengths = [_length(one) for one in lanes]
    assert lengths == sorted(lengths, reverse=True)


def _length(lane: Lane) -> int:
    first, last = spans(lane)
    return last - first


def test_the_ways_of_an_approval_are_its_votes(workflow):
    names = [name for name, _, _ in targets(workflow.states["approval"])]

    assert names == ["recall", "grant", "deny"]
