"""What the plugins that are there bring together: words, actions, functions, commands, queries, files; called under watch."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from casewright.contributions import (
    CommandHandler,
    Done,
    GuardFunction,
    QueryHandler,
    Vocabulary,
    WorkflowAction,
    WorkspaceFile,
    WorkspaceNames,
)
from casewright.errors import Problem, message
from casewright.model import Person, Ticket
from casewright.plugins.answers import Answers
from casewright.plugins.freezing import copied, frozen, settle
from casewright.plugins.loaded import Loading
from casewright.plugins.registering import of_kind
from casewright.plugins.roster import Roster
from casewright.plugins.watch import Watch
from casewright.settings.plugins import PluginSettings

_CHECK_SECONDS = 30.0
"""What a plugin may take to check a file that an author has written."""


class Brought(Roster):
    """What workflow files, roles and the desk may use of plugins, by name."""

    def __init__(self, settings: PluginSettings, loading: Loading, watch: Watch) -> None:
        super().__init__(settings, loading)
        self._watch = watch

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words, actions and functions of all plugins that are ready."""
        ready = self.plugins.values()
        return Vocabulary(
            words={one.name: (plugin.name, one) for plugin in ready for one in plugin.words},
            actions={
                one.verb: (plugin.name, self._watched_action(plugin.name, one))
                for plugin in ready
                for one in plugin.actions
            },
            functions={
                one.name: (plugin.name, self._watched_function(plugin.name, one))
                for plugin in ready
                for one in plugin.functions
            },
        )

    @cached_property
    def commands(self) -> Mapping[type, tuple[str, CommandHandler]]:
        """The plugins' commands, each with its plugin."""
        return {
            one.command: (plugin.name, one)
            for plugin in self.plugins.values()
            for one in plugin.commands
        }

    @cached_property
    def queries(self) -> Mapping[type, tuple[str, QueryHandler]]:
        """The plugins' queries, each with its plugin."""
        return {
            one.query: (plugin.name, one)
            for plugin in self.plugins.values()
            for one in plugin.queries
        }

    @cached_property
    def files(self) -> tuple[WorkspaceFile, ...]:
        """The files of the workspace that plugins read, their checks under watch."""
        return tuple(
            replace(one, check=partial(self._check, plugin.name, one))
            for plugin in self.plugins.values()
            for one in plugin.files
        )

    @cached_property
    def permissions(self) -> frozenset[str]:
        """The permissions that plugins' commands and queries ask for, beside the core's."""
        return frozenset(one for plugin in self.plugins.values() for one in plugin.permissions)

    def must_know_word(self, plugin: str, word: str) -> None:
        """Raise PluginMissing unless the plugin is there and has the word."""
        needed_by = message("the word '{word}'", word=word)
        self.must_be_active(plugin, needed_by)
        if self.vocabulary.words.get(word, ("", None))[0] != plugin:
            raise self._gone(plugin, needed_by)

    def _call(self, plugin: str, hook: str, function: Callable[..., Any], *given: Any) -> Any:
        return self._watch.call(plugin, hook, self._settings.deadline, function, *given)

    def _check(
        self, plugin: str, file: WorkspaceFile, document: Any, names: WorkspaceNames
    ) -> list[Problem]:
        def check() -> list[Problem]:
            found = file.check(document, names)
            return list(of_kind(found, Problem, plugin=plugin, hook=file.name))

        found: list[Problem] = self._watch.call(plugin, file.name, _CHECK_SECONDS, check)
        return found

    def _watched_action(self, plugin: str, action: WorkflowAction) -> WorkflowAction:
        return replace(action, perform=partial(self._perform, plugin, action))

    def _perform(
        self,
        plugin: str,
        action: WorkflowAction,
        ticket: Ticket,
        argument: Any,
        actor: Person,
        now: datetime,
    ) -> Done:
        self.must_be_active(plugin, message("the action '{name}'", name=action.verb))
        answers = Answers(plugin, action.verb)

        copy = copied(ticket)

        def perform() -> Done:
            done = action.perform(copy, frozen(argument), copied(actor), now)
            return answers.done(done, ticket=ticket.key)

        try:
            found: Done = self._call(plugin, action.verb, perform)
        finally:
            settle(copy)
        return found

    def _watched_function(self, plugin: str, function: GuardFunction) -> GuardFunction:
        return replace(function, call=partial(self._evaluate, plugin, function))

    def _evaluate(self, plugin: str, function: GuardFunction, *given: Any) -> Any:
        self.must_be_active(plugin, message("the function '{name}'", name=function.name))
        return self._call(plugin, function.name, function.call, *(frozen(one) for one in given))
