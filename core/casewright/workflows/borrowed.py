"""What a workflow version uses of plugins, as values; `borrowing` finds it."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from casewright.swift_dataclass import dataclass

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class BorrowedFunction:
    """A plugin's function as it was when the version that calls it was published: what it takes and gives."""

    plugin: str
    parameters: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrowed:
    """What a workflow uses of plugins: words and verbs of actions, each with its plugin, and functions."""

    words: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    actions: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    functions: Mapping[str, BorrowedFunction] = field(
        default_factory=lambda: MappingProxyType({})
    )
