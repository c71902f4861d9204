"""No plugin reaches past `from casewright import ...`: held twice, by its source and by the graph of imports."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casewright.testing.laws.source import strange_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "plugins" / "casewright_routing"
CONTRACT = "A plugin sees only the public surface"
DEEP = (
    "from casewright import desk",
    "from casewright.model import Ticket",
    "import casewright.cli.session",
)


def copied(folder: Path, line: str = "") -> Path:
    """Return a copy of our plugin, with one line added to one of its modules."""
    package = folder / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    module = package / "chinese.py"
    module.write_text(f"{module.read_text('utf-8')}\n{line}\n", "utf-8")
    return package


def contracts(package: Path) -> str:
    """Return what import-linter says of the contracts of pyproject.toml, with `package` as the plugin."""
    shutil.copy(ROOT / "pyproject.toml", package.parent)
    code = f"import sys; sys.path[:0] = [{str(package.parent)!r}, {str(ROOT / 'core')!r}, {str(ROOT / 'tui')!r}]"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nfrom importlinter.cli import lint_imports\n"
            f"sys.exit(lint_imports(no_cache=True, limit_to_contracts=()))",
        ],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_our_plugin_imports_only_what_is_public():
    assert list(map(str, strange_imports(PACKAGE))) == []


def test_the_contract_of_imports_is_kept(tmp_path):
    assert f"{CONTRACT} KEPT" in contracts(copied(tmp_path))


@pytest.mark.parametrize("line", DEEP)
def test_a_plugin_that_reaches_deeper_is_caught_by_its_source(line, tmp_path):
    (said,) = map(str, strange_imports(copied(tmp_path, line)))

    assert "casewright_routing/chinese.py" in said


@pytest.mark.parametrize("line", DEEP)
def test_a_plugin_that_reaches_deeper_is_caught_by_the_graph_of_imports(line, tmp_path):
    assert f"{CONTRACT} BROKEN" in contracts(copied(tmp_path, line))
