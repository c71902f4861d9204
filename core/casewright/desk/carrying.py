"""One command inside the transaction that is open: decided, carried out or repeated, and written with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casewright.commands import AttachFile, Command, NoteTicket, RunJob, TicketCommand
from casewright.desk import administration, attachments
from casewright.desk.plugged import Plugged
from casewright.desk.transaction import Library, record, situation
from casewright.engine.decide import decide, handles, must_be_visible
from casewright.engine.draft import Work
from casewright.errors import CommandReused
from casewright.model import Person, Receipt, receipt_of
from casewright.plugins.host import Plugins
from casewright.store import command_journal, history
from casewright.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """Carries out commands of every kind: the engine's, the desk's own, and those of plugins."""

    database: Database
    library: Library
    plugged: Plugged
    attachments: Path

    def carry_out(
        self, plugins: Plugins, command: Command, digest: str, actor: Person, now: datetime
    ) -> Receipt:
        """Carry `command` out as `actor`, who may; `digest` identifies its content."""
        if handles(type(command)):
            return self._decide(command, digest, actor, now)
        if isinstance(command, RunJob):
            self.plugged.run(plugins, command, actor, now)
            return Receipt(ticket="")
        if isinstance(command, TicketCommand):
            return self._act_on_ticket(plugins, command, digest, actor, now)
        return self._administer(plugins, command, digest, actor, now)

    def _decide(self, command: Command, digest: str, actor: Person, now: datetime) -> Receipt:
        done = self._done(command, digest)
        if done is not None:
            return done
        if isinstance(command, AttachFile):
            attachments.must_be_kept(self.attachments, command.digest)
        return self._decided(command, digest, actor, now)

    def _decided(self, command: Command, digest: str, actor: Person, now: datetime) -> Receipt:
        seen, tickets = situation(self.database, self.library, actor=actor, now=now)
        outcome = decide(command, seen, digest=digest)
        record(self.database, tickets, outcome, now)
        first = outcome.changes[0]
        return receipt_of(first.event, first.after.state)

    def _done(self, command: Command, digest: str) -> Receipt | None:
        """Return what a command about a ticket came to before, or None when it is new."""
        done = history.of_command(self.database, command.command_id)
        if done is not None:
            if done.event.digest != digest:
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
        actor: Person,
        now: datetime,
    ) -> Receipt:
        """Carry out a plugin's command about a ticket, and note it in that one's history."""
        done = self._done(command, digest)
        if done is not None:
            return done
        seen, _ = situation(self.database, self.library, actor=actor, now=now)
        must_be_visible(Work(seen), command.ticket)
        answer = self.plugged.carry_out(plugins, command, actor, now)
        noted = NoteTicket(
            actor=command.actor,
            command_id=command.command_id,
            ticket=command.ticket,
            plugin=plugins.commands[type(command)][0],
            note=type(command).__name__,
            answer=answer,
        )
        return self._decided(noted, digest, actor, now)

    def _administer(
        self, plugins: Plugins, command: Command, digest: str, actor: Person, now: datetime
    ) -> Receipt:
        known = command_journal.find(self.database, command.command_id)
        if known is not None:
            if known.digest != digest:
                raise CommandReused(command_id=command.command_id)
            return Receipt(ticket="", answer=known.answer, repeated=True)
        if history.of_command(self.database, command.command_id) is not None:
            raise CommandReused(command_id=command.command_id)
        answer: Mapping[str, str] = {}
        if administration.handles(type(command)):
            said = administration.carry_out(self.database, self.library, command, now)
            answer = said or {}
        else:
            answer = self.plugged.carry_out(plugins, command, actor, now)
        command_journal.write(
            self.database,
            command_id=command.command_id,
            digest=digest,
            kind=type(command).__name__,
            actor=command.actor,
            at=now,
            answer=answer or None,
        )
        return Receipt(ticket="", answer=answer or None)
