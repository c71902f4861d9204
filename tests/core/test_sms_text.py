"""How long an SMS is, and that its parts are the text again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.delivery.sms_text import (
    JOINED,
    SINGLE,
    Length,
    alphabet_of,
    decoded_gsm7,
    encoded,
    length,
    split,
)

TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aé€[]^中文😀")),
    max_size=400,
)


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "gsm7", 0, 1),
        ("x" * 160, "gsm7", 160, 1),
        ("x" * 161, "gsm7", 161, 2),
        ("x" * 306, "gsm7", 306, 2),
        ("x" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("工" * 70, "ucs2", 70, 1),
        ("工" * 71, "ucs2", 71, 2),
        ("工" * 134, "ucs2", 134, 2),
        ("工" * 135, "ucs2", 135, 3),
        ("😀" * 35, "ucs2", 70, 1),
        ("😀" * 36, "ucs2", 72, 2),
        ("x" * 69 + "工", "ucs2", 70, 1),
    ],
)
def test_a_text_is_counted_before_it_is_sent(text, alphabet, units, parts):
    assert length(text) == Length(alphabet=alphabet, units=units, parts=parts)


def test_a_pair_of_surrogates_is_not_cut_at_the_edge_of_a_part():
    parts = split("工" * 66 + "😀" + "工" * 66)

    assert [len(encoded(part, "ucs2")) // 2 for part in parts] == [66, 67, 1]


def test_an_escaped_character_is_not_cut_at_the_edge_of_a_part():
    parts = split("x" * 152 + "€" + "x" * 100)

    assert [len(encoded(part, "gsm7")) for part in parts] == [152, 102]


@given(TEXTS)
def test_the_parts_are_the_text_and_none_is_too_long(text):
    alphabet, parts = alphabet_of(text), split(text)
    room = SINGLE[alphabet] if len(parts) == 1 else JOINED[alphabet]
    width = 2 if alphabet == "ucs2" else 1

    assert "".join(parts) == text
    assert all(len(encoded(part, alphabet)) <= room * width for part in parts)
    assert length(text).parts == len(parts)


@given(st.text(st.sampled_from("@£$ aé€[]^{}~\\|ΔΦ\n09Zzà"), max_size=50))
def test_what_was_written_in_the_gsm_alphabet_reads_the_same(text):
    assert decoded_gsm7(encoded(text, "gsm7")) == text


@given(st.binary(max_size=200))
def test_any_octets_can_be_read(octets):
    assert isinstance(decoded_gsm7(octets), str)
