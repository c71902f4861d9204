"""What a terminal that works through a server imports before its first rows: nothing that only the server needs."""

import os
import re

from .test_imports import CORE, loaded_after

NEVER = (
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "jsonschema",
    "jsonschema_rs",
    "cel_expr_python",
    "yaml",
    "httpx",
    "asyncssh",
    "starlette",
    "uvicorn",
    "transitions",
    "markdown_it",
    "tree_sitter",
)
TUI = CORE.parent / "tui"
TERMINAL = """
import casewright.cli.sitting
import casewright_tui.app
from casewright.remote.desk import RemoteDesk
from casewright_tui.places import PLACES
PLACES["queue"].made({})
"""


def test_the_read_path_of_the_terminal_is_light():
    loaded = loaded_after(TERMINAL, PYTHONPATH=os.pathsep.join(map(str, (CORE, TUI))))

    assert "casewright_tui.screens.queue" in loaded
    assert sorted(set(NEVER) & loaded) == []


def test_no_handler_of_the_terminal_calls_the_one_of_its_base():
    """Textual runs the handlers of every class of a widget; whoever calls the base's as well has it run twice."""
    calls = re.compile(r"super\(\)\.on_(?!event\b)\w+\(")
    found = [
        str(path.relative_to(TUI))
        for path in sorted(TUI.rglob("*.py"))
        if calls.search(path.read_text("utf-8"))
    ]

    assert found == []
