"""The plugins of one desk, asked: what they decide, what they propose, and what is theirs to carry out, in order of their names."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from operator import itemgetter
from sys import getrefcount
from typing import Any

from casewright.contributions import (
    CommandHandler,
    Done,
    Erased,
    Job,
    PluginDesk,
    PluginState,
    QueryHandler,
    Words,
)
from casewright.effects import Effect
from casewright.errors import Message, PluginFailed, PluginMissing, message
from casewright.model import Event, Person, Ticket
from casewright.plugins.answers import Answers
from casewright.plugins.brought import Brought
from casewright.plugins.freezing import copied, settle
from casewright.plugins.loaded import LoadedPlugin, Loading
from casewright.plugins.marks import written
from casewright.plugins.roster import DECISIONS
from casewright.plugins.watch import Turn, Watch
from casewright.settings.channels import ChannelSettings
from casewright.settings.plugins import PluginSettings

KEEP = "keep_event"
Lend = Callable[[str, Person, datetime, str], AbstractContextManager[PluginDesk]]


class Plugins(Brought):
    """What a desk has of plugins; `knows` tells it how the database has them."""

    def __init__(self, settings: PluginSettings, loading: Loading, watch: Watch) -> None:
        super().__init__(settings, loading, watch)
        self.lend: Lend | None = None
        """Lends a plugin its desk to decide by: by its name, for whom, when, and in which hook."""
        self._by_hook: dict[str, tuple[Turn, ...]] = {}
        self._keeping: set[str] = set()
        self._absent: dict[str, tuple[str, Message]] = {}
        self.knows({})

    def knows(self, states: Mapping[str, PluginState]) -> None:
        """Go by what the database has of each plugin: one that was disabled is no longer asked."""
        super().knows(states)
        self._by_hook = {
            hook: tuple(self._turns(hook)) for hook in (*DECISIONS, "after_event", KEEP)
        }
        self._absent = {hook: found for hook in DECISIONS if (found := self._absentee(hook))}

    @property
    def follows(self) -> bool:
        """Whether any of them lets something follow events."""
        return bool(self._by_hook["after_event"])

    @property
    def keeps(self) -> bool:
        """Whether any of them writes events down in tables of its own."""
        return bool(self._by_hook[KEEP])

    # --- what they decide and propose ---------------------------------------------------------

    def may_fire(
        self, ticket: Ticket, transition: str, words: Words, actor: Person, now: datetime
    ) -> Message | None:
        """Return the first refusal, or None. PluginFailed, PluginMissing."""
        if not self._by_hook["may_fire"] and not self._absent:
            return None
        given = {"transition": transition, "words": words, "now": now}
        return self._decided("may_fire", ticket, actor, given)

    def may_assign(
        self, ticket: Ticket, handler: Person, actor: Person, now: datetime
    ) -> Message | None:
        """Return the first refusal, or None. PluginFailed, PluginMissing."""
        if not self._by_hook["may_assign"] and not self._absent:
            return None
        hook = "may_assign"
        with ExitStack() as lent:
            given = {
                "handler": copied(handler),
                "now": now,
                "desk": lambda plugin: lent.enter_context(self._lent(plugin, actor, now, hook)),
            }
            return self._decided(hook, ticket, actor, given)

    def after_event(
        self, ticket: Ticket, event: Event, words: Words
    ) -> list[tuple[str, Effect]]:
        """Return what should follow, each effect with the plugin that proposes it. PluginFailed."""
        found: list[tuple[str, Effect]] = []
        hook = "after_event"
        turns = self._by_hook[hook]
        if not turns:
            return found

        def taken(plugin: str, answer: Any) -> bool:
            jobs = [one.name for one in self.plugins[plugin].jobs]
            effects = Answers(plugin, hook).effects(answer, ticket=ticket.key, jobs=jobs)
            found.extend((plugin, one) for one in effects)
            return False

        given = {"ticket": copied(ticket), "event": copied(event), "words": words}
        self._watch.round(hook, self._settings.deadline, turns, given, taken)
        return found

    def keep_event(
        self, ticket: Ticket, event: Event, words: Words, desk: Callable[[str], PluginDesk]
    ) -> None:
        """Let each write an event down, on a desk of its own; none of them is told of what it causes itself. PluginFailed."""

        def taken(plugin: str, answer: Any) -> bool:
            raise Answers(plugin, KEEP).wrong("None", answer)

        turns = [one for one in self._by_hook[KEEP] if one.plugin not in self._keeping]
        given = {"ticket": copied(ticket), "event": copied(event), "words": words, "desk": desk}
        for turn in turns:
            self._keeping.add(turn.plugin)
            try:
                self._watch.round(
                    KEEP, self._settings.deadline, (turn,), given, taken, refusals=True
                )
            finally:
                self._keeping.discard(turn.plugin)

    def perform(
        self,
        plugin: str,
        verb: str,
        ticket: Ticket,
        argument: Any,
        actor: Person,
        now: datetime,
    ) -> Done:
        """Return what an action of `plugin` comes to. PluginFailed, PluginMissing."""
        needed_by = message("the action '{name}'", name=verb)
        self.must_be_active(plugin, needed_by)
        owner, action = self.vocabulary.actions.get(verb, ("", None))
        if action is None or owner != plugin:
            raise self._gone(plugin, needed_by)
        return action.perform(ticket, argument, actor, now)

    # --- what is theirs to carry out ------------------------------------------------------------

    def carry_out(
        self, plugin: str, handler: CommandHandler, desk: PluginDesk, command: Any
    ) -> Mapping[str, str]:
        """Carry a plugin's command out; return what its receipt answers. What it refuses is raised."""
        self.must_be_active(plugin, message("the command {name}", name=type(command).__name__))
        name = type(command).__name__

        def run() -> dict[str, str]:
            return Answers(plugin, name).texts(handler.run(desk, command))

        found: dict[str, str] = self._watch.call(
            plugin, name, self._settings.deadline, run, refusals=True
        )
        return found

    def answer(self, plugin: str, handler: QueryHandler, desk: PluginDesk, query: Any) -> Any:
        """Answer a plugin's query. What it refuses is raised."""
        self.must_be_active(plugin, message("the query {name}", name=type(query).__name__))
        name = type(query).__name__
        return self._watch.call(
            plugin, name, self._settings.deadline, handler.run, desk, query, refusals=True
        )

    def run(self, plugin: str, job: Job, desk: PluginDesk) -> None:
        """Run scheduled work once."""
        self.must_be_active(plugin, message("the job '{name}'", name=job.name))
        self._watch.call(plugin, job.name, self._settings.job_deadline, job.run, desk)

    def forget(self, plugin: LoadedPlugin, desk: PluginDesk, erased: Erased) -> None:
        """Let a plugin's own tables forget what is erased. PluginFailed."""
        hook = "register_forgetting"
        for one in plugin.forgetting:
            self._watch.call(
                plugin.name, hook, self._settings.job_deadline, one.run, desk, erased
            )

    def ask(self, plugin: LoadedPlugin, hook: str) -> Any:
        """Return what a `register_*` hook of a plugin gives, or () where it has none. PluginFailed."""
        if hook not in plugin.hooks:
            return ()
        return self._call(plugin.name, hook, plugin.implementations[hook].function)

    def deliver(self, channel: ChannelSettings, outgoing: Any) -> Any:
        """Hand something over to the provider behind a channel; called in a thread of its own. PluginFailed, PluginMissing."""
        plugin = channel.plugin
        self.must_be_active(plugin, message("the channel '{name}'", name=channel.name))
        implementation = self.plugins[plugin].implementations["deliver"]
        given = {"channel": channel, "outgoing": outgoing}
        wanted = [given[one] for one in implementation.arguments]
        return self._watch.noted(plugin, "deliver", implementation.function, *wanted)

    def close(self) -> None:
        """Stop the watch."""
        self._watch.close()

    # --- calls ------------------------------------------------------------------------------------

    def _decided(
        self, hook: str, ticket: Ticket, actor: Person, given: dict[str, Any]
    ) -> Message | None:
        absent = self._absent.get(hook)
        if absent is not None:
            name, reason = absent
            raise PluginMissing(plugin=name, needed_by=_DECIDES[hook], reason=reason)
        found: list[Message] = []

        def taken(plugin: str, answer: Any) -> bool:
            found.append(Answers(plugin, hook).sentence(answer))
            return True

        given["ticket"], given["actor"] = copied(ticket), copied(actor)
        try:
            self._watch.round(hook, self._settings.deadline, self._by_hook[hook], given, taken)
        finally:
            _leave(given["ticket"])
        return found[0] if found else None

    def _lent(
        self, plugin: str, actor: Person, now: datetime, hook: str
    ) -> AbstractContextManager[PluginDesk]:
        if self.lend is None:
            reason = message("it looks into its desk, and there is none here")
            raise PluginFailed(plugin=plugin, hook=hook, reason=reason)
        return self.lend(plugin, actor, now, hook)

    # --- who is asked -----------------------------------------------------------------------------

    def _turns(self, hook: str) -> Iterator[Turn]:
        for plugin in self.actives:
            if hook in plugin.hooks:
                one = plugin.implementations[hook]
                mark = written(plugin.name, hook)
                picked = _picker(plugin.name, one.arguments)
                yield Turn(plugin.name, one.function, picked, mark)


_DECIDES = {
    "may_fire": message("deciding whether a transition may be taken"),
    "may_assign": message("deciding who may be made the handler"),
}


def _leave(ticket: Ticket) -> None:
    """Let a copy go whose original is about to change: whoever has kept it may still read it."""
    if getrefcount(ticket) > _HELD:
        settle(ticket)


_HELD = 3
"""References to a copy that nobody has kept: what it is given in, this function's own, and what counts."""


def _picker(plugin: str, names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what picks arguments by name, as a tuple; `desk` is one of the plugin's own."""
    if "desk" in names:
        return lambda given: tuple(
            given[name](plugin) if name == "desk" else given[name] for name in names
        )
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)
