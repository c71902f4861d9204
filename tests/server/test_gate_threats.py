"""The decision about the server's door names the tests that hold it, and they are there."""

import re

from ..conftest import ROOT

DECISION = "0019-who-gets-through-the-servers-door.md"


def test_every_test_that_the_threat_table_names_is_there() -> None:
    named = set(
        re.findall(r"`(test_\w+)`", (ROOT / "docs" / "decisions" / DECISION).read_text("utf-8"))
    )
    defined = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }

    assert len(named) > 15
    assert named - defined == set()
