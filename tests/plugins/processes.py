"""The command line in a process of its own, for what may end the process that it is in."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_cli(
    workspace: Path, site: Path, *words: str, actor: str = "ana"
) -> subprocess.CompletedProcess[str]:
    """Run `casewright` with `words` in a workspace, with what is installed in `site`; return how it ended."""
    more = ("--workspace", str(workspace), "--as", actor, "--lang", "en")
    return run_python(workspace, site, "-m", "casewright.cli", *words, *more)


def run_python(workspace: Path, site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with `words`, with the core and what is installed in `site`; return how it ended."""
    path = os.pathsep.join(map(str, (ROOT / "core", site)))
    return subprocess.run(
        [sys.executable, *words],
        cwd=workspace,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
