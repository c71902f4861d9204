"""What a worker does every so often so that no history can be rewritten unseen: a checkpoint, if there is anything new."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casewright.commands import Command, MakeCheckpoint
from casewright.desk.sealing.checkpointing import Checkpointing
from casewright.model import WORKER, Receipt
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """The checkpoints that one worker makes; `execute` carries a command out as the system. None where `often` is no time."""

    checkpointing: Checkpointing
    often: timedelta
    execute: Callable[[Command], Receipt]
    now: Callable[[], datetime]

    def due(self, tried: datetime | None) -> bool:
        """Return whether it is time, the last time it was `tried`; a clock that was put back does not put it off."""
        if self.often <= timedelta():
            return False
        if tried is None:
            with self.checkpointing.database.read():
                tried = self.checkpointing.made_at()
        return tried is None or not tried <= self.now() < tried + self.often

    def round(self) -> str:
        """Make a checkpoint and return its number; "" where nothing is new. CheckpointRefused."""
        database, made = self.checkpointing.database, ""
        with database.read():
            new = self.checkpointing.is_new()
        if new:
            answer = self.execute(MakeCheckpoint(actor=WORKER)).answer or {}
            made = answer["checkpoint"]
        # What could not be written before is written now.
        with database.read():
            self.checkpointing.write_out()
        return made
