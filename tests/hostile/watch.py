"""Runs command lines in this process as a terminal would see them, and says what should not have come out."""

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from casewright.cli.__main__ import main

DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Written down here a second time: what is tested must not say what is right."""
KNOWN_CODES = (0, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run printed, as bytes would have reached a terminal, and its exit code."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    def faults(self) -> list[str]:
        """Return what is wrong: a bug, a traceback, a silent refusal, or a character that does something."""
        found = [
            f"{where}: {one!r}"
            for where, text in (("stdout", self.out), ("stderr", self.err))
            for one in DANGEROUS.findall(text)
        ]
        if self.code not in KNOWN_CODES:
            found.append(f"exit code {self.code}: {self.err}")
        if "Traceback" in self.out + self.err:
            found.append(f"a traceback: {self.err}")
        if self.code and not (self.out + self.err).strip():
            found.append("refused without a word")
        return [f"{self.words!r}: {one}" for one in found]


def run(root: Path, *words: str, actor: str = "boss") -> Seen:
    """Run one command line; standard input is empty and nobody sits at a terminal."""
    out, err = _stream(), _stream()
    before, sys.stdin = sys.stdin, io.StringIO("")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["-C", str(root), "--as", actor, *words])
    finally:
        sys.stdin = before
    return Seen(words=words, code=code, out=_text(out), err=_text(err))


def _stream() -> io.TextIOWrapper:
    """Return a stream that takes what a terminal in UTF-8 takes: a lone surrogate breaks it, as it would there."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
