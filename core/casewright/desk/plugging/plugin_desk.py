"""The desk as a plugin's own command, query or job has it: its moment, its actor, its tables, and the front door."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from casewright.commands import Command, NoteTicket
from casewright.contributions import Store, TextIndex
from casewright.effects import Notify
from casewright.errors import NotAllowed, PluginFailed, message
from casewright.model import ONLY_SYSTEM, SYSTEM, Person, Receipt, is_system
from casewright.plugins.answers import Answers
from casewright.queries import Query
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOfPlugin:
    """What `contributions.PluginDesk` promises, for one call of one plugin; `ended` says when that is over."""

    plugin: str
    now: datetime
    zone: str
    actor: Person
    settings: Mapping[str, Any]
    files: Mapping[str, Any]
    store: Store
    index: TextIndex
    doing: str
    answer: Callable[[Query], Any]
    carry_out: Callable[[Command], Receipt] | None
    ended: Callable[[], bool]

    @property
    def today(self) -> date:
        """The day it is at the site."""
        return self.now.astimezone(ZoneInfo(self.zone) if self.zone else None).date()

    def ask(self, query: Query) -> Any:
        """Answer any query as the actor, or as the system where the plugin answers for what it tells."""
        self._must_not_have_ended()
        if not is_system(query.actor):
            self._must_be_the_actor(query.actor, query.permission)
        return self.answer(query)

    def execute(self, command: Command) -> Receipt:
        """Carry out a command as the actor, or as the system where the plugin answers for it."""
        if not is_system(command.actor) or command.permission == ONLY_SYSTEM:
            self._must_be_the_actor(command.actor, command.permission)
        if command.permission == ONLY_SYSTEM:
            reason = message("only casewright itself says this")
            raise NotAllowed(actor=self.plugin, permission=command.permission, reason=reason)
        return self._written(command)

    def note(
        self, ticket: str, facts: Mapping[str, Any], *, notices: Sequence[Notify] = ()
    ) -> Receipt:
        """Write an event into a ticket's history and put notices into the outbox."""
        answers = Answers(self.plugin, self.doing)
        key = answers.text(ticket)
        command = NoteTicket(
            actor=self.actor.name if is_system(self.actor.name) else SYSTEM,
            ticket=key,
            plugin=self.plugin,
            note=self.doing,
            facts=answers.facts(facts),
            notices=answers.notices(notices, ticket=key),
        )
        return self._written(command)

    def _written(self, command: Command) -> Receipt:
        self._must_not_have_ended()
        if self.carry_out is None:
            reason = message("a query changes nothing")
            raise NotAllowed(actor=self.plugin, permission=command.permission, reason=reason)
        return self.carry_out(command)

    def _must_not_have_ended(self) -> None:
        """Whoever kept it would else act in the middle of what somebody else is asked."""
        if self.ended():
            reason = message("what its desk was given for has ended")
            raise PluginFailed(plugin=self.plugin, hook=self.doing, reason=reason)

    def _must_be_the_actor(self, name: str, permission: str) -> None:
        if name != self.actor.name:
            template = "a plugin speaks for whoever asked it, here {actor}"
            reason = message(template, actor=self.actor.name)
            raise NotAllowed(actor=name, permission=permission, reason=reason)
