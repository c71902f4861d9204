"""What is in the repository: contracts for what exists, no traces of one machine, everything the wheel needs."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|home|root)/[\w.-]")
TEXTS = {".py", ".md", ".toml", ".yaml", ".txt", ".json", ".sql", ".po", ""}


def files() -> list[Path]:
    """Return the files that git has or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def test_no_file_names_a_path_of_one_machine():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files()
        if path.suffix in TEXTS
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if MACHINE.search(line) and "MACHINE = " not in line
    ]

    assert found == []


def test_the_search_for_such_paths_can_find_one():
    assert MACHINE.search("see " + "/wor" + "k/shared/x")
    assert not MACHINE.search("docs/work/x and a/tmp/b")


def test_what_goes_into_the_wheel_is_there():
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert [source for source in included if not (ROOT / source).exists()] == []
    assert (ROOT / "core" / "casewright" / "py.typed").exists()


def test_every_module_and_package_of_the_core_has_its_layer():
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {
        name.strip(" ()").removeprefix("casewright.")
        for layer in layers
        for name in re.split(r"[|:]", layer)
    }
    folder = ROOT / "core" / "casewright"
    found = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }

    assert found - {"__init__"} - placed == set()


def test_every_dependency_is_pinned_and_every_pin_is_exact():
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    names = {canonical(line.partition("==")[0]) for line in pins}
    wanted = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
    ]

    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    own = "casewright["  # an extra of the project itself; what it holds is asked for beside it
    assert [
        one
        for one in wanted
        if not one.startswith(own) and canonical(re.match(r"[\w.-]+", one)[0]) not in names
    ] == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
