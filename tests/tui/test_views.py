"""Saved views: those that everybody has, those that somebody made, kept as plain data that may come back spoilt."""

from hypothesis import given
from hypothesis import strategies as st

from casewright_tui.pure import views
from casewright_tui.pure.queue_columns import BY_NAME
from casewright_tui.pure.views import EVERYBODYS, View

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def test_whoever_has_kept_none_has_those_that_everybody_has():
    assert views.read(None, team=True) == EVERYBODYS
    assert "team" not in {one.name for one in views.read(None, team=False)}


def test_views_come_back_as_they_were_kept():
    mine = views.added(EVERYBODYS, "VIP", EVERYBODYS[2], "宽带 priority:high")
    mine = views.moved(views.without(mine, "watched"), "own1", -3)

    assert views.read(views.written(mine), team=True) == mine
    assert mine[2].title == "VIP"
    assert mine[2].filter == "宽带 priority:high"


def test_the_last_view_cannot_be_deleted():
    only = (EVERYBODYS[0],)

    assert views.without(only, "mine") == only


ONE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["mine", "own1", "x"]),
        "title": JSON,
        "columns": JSON,
        "order": JSON,
        "filter": JSON,
    }
)


@given(JSON | st.lists(ONE))
def test_whatever_was_kept_there_are_views_that_can_be_shown(kept):
    found = views.read(kept, team=True)

    assert found
    assert all(isinstance(one, View) and isinstance(one.filter, str) for one in found)
    assert all(set(one.columns) <= set(BY_NAME) for one in found)
