"""A visit to the demonstration: colleagues at work in a process of their own, and the terminal of one of them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casewright.cli.demo_living import READY, SITTER
from casewright.cli.output import print_line
from casewright.cli.session import Session
from casewright.cli.tui import seated
from casewright.texts import Texts

LOG = "colleagues.log"
LAST_WORDS = 10.0
"""Seconds that the colleagues may take to put down what they do."""


def visit(session: Session, folder: Path, *, keeps: str) -> int:
    """Have somebody sit down among the colleagues until they leave; return the exit code."""
    texts = session.texts
    told = texts.say(
        "The centre of the demonstration begins its day, in {folder} ...", folder=folder
    )
    print_line(told, sys.stdout)
    with _colleagues(folder, texts.lang), session.elsewhere(folder, named=SITTER) as seat:
        code = seated(seat)
    for line in _farewell(texts, folder, keeps):
        print_line(line, sys.stdout)
    return code


@contextmanager
def _colleagues(folder: Path, lang: str) -> Iterator[None]:
    """Have the centre filled, and people at work in it meanwhile."""
    command = [sys.executable, "-m", "casewright.cli.demo_living", str(folder), lang]
    with (
        (folder / LOG).open("ab") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as running,
    ):
        assert running.stdin is not None
        assert running.stdout is not None
        # Without colleagues the centre is a quiet one; what they had to say stands in the log.
        while (said := running.stdout.readline()) and said.decode().strip() != READY:
            pass
        try:
            yield
        finally:
            running.stdin.close()
            try:
                running.wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                running.kill()


def _farewell(texts: Texts, folder: Path, keeps: str) -> Iterator[str]:
    yield texts.text("Sit down again, as one person or another:")
    yield f"  cd {folder}"
    for name in (SITTER, "liang_chen", "chen_jing", "han_lei"):
        yield f"  casewright --as {name}"
    yield texts.text("What happened before, printed: casewright demo --print")
    yield keeps
