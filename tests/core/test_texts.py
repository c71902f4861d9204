"""Sentences in both languages: how they are rendered, and that none is without its Chinese."""

import subprocess
import sys
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright import errors
from casewright.bilingual import Bilingual
from casewright.errors import Conflict, TransitionRefused, YamlRefused, message
from casewright.texts import Texts, language, text

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402 (from tools/, which is no package)
import sentences  # noqa: E402


@pytest.mark.parametrize(
    ("named", "environment", "workspace", "expected"),
    [
        ("zh", {"CASEWRIGHT_LANG": "en"}, "en", "zh"),
        (None, {"CASEWRIGHT_LANG": "zh", "LANG": "en_US.UTF-8"}, "en", "zh"),
        (None, {"LANG": "en_US.UTF-8"}, "zh", "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "", "zh"),
        (None, {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "", "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8", "LANG": "C"}, "", "zh"),
        (None, {"LANG": "C.UTF-8"}, "", "en"),
        (None, {}, "", "en"),
    ],
)
def test_the_language_is_the_nearest_one_named(named, environment, workspace, expected):
    assert language(named, workspace=workspace, environment=environment) == expected


def test_an_error_is_told_in_the_readers_language_with_its_reason():
    error = TransitionRefused(
        ticket="CMP-1",
        transition="close",
        state="open",
        reason=message("a reason must be given"),
        transition_title=Bilingual(en="Close", zh="结案"),
        state_title=Bilingual(en="Open", zh="办理中"),
    )

    assert (
        Texts("en").error(error) == "CMP-1 cannot 'close' while 'open': a reason must be given."
    )
    chinese = Texts("zh").error(error)
    assert "CMP-1" in chinese
    assert "结案" in chinese
    assert "reason" not in chinese


def test_messages_inside_messages_and_titles_are_rendered_too():
    inner = message("; did you mean '{nearest}'?", nearest="urgent")
    outer = message(
        "unknown word '{word}' in '{where}'{hint}", word="urgnet", where="priority", hint=inner
    )

    assert "您是不是想写“urgent”" in Texts("zh").render(outer)
    assert Texts("zh").value(Bilingual(en="Closed", zh="已结案")) == "已结案"
    assert Texts("en").value(Bilingual(en="Closed", zh="已结案")) == "Closed"


def test_a_question_at_the_end_needs_no_full_stop_behind_it():
    reason = message(
        "{name} is wrong{hint}",
        name="x",
        hint=message("; did you mean '{nearest}'?", nearest="y"),
    )
    error = YamlRefused(place=errors.Place("a.yaml", 1, 2), reason=reason)

    assert Texts("en").error(error) == "a.yaml:1:2: x is wrong; did you mean 'y'?"


def test_moments_and_lists_are_shown_as_people_write_them():
    moment = datetime(2026, 2, 13, 1, 30, tzinfo=UTC)

    assert Texts("en").value(moment) == moment.astimezone().strftime("%Y-%m-%d %H:%M")
    assert Texts("zh").value(["a", "b"]) == "a、b"
    assert Texts("en").value(("a", "b")) == "a, b"


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("{count} row(s) are written", {"count": 1}, "1 row is written"),
        ("{count} row(s) are written", {"count": 0}, "0 rows are written"),
        ("{a} SSH key(s), {b} token(s)", {"a": 2, "b": 1}, "2 SSH keys, 1 token"),
        ("{count} ticket(s) come before {name}", {"count": 1, "name": "2 row(s) are"}, "1 ticket comes before 2 row(s) are"),
    ],
)  # fmt: skip
def test_what_is_counted_is_one_or_several_in_english(template, values, expected):
    assert Texts("en").say(template, **values) == expected


def test_marking_a_text_leaves_it_as_it_is():
    assert text("open a ticket") == "open a ticket"
    assert Texts("zh").text("open a ticket") != "open a ticket"
    assert Texts("zh").text("") == ""


def test_braces_in_a_value_are_not_filled():
    assert (
        Texts("en")
        .error(Conflict(ticket="{actual}", expected=1, actual=2))
        .startswith("{actual} has")
    )


@pytest.fixture(scope="module")
def of_the_code():
    return sentences.collect()


def test_every_sentence_of_the_code_can_be_found(of_the_code):
    unclear = [f"{one.file}:{one.line}" for one in of_the_code if one.sentence is None]

    assert unclear == []


def test_every_sentence_has_its_chinese_with_names_that_the_sentence_is_given(of_the_code):
    catalogue = messages.read()
    found = {one.sentence for one in of_the_code if one.sentence}

    entries = {sentence: catalogue.get(sentence) for sentence in found}
    without = sorted(
        sentence for sentence, entry in entries.items() if entry is None or not entry.string
    )
    other = sorted(
        sentence
        for sentence, entry in entries.items()
        if entry
        and entry.string
        and not sentences.placeholders(entry.string) <= _given(sentence)
    )

    assert (without, other) == ([], []), "run `make messages` and translate"


def _given(sentence: str) -> set[str]:
    """What a translation may show: the sentence's own names, and for an error's sentence all its fields."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    told = [kind for kind in kinds if getattr(kind, "sentence", None) == sentence]
    return sentences.placeholders(sentence).union(
        *({field.name for field in fields(kind)} for kind in told if is_dataclass(kind))
    )


def test_the_compiled_catalogue_is_the_one_that_is_read():
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()

    assert compiled == messages.compiled(messages.read()), "run `make messages`"


def test_the_search_for_sentences_follows_functions_that_pass_them_on(tmp_path):
    (tmp_path / "a.py").write_text(
        "def refused(file, words):\n    return message(words)\n"
        "def other(words):\n    return refused(1, words)\n"
        "refused(1, 'first')\nother('second')\nmessage('third' if x else 'fourth')\nmessage(made())\n",
        encoding="utf-8",
    )

    found = [one.sentence for one in sentences.collect(tmp_path)]

    assert sorted(filter(None, found)) == ["first", "fourth", "second", "third"]
    assert found.count(None) == 1


def test_english_needs_no_catalogue():
    code = (
        "import casewright.texts as t; t.Texts('en').text('x'); t._catalogue.__wrapped__('en')"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT / "core", check=False).returncode
        == 0
    )
