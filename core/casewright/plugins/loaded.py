"""A plugin that was loaded: what it implements and all it brings, checked."""

from collections.abc import Callable, Mapping
from dataclasses import field
from types import ModuleType
from typing import Any

from casewright.contributions import (
    ChannelDriver,
    CommandHandler,
    Forgetting,
    GuardFunction,
    Job,
    Migration,
    QueryHandler,
    WorkflowAction,
    WorkflowWord,
    WorkspaceFile,
)
from casewright.errors import Message
from casewright.model import EMPTY
from casewright.plugins.finding import Found
from casewright.settings.options import Option
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementation:
    """A hook as the plugin implements it, and those of the hook's arguments that it takes, in its own order."""

    function: Callable[..., Any]
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPlugin:
    """A plugin by name, the hooks it implements, and what it registered.

    `implementations` are by hook, in the order of `casewright.hooks`; nouns, starters and texts are asked for when they are needed.
    """

    name: str
    found: Found
    module: ModuleType
    implementations: Mapping[str, Implementation]
    options: tuple[Option, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    migrations: tuple[Migration, ...] = ()
    commands: tuple[CommandHandler, ...] = ()
    queries: tuple[QueryHandler, ...] = ()
    words: tuple[WorkflowWord, ...] = ()
    actions: tuple[WorkflowAction, ...] = ()
    functions: tuple[GuardFunction, ...] = ()
    channels: tuple[ChannelDriver, ...] = ()
    jobs: tuple[Job, ...] = ()
    files: tuple[WorkspaceFile, ...] = ()
    forgetting: tuple[Forgetting, ...] = ()

    @property
    def hooks(self) -> tuple[str, ...]:
        """The names of the hooks it implements."""
        return tuple(self.implementations)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions of its own that its commands and queries ask for, each once."""
        asked = [
            *(one.command.permission for one in self.commands),
            *(one.query.permission for one in self.queries),
        ]
        own = [one for one in asked if one.startswith(f"{self.name}.")]
        return tuple(dict.fromkeys(own))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What became of the plugins that are named: those that are ready, by name, and why each of the others is left out."""

    plugins: Mapping[str, LoadedPlugin]
    left_out: Mapping[str, Message]
