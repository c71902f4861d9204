"""What a plugin offers a workspace, written into it; what is there already stays as it is."""

from collections.abc import Sequence
from pathlib import Path

from casewright.contributions import Starter
from casewright.errors import FileUnreadable, message
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A file that a plugin offers, by its path in the workspace, and whether it was written."""

    path: str
    written: bool


def adopt(root: Path, offered: Sequence[Starter]) -> tuple[Adopted, ...]:
    """Write the files into the workspace `root`, but for those that are there. FileUnreadable where one cannot be written."""
    return tuple(
        Adopted(path=one.path, written=_written(root / one.path, one.content))
        for one in offered
    )


def _written(path: Path, content: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        return False
    except OSError as error:
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    return True
