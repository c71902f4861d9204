"""The YAML door: what it reads, where it says things stand, and what it does not open for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casewright import strict_yaml
from casewright.errors import FileUnreadable, Place, YamlRefused

CORE = Path(__file__).resolve().parents[2] / "core"
FEW_NAMES = st.text(alphabet="abcdef ", min_size=1, max_size=8)


def read(text: str | bytes) -> object:
    return strict_yaml.load(text, file="a.yaml").data


def refusal(text: str | bytes) -> YamlRefused:
    with pytest.raises(YamlRefused) as caught:
        strict_yaml.load(text, file="a.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None),
        ("12", 12), ("-3", -3), ("0", 0), ("1.5", 1.5), ("-0.25", -0.25), ("1e3", 1000.0),
        ("12:30:00", "12:30:00"), ("0o17", "0o17"), ("017", "017"), ("0x1f", "0x1f"),
        ("1_000", "1_000"), ("+5", "+5"), ("2026-01-31", "2026-01-31"), ("50%", "50%"),
        ("'yes'", "yes"), ('"no"', "no"), ("3 days", "3 days"), ("投诉", "投诉"),
        ("999999999999999999", 999999999999999999), ("'1'", "1"), (".5", ".5"), ("1.", "1."),
    ],
)  # fmt: skip
def test_a_plain_scalar_means_what_json_would_mean_and_all_else_is_text(written, meant):
    data = read(f"value: {written}\n")

    assert data == {"value": meant}
    assert type(data["value"]) is type(meant)


def test_comments_block_texts_and_both_styles_of_collections_are_read():
    text = "# who acts\na:\n  - {b: 1, c: [x, z]}\n  - |\n    two\n    lines\n? d\n: >-\n  folded\n  text\n"

    data = read(text)

    assert data == {"a": [{"b": 1, "c": ["x", "z"]}, "two\nlines\n"], "d": "folded text"}


def test_a_byte_order_mark_at_the_start_is_accepted():
    assert read(b"\xef\xbb\xbfa: 1") == {"a": 1}
    assert read("\ufeffa: 1") == {"a": 1}


def test_an_empty_file_holds_nothing():
    document = strict_yaml.load("# nothing yet\n", file="a.yaml")

    assert document.data is None
    assert document.place(("states", "x")) == Place("a.yaml", 1, 1)


def test_values_and_keys_have_places_and_the_unknown_has_its_nearest_ancestors():
    document = strict_yaml.load(
        "states:\n  open:\n    to: [a, b]\n  done: {final: true}\n", file="w.yaml"
    )

    assert document.place(()) == Place("w.yaml", 1, 1)
    assert document.key_place(("states", "open")) == Place("w.yaml", 2, 3)
    assert document.place(("states", "open")) == Place("w.yaml", 3, 5)
    assert document.place(("states", "open", "to", 1)) == Place("w.yaml", 3, 13)
    assert document.place(("states", "done", "final")) == Place("w.yaml", 4, 17)
    assert document.key_place(("states", "done", "final")) == Place("w.yaml", 4, 10)
    assert document.key_place(("states", "done", "no", "such")) == Place("w.yaml", 4, 3)
    assert document.place(("states", "open", "to", 7)) == Place("w.yaml", 3, 9)


def test_columns_count_characters_and_not_bytes():
    assert strict_yaml.load("{投诉: x, b: z}", file="w").key_place(("b",)) == Place("w", 1, 9)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("a: &x 1", 1, 4, "anchors"),
        ("a: 1\nb: *x", 2, 4, "aliases"),
        ("a: !!python/object:os.system x", 1, 4, "tags"),
        ("a: !x {b: 1}", 1, 4, "tags"),
        ("a:\n  <<: {b: 1}", 2, 3, "merge keys"),
        ("a: 1\nb: 2\na: 3", 3, 1, "'a' appears twice"),
        ("a: 1\n'a': 3", 2, 1, "'a' appears twice"),
        ("a: 1\n---\nb: 2", 2, 1, "one document"),
        ("%YAML 1.1\n---\na: 1", 1, 1, "directives"),
        ("%TAG ! tag:x,2020:\n---\na: 1", 1, 1, "directives"),
        ("1: a", 1, 1, "must be text"),
        ("null: a", 1, 1, "must be text"),
        ("true: a", 1, 1, "must be text"),
        ("~: a", 1, 1, "must be text"),
        ("? [a]\n: b", 1, 3, "not a mapping or a list"),
        ("a: 1\non: submit", 2, 1, "'on' is ambiguous"),
        ("y: 1", 1, 1, "'y' is ambiguous"),
        ("a: [No]", 1, 5, "'No' is ambiguous: write true or false, or quote it"),
        ("a: OFF", 1, 4, "'OFF' is ambiguous"),
        ("a: 1e999", 1, 4, "out of range"),
        ("a: .inf", 1, 4, "out of range"),
        ("a: .NaN", 1, 4, "out of range"),
        ("a: 1000000000000000000", 1, 4, "out of range"),
        ("a: x\u202ey", 1, 5, "U+202E"),
        ("a: 'x\x1by'", 1, 6, "U+001B"),
        ('a: "\\u202e"', 1, 4, "U+202E"),
        ('a: "\\0"', 1, 4, "U+0000"),
        ("a: 1\nb: \x00", 2, 4, "U+0000"),
        ("a: \ud800", 1, 4, "U+D800"),
        ("a: b\u2028c: d", 1, 5, "U+2028"),
        ("a: b\x85c: d", 1, 5, "U+0085"),
        ("a: \ufeffb", 1, 4, "U+FEFF"),
        (b"a: 1\nb: \xff", 2, 4, "not UTF-8 at byte 8"),
    ],
)  # fmt: skip
def test_what_surprises_or_hides_is_refused_with_its_place(text, line, column, reason):
    refused = refusal(text)

    assert reason in str(refused.reason)
    assert refused.place == Place("a.yaml", line, column)


@pytest.mark.parametrize("text", ["a: b: c", ": a", "@a", "a: [,]", 'a: "\\q"'])
def test_what_is_not_yaml_is_refused_where_the_parser_stopped(text):
    refused = refusal(text)

    assert "not valid YAML" in str(refused.reason)
    assert refused.place.line in {1, 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("a: 1\nworkflow：x\nb: 2", 2, 9, "wide colon"),
        ("a:\n  b：\n  # why\n\n  c: 1", 2, 4, "wide colon"),
        ("a: 1\nb：1\nc：2\nd: 3", 2, 2, "wide colon"),
        ("a:\n\tb: 1", 2, 1, "a tab here"),
        ("a:\n  b: 1\n\tc: 2", 3, 1, "a tab here"),
        ("a: [1, 2\nb: 3", 2, 2, "opened in line 1, column 4 is not closed"),
        ("{a: 1", 2, 1, "opened in line 1, column 1 is not closed"),
        ("a: {b: 1 c: 2}", 1, 11, "a comma is missing before this"),
        ('a: 1\nb: "x\nc: 3', 2, 4, "opened here is never closed"),
        ("a: 'x", 1, 4, "opened here is never closed"),
        ("when: !fields.a && b", 1, 7, 'in quotes: "!fields.a && b"'),
        ("when: !x", 1, 7, "put an expression that begins with ! in quotes"),
        ("a: 1\nkey:value\nb: 1", 2, 5, "a blank is missing behind 'key:'"),
        ("a:\n  - to:x\n    at: 1", 2, 8, "a blank is missing behind 'to:'"),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_is_named_at_its_place(text, line, column, reason):
    refused = refusal(text)

    assert reason in str(refused.reason)
    assert refused.place == Place("a.yaml", line, column)


def test_the_limits_take_what_they_say_and_nothing_more():
    deep = "[" * 32 + "]" * 32
    many = "[" + "1," * 39_994 + "]"
    long = "a: " + "x" * 65_536
    large = "a: 1\n#" + "x" * (256 * 1024 - 6)

    for accepted in (deep, many, long, large):
        strict_yaml.load(accepted, file="a.yaml")

    assert "deeper than 32" in str(refusal("[" * 33 + "]" * 33))
    assert "more than 40000 parts" in str(refusal("[" + "1," * 39_995 + "]"))
    assert "longer than 65536" in str(refusal(long + "x"))
    assert "larger than 262144 bytes" in str(refusal(large + "x"))
    assert "larger than 262144 bytes" in str(refusal("#" + "投" * 90_000))


@pytest.mark.parametrize("bomb", ["[", "{", "- ", "? ", "{a: ", "[{a: "])
def test_thirty_thousand_levels_end_in_a_refusal_and_not_in_a_dead_process(bomb):
    program = (
        "import sys; from casewright import strict_yaml, errors\n"
        "try: strict_yaml.load(sys.argv[1] * 30_000, file='a.yaml')\n"
        "except errors.YamlRefused as refused: print(refused)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, bomb],
        env={**os.environ, "PYTHONPATH": str(CORE)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr
    assert "a.yaml:1:" in ran.stdout


@pytest.mark.parametrize("bomb", ["[", "- ", "{a: "])
def test_the_parser_written_in_python_refuses_the_same(monkeypatch, bomb):
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)

    assert "deeper than 32" in str(refusal(bomb * 3_000))
    assert strict_yaml.load("a: [x, 1, true]\n", file="a").data == {"a": ["x", 1, True]}
    assert refusal("a: 1\na: 2").place == Place("a.yaml", 2, 1)
    assert refusal("a: !x 2").place == Place("a.yaml", 1, 4)


def test_a_file_is_read_and_named_as_asked(tmp_path):
    file = tmp_path / "w.yaml"
    file.write_text("a: yes\n", encoding="utf-8")

    with pytest.raises(YamlRefused) as caught:
        strict_yaml.load_file(file, file="workflows/w.yaml")

    assert caught.value.place == Place("workflows/w.yaml", 1, 4)
    assert caught.value.code == "yaml.refused"


def test_what_is_not_a_regular_file_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, Path("/dev/zero"), tmp_path / "none.yaml", Path("a\0b")):
        with pytest.raises(FileUnreadable) as caught:
            strict_yaml.load_file(path)
        assert caught.value.file == str(path)
    with pytest.raises(FileUnreadable, match="there is no such file"):
        strict_yaml.load_file(tmp_path / "none.yaml")
    with pytest.raises(FileUnreadable, match="not a regular file"):
        strict_yaml.load_file(pipe)


def test_of_a_huge_file_only_the_limit_is_read(tmp_path):
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(1 << 40)

    with pytest.raises(YamlRefused, match="larger than 262144 bytes"):
        strict_yaml.load_file(huge)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | FEW_NAMES
    | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FEW_NAMES, inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


@given(PLAIN)
def test_json_is_yaml_and_comes_back_as_it_was(data):
    import json

    assert read(json.dumps(data)) == data


@given(st.text(max_size=60) | st.text(alphabet="a:-[]{}?&*!|>'\"%#, \n\t<~", max_size=60))
def test_any_text_is_either_data_or_a_refusal(text):
    assert outcome(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_either_data_or_a_refusal(source):
    assert outcome(source)


def outcome(source: str | bytes) -> str:
    try:
        return str(strict_yaml.load(source, file="a.yaml").place(()))
    except YamlRefused as refused:
        return str(refused)
