"""The query line: names and values in both languages, what is not understood with its place, and what is offered while one types."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.model import Person
from casewright.queries import ORDERS, Queue
from casewright.texts import Texts
from casewright_tui.pure.completion import offers, put_in
from casewright_tui.pure.filter_words import Vocabulary
from casewright_tui.pure.filtering import understood, written

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SITE = Vocabulary(
    me="ana",
    my_team="second line",
    people={
        "ana": Person(name="ana", en="Ana Weber", zh="安娜"),
        "wang_xy": Person(name="wang_xy", en="Wang Xiuying", zh="王秀英"),
        "wang_q": Person(name="wang_q", en="Wang Qiang", zh="王强"),
        "left": Person(name="left", en="Gone", zh="离职", active=False),
    },
    workflows={"complaint": Bilingual(en="Complaint", zh="投诉")},
    states={"investigating": (Bilingual(en="Investigating", zh="调查处理中"),)},
    teams=("first line", "second line"),
)


def values(line):
    found = understood(line, SITE, NOW)
    assert found.problem is None, found.problem
    return dict(found.values)


@pytest.mark.parametrize(
    ("english", "chinese", "asked"),
    [
        ("handler:me", "办理人：我", {"handler": "ana"}),
        ("handler:nobody", "办理人:无人", {"handler": ""}),
        ("handler:wang_q", "经办人：王强", {"handler": "wang_q"}),
        ('owner:"Wang Xiuying"', "责任人：王秀英", {"owner": "wang_xy"}),
        ("state:investigating", "状态：调查处理中", {"state": "investigating"}),
        ("workflow:complaint", "流程：投诉", {"workflow": "complaint"}),
        ("priority:high", "优先级：高", {"priority": "high"}),
        ("due:<4h", "到期：＜４小时", {"due_within": 14400}),  # noqa: RUF001
        ("due:<12:00", "到期：12：00", {"due_within": 9000}),
        ("due:today", "到期：今天", {"due_within": 52_200}),
        ("due:<tomorrow", "到期：明天", {"due_within": 138_600}),
        ("due:week", "到期：本周", {"due_within": 570_600}),
        ("age:>2d", "已开：>2天", {"older_than": 172800}),
        ("age:<30m", "已开：<30分", {"younger_than": 1800}),
        ("is:overdue", "是：超时", {"due_within": 0}),
        ("is:paused", "是：暂停", {"paused": True}),
        ("is:closed", "是：已结", {"open": False}),
        ("is:all", "是：全部", {"open": None}),
        ("team:mine", "班组：本班组", {"team": "second line"}),
        ("watcher:me", "关注人：我", {"watcher": "ana"}),
        ("order:-opened", "排序：－开单", {"order": "opened", "descending": True}),  # noqa: RUF001
    ],
)
def test_a_line_says_the_same_in_both_languages(english, chinese, asked):
    assert values(english) == asked
    assert values(chinese) == asked


def test_what_is_no_name_is_searched_for_as_it_stands():
    assert values("宽带 slow state:investigating 10:30") == {
        "state": "investigating",
        "text": "宽带 slow 10:30",
    }
    assert understood("宽带", SITE, NOW).searches
    assert not understood("handler:me", SITE, NOW).searches


@pytest.mark.parametrize(
    ("line", "word", "told"),
    [
        ("宽带 handlr:me", "handlr:me", "did you mean 'handler'"),
        ("handler:nobdy", "handler:nobdy", "did you mean 'nobody'"),
        ("handler:王", "handler:王", "say which"),
        ("handler:", "handler:", "needs a value"),
        ("is:open due:soon", "due:soon", "due:<4h"),
        ("due:>4h", "due:>4h", "due:<4h"),
        ("age:old", "age:old", "age:>2d"),
        ("handler:left", "handler:left", "there is no handler"),
        ("http://x", "http://x", "quotes"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(line, word, told):
    found = understood(line, SITE, NOW)

    assert found.problem is not None
    assert line[slice(*found.place)] == word
    assert told in Texts("en").render(found.problem)


@given(st.text(max_size=60))
def test_any_line_is_understood_or_told_why_not(line):
    found = understood(line, SITE, NOW)

    assert found.problem is not None or set(found.values) <= set(Queue.__dataclass_fields__)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "handler": st.sampled_from(["", "ana", "wang_q"]),
            "team": st.sampled_from(SITE.teams),
            "state": st.just("investigating"),
            "priority": st.sampled_from(["low", "urgent"]),
            "open": st.sampled_from([False, None]),
            "due_within": st.integers(0, 500).map(lambda hours: hours * 60),
            "older_than": st.integers(1, 500).map(lambda hours: hours * 3600),
            "order": st.sampled_from(ORDERS),
            "descending": st.booleans(),
            "text": st.sampled_from(["宽带", "slow line"]),
        },
    )
)
def test_a_queue_written_as_a_line_is_the_same_queue(asked):
    queue = Queue(actor="ana", **asked)

    assert Queue(actor="ana", **values(written(queue))) == queue


@pytest.mark.parametrize(
    ("typed", "lang", "shown"),
    [
        ("st", "en", "state:"),
        ("状", "zh", "状态:"),
        ("handler:", "en", "nobody"),
        ("宽带 办理人：王", "zh", "王秀英"),
        ("handler:qiang", "en", "wang_q"),
        ("state:调", "zh", "调查处理中"),
        ("is:o", "en", "open"),
        ("nothing:", "en", None),
    ],
)
def test_what_may_stand_at_the_caret_is_offered(typed, lang, shown):
    found = offers(typed, len(typed), SITE, lang)

    assert (found[0].shown if found else None) == shown


def test_what_is_taken_is_put_where_the_caret_stands():
    line = "办理人：王 宽带"
    offer = offers(line, 5, SITE, "zh")[0]

    assert put_in(line, 5, offer) == ("办理人：王秀英 宽带", 7)
    assert put_in("st", 2, offers("st", 2, SITE, "en")[0]) == ("state:", 6)
