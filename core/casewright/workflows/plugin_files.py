"""The files of a workspace that plugins read: checked with the workflows, published with them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.contributions import WorkspaceFile, WorkspaceNames
from casewright.errors import (
    FileUnreadable,
    Place,
    PluginFailed,
    Problem,
    YamlRefused,
    message,
)
from casewright.workflows.codes import problem


def problems_of(
    root: Path, files: Iterable[WorkspaceFile], names: WorkspaceNames
) -> list[Problem]:
    """Return all that is wrong with the files that are there."""
    found: list[Problem] = []
    for file in files:
        path = root / file.name
        if path.is_file():
            found += _problems(path, file, names)
    return found


def contents(root: Path, files: Iterable[WorkspaceFile]) -> Mapping[str, Any]:
    """Return the data of the files that are there, by name; they were checked before."""
    there = (one.name for one in files if (root / one.name).is_file())
    return {name: strict_yaml.load_file(root / name).data for name in there}


def _problems(path: Path, file: WorkspaceFile, names: WorkspaceNames) -> list[Problem]:
    try:
        return list(file.check(strict_yaml.load_file(path), names))
    except YamlRefused as refusal:
        return [problem("unreadable", refusal.reason, refusal.place)]
    except FileUnreadable as refusal:
        return [problem("unreadable", refusal.reason, Place(str(path)))]
    except PluginFailed as failure:
        said = message("{error}", error=failure)
        return [problem("plugin_failed", said, Place(str(path)))]
