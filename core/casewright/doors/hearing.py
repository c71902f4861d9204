"""What words come to, as a text: for an application that draws on the whole terminal and shows it itself."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from casewright.doors.line_mode import leaves, words_of
from casewright.doors.session import Entered, run_words
from casewright.errors import UsageRefused
from casewright.texts import Texts, text

MOST = 1024 * 1024
"""Octets of an answer that are shown; who wants more asks by SSH, and is told so."""


def heard(line: str, entered: Entered, texts: Texts) -> str | None:
    """Return what doing a line of words prints, None where it says that somebody leaves. One at a time.

    Nobody can be asked for anything meanwhile.
    """
    try:
        words = words_of(line)
    except UsageRefused as fault:
        return texts.error(fault)
    if leaves(words):
        return None
    shown, is_all = _printed_of(words, entered)
    return shown if is_all else f"{shown}\n{texts.text(_CUT)}"


def _printed_of(words: list[str], entered: Entered) -> tuple[str, bool]:
    """Return what is printed of words, as far as it is shown, and whether that is all of it."""
    answer = os.memfd_create("answer")
    try:
        with _written_to(answer):
            run_words(words, entered)
        size = os.fstat(answer).st_size
        return os.pread(answer, MOST, 0).decode("utf-8", "replace"), size <= MOST
    finally:
        os.close(answer)


@contextmanager
def _written_to(answer: int) -> Iterator[None]:
    """Meanwhile have what is printed go into a file in memory, and nothing be there to be read."""
    before = sys.stdin, sys.stdout, sys.stderr
    with open(answer, "w", encoding="utf-8", closefd=False, buffering=1) as stream:
        try:
            sys.stdin = io.TextIOWrapper(io.BytesIO())
            sys.stdout = sys.stderr = stream
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before


_CUT = text(
    "The answer goes on: it is too long to be shown here. Ask for less of it, or by SSH."
)
