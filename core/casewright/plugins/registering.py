"""What a plugin registered, asked for and checked piece by piece: right kinds, well-formed names, schemas that hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, TypeVar

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
from casewright.errors import Message, PluginFailed, message
from casewright.plugins import pieces
from casewright.plugins.finding import Found
from casewright.plugins.loaded import Implementation, LoadedPlugin
from casewright.settings.options import Option, checked
from casewright.settings.plugins import PluginSettings

Ask = Callable[[str], Any]
"""Calls a `register_*` hook of the plugin and returns its result, or () where it has no such hook."""
Piece = TypeVar("Piece")
MOST_PIECES = 500
"""What one hook may register: more is a mistake, and would only cost everybody's start."""


def registered(
    found: Found,
    module: ModuleType,
    implementations: Mapping[str, Implementation],
    ask: Ask,
    settings: PluginSettings,
) -> LoadedPlugin:
    """Return the plugin with all it brings; PluginFailed at the first piece that is not as it must be.

    ConfigRefused where its section of casewright.toml is wrong: that is the administrator's to mend.
    """
    asked = _Asked(found.name, ask)
    options = asked.all("register_settings", Option)
    values = checked(
        settings.sections.get(found.name, {}),
        options,
        section=("plugin", found.name),
        places=settings.places,
    )
    off = {one.turns_on for one in options if one.turns_on and not values[one.name]}
    return LoadedPlugin(
        name=found.name,
        found=found,
        module=module,
        implementations={name: one for name, one in implementations.items() if name not in off},
        options=options,
        settings=values,
        migrations=asked.all("register_migrations", Migration, pieces.migration_faults),
        commands=asked.all("register_commands", CommandHandler, pieces.command_faults),
        queries=asked.all("register_queries", QueryHandler, pieces.query_faults),
        words=asked.all("register_words", WorkflowWord, pieces.word_faults),
        actions=asked.all("register_actions", WorkflowAction, pieces.action_faults),
        functions=asked.all("register_functions", GuardFunction, pieces.function_faults),
        channels=asked.all("register_channels", ChannelDriver, pieces.channel_faults),
        jobs=asked.all("register_jobs", Job, pieces.job_faults),
        files=asked.all("register_files", WorkspaceFile, pieces.file_faults),
        forgetting=asked.all("register_forgetting", Forgetting, pieces.forgetting_faults),
    )


class _Asked:
    """Asks the hooks of one plugin."""

    def __init__(self, plugin: str, ask: Ask) -> None:
        self._plugin, self._ask = plugin, ask

    def all(
        self,
        hook: str,
        kind: type[Piece],
        faults: Callable[[str, Sequence[Piece]], Iterable[Message]] | None = None,
    ) -> tuple[Piece, ...]:
        """Return what a hook registered, each of the right kind and well made."""
        found = tuple(of_kind(self._ask(hook), kind, plugin=self._plugin, hook=hook))
        if len(found) > MOST_PIECES:
            reason = message(
                "it registers {count}; {most} is the most", count=len(found), most=MOST_PIECES
            )
            raise PluginFailed(plugin=self._plugin, hook=hook, reason=reason)
        for fault in faults(self._plugin, found) if faults is not None else ():
            raise PluginFailed(plugin=self._plugin, hook=hook, reason=fault)
        return found


def of_kind(answer: Any, kind: type[Piece], *, plugin: str, hook: str) -> Iterator[Piece]:
    """Yield what `answer` lists; PluginFailed unless it is a list of `kind`."""
    listed = isinstance(answer, list | tuple)
    for one in answer if listed else (answer,):
        if not listed or not isinstance(one, kind):
            wanted = kind.__name__
            template = (
                "it must return a list of {kind}, not {found}"
                if not listed
                else "its list has {found} where {kind} belongs"
            )
            reason = message(template, kind=wanted, found=type(one).__name__)
            raise PluginFailed(plugin=plugin, hook=hook, reason=reason)
        yield one
