"""Plugin projects as their author has them: installed as `pip install -e` would, in a site of the test's own, without a network."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIMS = {
    "casewright": f'exec "{sys.executable}" -m casewright.cli "$@"',
    "pytest": f'exec "{sys.executable}" -m pytest -p no:cacheprovider "$@"',
    "pip": f'exec "{sys.executable}" -m {__name__.rsplit(".", 1)[-1]} "$@"',
}
"""Commands of a tutorial, carried out by the interpreter that runs the tests; `pip install -e` is this module."""


def install(project: Path, site: Path) -> None:
    """Let the project in a folder be found like one that was installed for editing."""
    data = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    stem = data["name"].replace("-", "_")
    metadata = site / f"{stem}-{data['version']}.dist-info"
    metadata.mkdir(parents=True, exist_ok=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {data['name']}\nVersion: {data['version']}\n", "utf-8"
    )
    points = data["entry-points"]["casewright.plugins"]
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (metadata / "entry_points.txt").write_text(f"[casewright.plugins]\n{lines}", "utf-8")
    for package in points.values():
        link = site / package
        if not link.exists():
            link.symlink_to(project / package)


def environment(site: Path, **more: str) -> dict[str, str]:
    """Return the variables under which what is in `site` is importable, and people read English."""
    path = os.pathsep.join((str(site), str(ROOT / "core")))
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")
    }
    return {**plain, "PYTHONPATH": path, "LC_ALL": "C.UTF-8", "CASEWRIGHT_USER": "ana", **more}


def run(
    words: list[str], folder: Path, site: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a Python module with its words in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment(site, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def shims(folder: Path) -> Path:
    """Write the commands of a tutorial into a folder, to be put before all others in PATH."""
    folder.mkdir(exist_ok=True)
    for name, script in SHIMS.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)
    return folder


if __name__ == "__main__":
    assert sys.argv[1:3] == ["install", "-e"], sys.argv
    install(Path.cwd(), Path(os.environ["TUTORIAL_SITE"]))
