"""Workspaces as `casewright init` makes them: one of each kind is made in a process, all others are copies of it."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from casewright.cli.founding import make_workspace
from casewright.config import Config, read_config
from casewright.settings.access import SignIn

_KEPT = TemporaryDirectory(prefix="casewright-founded-")


def founded(
    folder: Path,
    *,
    admin: str = "boss",
    language: str = "",
    people: bool = False,
    sign_in: SignIn = "trusted",
) -> Config:
    """Return the settings of a new workspace in `folder`, which may be there if it is empty."""
    made = _made(admin, language, people, sign_in)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return read_config(folder)


def demonstration(folder: Path, *, admin: str = "boss", language: str = "") -> Path:
    """Make what `casewright init --demo` makes; return the folder."""
    return founded(folder, admin=admin, language=language, people=True).root


@cache
def _made(admin: str, language: str, people: bool, sign_in: SignIn) -> Path:
    folder = Path(_KEPT.name) / f"{len(list(Path(_KEPT.name).iterdir()))}"
    make_workspace(folder, admin=admin, language=language, people=people, sign_in=sign_in)
    return folder
