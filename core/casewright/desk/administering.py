"""Commands that the engine does not decide: each carried out once, by the part whose it is, and kept in the journal of commands."""

from collections.abc import Mapping
from datetime import datetime

from casewright.commands import Command, MakeCheckpoint
from casewright.desk import administration, reindexing
from casewright.desk.authorising import Actor
from casewright.desk.erasing.erasing import Erasing
from casewright.desk.intake.taking import Intake
from casewright.desk.library import Library
from casewright.desk.plugging.plugged import Plugged
from casewright.desk.resources import must_be_allowed
from casewright.desk.sealing.checkpointing import Checkpointing
from casewright.errors import CommandReused
from casewright.model import Receipt
from casewright.plugins.host import Plugins
from casewright.store import command_journal, history
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Administering:
    """Carries out the desk's own commands, and those of plugins that are about no ticket."""

    database: Database
    library: Library
    plugged: Plugged
    erasing: Erasing
    checkpointing: Checkpointing
    intake: Intake

    def carry_out(
        self, plugins: Plugins, command: Command, digest: str, actor: Actor, now: datetime
    ) -> Receipt:
        """Carry `command` out as `actor`, who may, or return what it came to before; `digest` identifies its content."""
        known = command_journal.find(self.database, command.command_id)
        if known is not None:
            if not known.was(digest):
                raise CommandReused(command_id=command.command_id)
            return Receipt(ticket="", answer=known.answer, repeated=True)
        if history.of_command(self.database, command.command_id) is not None:
            raise CommandReused(command_id=command.command_id)
        must_be_allowed(actor, command)
        before = self.library.configuration()
        answer = self._answer(plugins, command, actor, now)
        if self.library.refreshed().tables != before.tables:
            reindexing.tables_changed(self.database, self.library, now)
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

    def _answer(
        self, plugins: Plugins, command: Command, actor: Actor, now: datetime
    ) -> Mapping[str, str]:
        if administration.handles(type(command)):
            return administration.carry_out(self.database, self.library, command, now) or {}
        if isinstance(command, MakeCheckpoint):
            return self.checkpointing.make(command, now)
        if self.erasing.handles(type(command)):
            return self.erasing.carry_out(plugins, command, actor.person, now)
        if self.intake.handles(type(command)):
            return self.intake.carry_out(command, now)
        return self.plugged.carry_out(plugins, command, actor.person, now)
