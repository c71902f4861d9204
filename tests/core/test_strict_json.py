"""The JSON door: values within limits, and what no database could hold is refused with its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright import strict_json
from casewright.errors import JsonRefused, Place

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


def refusal(text: str | bytes) -> JsonRefused:
    with pytest.raises(JsonRefused) as caught:
        strict_json.loads(text, file="body")
    return caught.value


def test_values_come_back_as_they_were():
    text = '{"workflow": "complaint", "fields": {"amount": 12.5, "n": [1, null, true]}, "名": "\\ud83d\\ude00"}'

    assert strict_json.loads(text, file="body") == json.loads(text)
    assert strict_json.loads(b"\xef\xbb\xbf[1]", file="body") == [1]


def test_whole_numbers_reach_to_64_bits():
    assert strict_json.loads("[9223372036854775807, -9223372036854775808]", file="body") == [
        2**63 - 1,
        -(2**63),
    ]
    assert refusal("[1,\n 9223372036854775808]").place == Place("body", 2, 2)
    assert refusal("-9223372036854775809").place == Place("body", 1, 1)


def test_text_that_turns_direction_is_the_customers_own_and_is_kept():
    assert strict_json.loads('"\\u202e \\u001b"', file="body") == "\u202e \x1b"


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('{"a": 1,\n "a": 2}', 2, 2, "'a' appears twice"),
        ('{"x": {"a": 1}, "a": 1, "y": [{"a": 1, "\\u0061": 2}]}', 1, 40, "'a' appears twice"),
        ("[1,\n NaN]", 2, 2, "NaN is not a number"),
        ("-Infinity", 1, 1, "-Infinity is not a number"),
        ("[0.5, 1e999]", 1, 7, "out of range"),
        ('["1e999", -1E999]', 1, 11, "out of range"),
        ("9" * 5_000, 1, 1, "64 bits"),
        ('["ok", "\\ud800"]', 1, 8, "half a character"),
        ('{"\\udfff": 1}', 1, 2, "half a character"),
        ('["ok",\n "a\\u0000b"]', 2, 2, "NUL"),
        (b'"\xff"', 1, 2, "not UTF-8 at byte 1"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_with_its_place(text, line, column, reason):
    refused = refusal(text)

    assert reason in str(refused.reason)
    assert refused.place == Place("body", line, column)


@pytest.mark.parametrize(
    "text", ['"a\x01"', '{"a": 1', "[1,]", "{'a': 1}", "", "1 2", "01", "/**/1"]
)
def test_what_is_not_json_is_refused_where_the_parser_stopped(text):
    refused = refusal(text)

    assert "not valid JSON" in str(refused.reason)
    assert refused.place.line == 1


def test_nesting_ends_at_32_levels_and_brackets_in_texts_do_not_count():
    strict_json.loads("[" * 32 + "]" * 32, file="body")
    strict_json.loads(json.dumps(["[{" * 100, '\\"[' * 100]), file="body")

    assert refusal("[" * 33 + "]" * 33).place == Place("body", 1, 33)
    assert "deeper" in str(refusal("[" * 100_000))
    assert "deeper" in str(refusal('{"a":' * 100_000))


def test_a_text_of_one_megabyte_is_the_largest():
    strict_json.loads('"' + "x" * 999_998 + '"', file="body")

    assert "larger than 1000000 bytes" in str(refusal('"' + "x" * 999_999 + '"'))
    assert "larger than 1000000 bytes" in str(refusal('"' + "投" * 400_000 + '"'))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ['"' + '\\"' * 490_000, '[1,"' * 240_000, '\\"' * 490_000])
def test_scanning_a_megabyte_of_quotes_stays_quick(text):
    assert refusal(text).place.file == "body"


def test_a_text_from_elsewhere_can_be_checked_by_the_same_rule():
    strict_json.check_text({"a": ["x", {"名": "字"}], "n": 1})

    for value in ("\x00", {"a": ["\ud800"]}, {"\udc00": 1}):
        with pytest.raises(JsonRefused):
            strict_json.check_text(value)


def test_a_file_that_people_edit_has_places():
    text = '{"a": 1,\n "b": [1,\n  {"c": "x,:{}", "d": {}}, []],\n "e": null}'

    document = strict_json.load(text, file="f.json")

    assert document.place(("b", 1, "c")) == Place("f.json", 3, 9)
    assert document.key_place(("b", 1, "c")) == Place("f.json", 3, 4)
    assert document.place(("b", 2)) == Place("f.json", 3, 28)
    assert document.key_place(("e",)) == Place("f.json", 4, 2)
    assert document.place(()) == Place("f.json", 1, 1)


@given(VALUES)
def test_whatever_json_writes_is_read_back(value):
    text = json.dumps(value)
    stores = "\\u0000" not in text

    if stores:
        assert strict_json.loads(text, file="body") == value
        assert strict_json.load(json.dumps(value, indent=2), file="body").data == value


@given(st.text(max_size=50) | st.text(alphabet='[]{}",:\\u0d81e-. \n', max_size=50))
def test_any_text_is_either_a_value_or_a_refusal(text):
    assert outcome(text)


def outcome(text: str) -> str:
    try:
        return str(strict_json.load(text, file="body").place(()))
    except JsonRefused as refused:
        return str(refused)
