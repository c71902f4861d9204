"""A workspace's settings: `casewright.toml`, over it the environment's `CASEWRIGHT_*`, typed once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from casewright.errors import (
    ConfigRefused,
    FileUnreadable,
    Message,
    Place,
    WorkspaceNotFound,
    message,
)
from casewright.nearest import hint

FILE = "casewright.toml"
Synchronous = Literal["FULL", "NORMAL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one workspace."""

    root: Path
    """The workspace's folder: workflows, forms, tables and roles are in it."""

    database: Path
    """The SQLite database, made when it is first needed."""

    attachments: Path
    """The folder that keeps attached files under the digest of their content."""

    language: str = ""
    """The language of those who named none, by `--lang` or CASEWRIGHT_LANG: `en`, `zh`, or theirs when empty."""

    synchronous: Synchronous = "FULL"
    """How SQLite writes: FULL survives a power cut, NORMAL may lose the last commits in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One word of `casewright.toml`: the variable that overrules it, its default, and the texts it may be."""

    name: str
    variable: str
    default: str
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting(name="database", variable="CASEWRIGHT_DATABASE", default="casewright.db"),
    Setting(name="attachments", variable="CASEWRIGHT_ATTACHMENTS", default="attachments"),
    Setting(name="language", variable="CASEWRIGHT_LANG", default="", choices=("", "en", "zh")),
    Setting(
        name="synchronous",
        variable="CASEWRIGHT_SYNCHRONOUS",
        default="FULL",
        choices=("FULL", "NORMAL"),
    ),
)


def find_workspace(start: Path) -> Path:
    """Return the nearest folder, `start` or one above it, that holds a `casewright.toml`."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise WorkspaceNotFound(folder=str(here))


def read_config(root: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Return the settings of the workspace `root`; raise `ConfigRefused` with the line where one is wrong."""
    surroundings = os.environ if environment is None else environment
    path = root / FILE
    text = _text(path)
    written = _parsed(text, path)
    known = {setting.name: setting for setting in SETTINGS}
    for name in written:
        if name not in known:
            reason = message(
                "unknown setting '{name}'{hint}", name=name, hint=hint(name, known)
            )
            raise ConfigRefused(place=_place(text, name, path), reason=reason)
    values = {
        setting.name: _value(setting, written, text, path, surroundings) for setting in SETTINGS
    }
    return Config(
        root=root,
        database=root / values["database"],
        attachments=root / values["attachments"],
        language=values["language"],
        synchronous=cast(Synchronous, values["synchronous"]),
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        reason = message("it cannot be read ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    except UnicodeDecodeError:
        raise ConfigRefused(place=Place(str(path)), reason=message("it is not UTF-8")) from None


def _parsed(text: str, path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(
            r"^(.*?)(?: \(at line (\d+), column (\d+)\))?$", str(error), re.DOTALL
        )
        problem, line, column = found.groups() if found else (str(error), None, None)
        reason = message("not valid TOML ({problem})", problem=problem)
        raise ConfigRefused(
            place=Place(str(path), int(line or 0), int(column or 0)), reason=reason
        ) from None


def _value(
    setting: Setting,
    written: Mapping[str, object],
    text: str,
    path: Path,
    environment: Mapping[str, str],
) -> str:
    if setting.name == "language" or setting.variable not in environment:
        value, place = (
            written.get(setting.name, setting.default),
            _place(text, setting.name, path),
        )
    else:
        value, place = environment[setting.variable], Place(setting.variable)
    problem = _fault(setting, value)
    if problem is not None:
        raise ConfigRefused(place=place, reason=problem)
    return str(value)


def _fault(setting: Setting, value: object) -> Message | None:
    if not isinstance(value, str):
        return message("'{name}' must be a text in quotes", name=setting.name)
    if setting.choices and value not in setting.choices:
        known = ", ".join(choice for choice in setting.choices if choice)
        return message("'{name}' is one of: {known}", name=setting.name, known=known)
    if not setting.choices and (not value.strip() or "\0" in value):
        return message("'{name}' must name a file or folder", name=setting.name)
    return None


def _place(text: str, name: str, path: Path) -> Place:
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(rf"""\s*\[*["']?{re.escape(name)}\b""", line):
            return Place(str(path), number, found.end() - len(found[0].lstrip()) + 1)
    return Place(str(path))
