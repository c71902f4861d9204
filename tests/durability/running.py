"""Running one of the harnesses in a process of its own, where its SQLite is the only one."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def run(
    harness: str, folder: Path, *words: object, before: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a harness found; `before` are the words of what it is started by."""
    places = os.pathsep.join(str(ROOT / name) for name in ("core", "plugins", "."))
    done = subprocess.run(
        [
            *before,
            sys.executable,
            "-m",
            f"tests.durability.{harness}",
            str(folder),
            *map(str, words),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
