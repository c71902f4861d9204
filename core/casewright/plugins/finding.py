"""The packages that call themselves plugins: the entry points of what is installed here."""

import os
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "casewright.plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plugin that is installed: its name, the package that has it, and that one's distribution."""

    name: str
    package: str
    distribution: str
    version: str
    twins: int = 1
    """How many distributions bring a plugin of this name."""

    def load(self) -> ModuleType:
        """Import the package; whatever that raises."""
        from importlib.metadata import EntryPoint

        point = EntryPoint(name=self.name, value=self.package, group=GROUP)
        module = point.load()
        if not isinstance(module, ModuleType):
            raise TypeError(f"{self.package} is no package")
        return module


def installed() -> Mapping[str, Found]:
    """Return the plugins that are installed, by name; they are looked for again once a folder of packages has changed."""
    return _installed(tuple((folder, _changed_at(folder)) for folder in sys.path))


@lru_cache(maxsize=4)
def _installed(folders: tuple[tuple[str, int], ...]) -> Mapping[str, Found]:
    from importlib.metadata import (
        entry_points,  # an eighth of the time until the command line answers
    )

    points = sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value))
    return MappingProxyType({point.name: _found(point, points) for point in points})


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder or ".").st_mtime_ns
    except OSError:
        return 0


def missing(name: str, known: Iterable[str]) -> Message:
    """Return that no plugin of that name is installed, with the nearest that is."""
    return message("it is not installed{hint}", hint=hint(name, known))


def _found(point: "EntryPoint", points: "list[EntryPoint]") -> Found:
    values = {one.value for one in points if one.name == point.name}
    metadata = point.dist.metadata if point.dist is not None else {"Name": "", "Version": ""}
    return Found(
        name=point.name,
        package=point.value,
        distribution=metadata["Name"],
        version=metadata["Version"],
        twins=len(values),
    )
