"""What is worked out once and kept gives the same answers as working it out each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from casewright.bilingual import Bilingual
from casewright.forms.spec import Field, Kind
from casewright.store.search import SHORT, indexed, query, tokens
from casewright.workflows.guard import GuardFailed, Guards
from casewright.workflows.spec import Expression


def field(name: str, kind: Kind) -> Field:
    return Field(name=name, title=Bilingual(en=name, zh=name), kind=kind)


@dataclass
class Prices:
    rows: Mapping[str, Mapping[str, str]]


@pytest.fixture
def prices() -> dict[str, Prices]:
    return {"prices": Prices({"line": {"dear": "yes"}})}


@pytest.fixture
def guards(prices) -> Guards:
    kinds: dict[str, Kind] = {
        "amount": "decimal",
        "count": "integer",
        "kind": "text",
        "tags": "texts",
        "urgent": "boolean",
    }
    fields = {name: field(name, kind) for name, kind in kinds.items()}
    return Guards(fields=fields, transitions=["report"], tables=prices)


def holds(guards: Guards, source: str, **fields: Any) -> bool:
    return guards.holds(Expression(source), {"fields": fields, "times": {}})


def test_a_condition_is_answered_by_the_values_it_reads_however_often_it_is_asked(guards):
    large = "fields.amount > 500 && fields.kind != 'refund'"

    answers = [
        holds(guards, large, amount=amount, kind=kind, count=count)
        for count in range(3)
        for amount, kind in ((500, "line"), (500.5, "line"), (501, "refund"))
    ]

    assert answers == [False, True, False] * 3


def test_an_unset_field_and_an_unset_switch_are_told_apart_from_filled_ones(guards):
    for _ in range(2):
        assert holds(guards, "has(fields.kind)", kind="line")
        assert not holds(guards, "has(fields.kind)")
        assert holds(guards, "fields.urgent", urgent=True)
        assert not holds(guards, "fields.urgent")


def test_a_condition_that_cannot_be_answered_fails_each_time(guards):
    for _ in range(2):
        with pytest.raises(GuardFailed):
            holds(guards, "fields.count > 3")


def test_a_list_is_looked_into_each_time(guards):
    tags = ["slow"]

    before = holds(guards, "'late' in fields.tags", tags=tags)
    tags.append("late")

    assert (before, holds(guards, "'late' in fields.tags", tags=tags)) == (False, True)


def test_a_table_that_changed_is_asked_anew(guards, prices):
    dear = "lookup('prices', fields.kind).dear == 'yes'"

    before = holds(guards, dear, kind="line")
    prices["prices"] = Prices({"line": {"dear": "no"}})

    assert (before, holds(guards, dear, kind="line")) == (True, False)


@pytest.mark.parametrize("length", [SHORT // 4, SHORT * 2])
def test_the_index_keeps_the_same_words_of_a_text_whatever_its_length(length):
    text = ("宽带 断网三天 ADSL-2 " * length)[:length]

    assert indexed([text, {"inner": [text]}, 7, None]) == " ".join(tokens(text) * 2)


def test_han_is_found_by_neighbouring_pairs_and_latin_by_words():
    assert tokens("断网三天，ADSL modem") == ["断网", "网三", "三天", "天", "adsl", "modem"]
    assert tokens("网") == ["网"]
    sought = '(("断网" OR "\ue000断网") AND ("mod"* OR "\ue000mod")) OR "\ue000断网mod"'
    assert query("断网 Mod") == sought
    assert query("网") == '("网"* OR "\ue000网")'
    assert query("--") is None
