"""One command inside the transaction that is open: decided, carried out or repeated, and written with its history."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.commands import AttachFile, Command, NoteTicket, RunJob, TicketCommand
from casewright.desk import attachments, keeping
from casewright.desk.authorising import Actor
from casewright.desk.library import Library
from casewright.desk.plugging.plugged import Plugged
from casewright.desk.records.masked_input import without_masks
from casewright.desk.resources import must_be_allowed
from casewright.desk.transaction import record, situation
from casewright.engine.decide import decide, handles
from casewright.errors import CommandReused
from casewright.model import Receipt, receipt_of
from casewright.plugins.host import Plugins
from casewright.store import command_journal, history
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.desk.administering import Administering
    from casewright.desk.working.answering import Answering


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """Carries out commands of every kind: the engine's here, the desk's own and those of plugins where they are at home.

    What words replies and what administers is made when it is first needed: most commands need neither.
    """

    database: Database
    library: Library
    plugged: Plugged
    attachments: Path
    answering: "Callable[[], Answering]"
    administering: "Callable[[], Administering]"

    @staticmethod
    def decides(kind: type[Command]) -> bool:
        """Return whether commands of this kind are the engine's to decide, which leaves the configuration as it is."""
        return handles(kind)

    def carry_out(
        self, plugins: Plugins, command: Command, digest: str, actor: Actor, now: datetime
    ) -> Receipt:
        """Carry `command` out as `actor`, who may; `digest` identifies its content."""
        if handles(type(command)):
            return self._decide(plugins, command, digest, actor, now)
        if keeping.handles(type(command)):
            must_be_allowed(actor, command)
            keeping.carry_out(self.database, command, now)
            return Receipt(ticket="")
        if isinstance(command, RunJob):
            self.plugged.run(plugins, command, actor.person, now)
            return Receipt(ticket="")
        if isinstance(command, TicketCommand) and type(command) in plugins.commands:
            return self._act_on_ticket(plugins, command, digest, actor, now)
        return self.administering().carry_out(plugins, command, digest, actor, now)

    def _decide(
        self, plugins: Plugins, command: Command, digest: str, actor: Actor, now: datetime
    ) -> Receipt:
        done = self._done(command, digest)
        if done is not None:
            return done
        must_be_allowed(actor, command)
        if isinstance(command, AttachFile):
            attachments.must_be_kept(self.attachments, command.digest)
        return self._decided(plugins, command, digest, actor, now)

    def _decided(
        self, plugins: Plugins, command: Command, digest: str, actor: Actor, now: datetime
    ) -> Receipt:
        seen, tickets = situation(
            self.database,
            self.library,
            actor=actor.person,
            now=now,
            sees=partial(actor.sees, doing=command.permission),
            reply=lambda command: self.answering().worded(command, now),
            plugins=plugins,
        )
        outcome = decide(without_masks(command, seen), seen, digest=digest)
        record(self.database, tickets, outcome, now, seen)
        if plugins.keeps:
            self.plugged.keep(plugins, outcome, seen, actor.person, now)
        first = outcome.changes[0]
        return receipt_of(first.event, first.after.state)

    def _done(self, command: Command, digest: str) -> Receipt | None:
        """Return what a command about a ticket came to before, or None when it is new."""
        done = history.of_command(self.database, command.command_id)
        if done is not None:
            if not done.was(digest):
                raise CommandReused(command_id=command.command_id)
            return receipt_of(done.event, done.state, repeated=True)
        if command_journal.find(self.database, command.command_id) is not None:
            raise CommandReused(command_id=command.command_id)
        return None

    def _act_on_ticket(
        self,
        plugins: Plugins,
        command: TicketCommand,
        digest: str,
        actor: Actor,
        now: datetime,
    ) -> Receipt:
        """Carry out a plugin's command about a ticket, and note it in that one's history."""
        done = self._done(command, digest)
        if done is not None:
            return done
        must_be_allowed(actor, command)
        answer = self.plugged.carry_out(plugins, command, actor.person, now)
        noted = NoteTicket(
            actor=command.actor,
            command_id=command.command_id,
            ticket=command.ticket,
            plugin=plugins.commands[type(command)][0],
            note=type(command).__name__,
            answer=answer,
        )
        return self._decided(plugins, noted, digest, actor, now)
