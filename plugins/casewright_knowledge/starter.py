"""What `casewright plugin adopt knowledge` writes into a workspace: two workflows and their forms."""

from collections.abc import Sequence
from pathlib import Path

from casewright import Starter

_FOLDER = Path(__file__).with_name("starter")


def starters() -> Sequence[Starter]:
    """Return the files, by where they belong."""
    return [
        Starter(
            path=path.relative_to(_FOLDER).as_posix(), content=path.read_text(encoding="utf-8")
        )
        for path in sorted(_FOLDER.rglob("*.yaml"))
    ]
