"""Python run in a process of its own, for what may end the process that it is in."""

import os
import subprocess
import sys

MOST_SECONDS = 600


def run_apart(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module as `python -m` does, with the packages that are importable here; return how it ended and what it printed."""
    path = os.pathsep.join(one for one in sys.path if one)
    command = [sys.executable, "-m", module, *words]
    try:
        return subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        said = f"it was not done within {MOST_SECONDS} s"
        return subprocess.CompletedProcess(command, -1, "", said)
