"""What is imported when: packages are light, help is quick, and heavy libraries stay behind their doors."""

import ast
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core"
HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "jsonschema",
    "jsonschema_rs",
    "cel_expr_python",
    "rich",
    "yaml",
    "transitions",
)
PACKAGES = sorted(
    path.parent.relative_to(CORE).as_posix().replace("/", ".")
    for path in CORE.rglob("__init__.py")
)


def loaded_after(code: str, **environment: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after running `code`."""
    told = f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", told],
        env={**os.environ, "PYTHONPATH": str(CORE), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def heavy_in(modules: set[str]) -> set[str]:
    return {name for name in HEAVY if name in modules}


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_pulls_in_nothing_heavy(package):
    assert heavy_in(loaded_after(f"import {package}")) == set()


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["ticket", "--help"],
        ["ticket", "open", "--help"],
        ["--version"],
        ["workflow", "chek"],
    ],
)
def test_help_imports_nothing_heavy(words):
    code = f"from casewright.cli.__main__ import main\nmain({words!r})"

    assert heavy_in(loaded_after(code)) == set()


def test_the_version_is_told_before_anything_of_ours_is_imported():
    modules = loaded_after("from casewright.cli.__main__ import main\nmain(['--version'])")

    assert {name for name in modules if name.startswith("casewright.")} == {
        "casewright.cli",
        "casewright.cli.__main__",
    }


def test_showing_a_ticket_needs_no_object_relational_library(tmp_path):
    root = str(tmp_path / "w")
    question = ["--set", "subject=Price", "--set", "question=How much?"]
    here = ["-C", root, "--as", "chen_jing"]
    for one in (
        ["init", root, "--demo", "--admin", "boss"],
        [*here, "ticket", "open", "inquiry", *question],
    ):
        loaded_after(f"from casewright.cli.__main__ import main\nassert main({one!r}) == 0")
    key = f"INQ-{datetime.now(UTC).year}-000001"

    for words in (["show", key], ["list"]):
        asked = [*here, "ticket", *words]
        modules = loaded_after(
            f"from casewright.cli.__main__ import main\nassert main({asked!r}) == 0"
        )
        assert {"sqlalchemy", "sqlmodel", "pydantic", "jsonschema", "rich"} & modules == set()


def test_opening_a_desk_and_looking_at_a_queue_needs_no_object_relational_library(tmp_path):
    root = str(tmp_path / "w")
    init = ["init", root, "--demo", "--admin", "boss"]
    loaded_after(f"from casewright.cli.__main__ import main\nassert main({init!r}) == 0")
    modules = loaded_after(
        "from pathlib import Path\n"
        "from casewright.config import read_config\n"
        "from casewright.desk import open_desk\n"
        "from casewright.queries import CountQueue, GetSummary, GetWallboard, ListQueue\n"
        f"with open_desk(read_config(Path({root!r}))) as desk:\n"
        "    for kind in (ListQueue, CountQueue, GetSummary, GetWallboard):\n"
        "        desk.ask(kind(actor='han_lei'))\n"
    )

    assert {"sqlalchemy", "sqlmodel", "jsonschema", "rich"} & modules == set()


@pytest.mark.parametrize(
    "path",
    sorted((CORE / "casewright").rglob("*.py")),
    ids=lambda path: path.relative_to(CORE).as_posix(),
)
def test_every_module_opens_with_what_it_owns(path):
    opening = ast.get_docstring(ast.parse(path.read_text("utf-8")))

    assert opening
    assert opening.split("\n")[0].rstrip(":")
