"""Checkpoints made, written outside the database, and compared with what is on record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.answers import Broken, Checkpoint, Verification
from casewright.clock import from_microseconds, to_microseconds
from casewright.commands import Command, MakeCheckpoint
from casewright.config import Config
from casewright.desk.sealing.checkpoint_places import Folder, home_of, second_place_of
from casewright.errors import CheckpointRefused, Message, message
from casewright.store import access_log, checkpoints, command_journal, sealing
from casewright.store.checkpoints import Statement, Stored, statement_of
from casewright.store.damage import reading
from casewright.store.database import Database
from casewright.swift_dataclass import dataclass

if TYPE_CHECKING:
    from casewright.desk.sealing.checkpoint_judging import Judgement
    from casewright.desk.sealing.signing_keys import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpointing:
    """The checkpoints of one workspace."""

    config: Config
    database: Database

    def make(self, command: MakeCheckpoint, now: datetime) -> Mapping[str, str]:
        """Make a checkpoint inside the transaction that is open; CheckpointRefused. `write_out` takes it outside afterwards."""
        before = next(iter(checkpoints.newest(self.database)), None)
        number, instead_of = self._number(before, command.restored)
        signer = self._signer(begin=before is None, new=command.new_key)
        with reading(message("the histories: see `casewright audit verify`")):
            said = checkpoints.draft(
                self.database,
                number=number,
                at=to_microseconds(now),
                before=before,
                key=signer.public,
                restored=command.restored if instead_of else "",
                instead_of=instead_of,
            )
        body = said.body()
        made = Stored(number, body, signer.sign(body))
        checkpoints.write(self.database, made, said.at)
        return {"checkpoint": str(number), "root": said.root, "key": said.key}

    def tidy(self, kind: type[Command]) -> None:
        """Do what is left to do once a command of this kind is durable: a checkpoint is taken outside."""
        if kind is MakeCheckpoint and not self.database.writing:
            self.write_out()

    def write_out(self) -> None:
        """Write every checkpoint that the folders outside lack; CheckpointRefused where one cannot be written."""
        refused: CheckpointRefused | None = None
        for folder in self._folders():
            try:
                self._must_be_there(folder)
                there = set(folder.numbers())
                for one in checkpoints.stored(self.database):
                    if one.number not in there:
                        folder.write(one, self._seals_of(one))
            except CheckpointRefused as error:
                refused = error
        if refused is not None:
            raise refused

    def is_new(self) -> bool:
        """Return whether anything came on record since the last checkpoint but that it was made."""
        newest = next(iter(checkpoints.newest(self.database)), None)
        said = None if newest is None else statement_of(newest.body)
        last, commands = self.database.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM event), (SELECT number FROM chain WHERE name = ?)",
            (command_journal.CHAIN,),
        ).fetchone()
        if said is None:
            return bool(last or commands)
        looks = access_log.head(self.database)[0]
        return (last, commands > said.commands[0] + 1, looks) != (
            said.last,
            False,
            said.access[0],
        )

    def made_at(self) -> datetime | None:
        """Return when the last checkpoint was made."""
        newest = next(iter(checkpoints.newest(self.database)), None)
        said = None if newest is None else statement_of(newest.body)
        return None if said is None else from_microseconds(said.at)

    def listed(self, limit: int) -> tuple[Checkpoint, ...]:
        """Return the newest checkpoints, newest first, with the folders that have each."""
        where = {str(one.path): set(one.numbers()) for one in self._folders() if one.there}
        found = []
        for one in checkpoints.newest(self.database, limit):
            said = statement_of(one.body)
            if said is not None:
                places = [name for name, numbers in where.items() if one.number in numbers]
                found.append(_checkpoint(said, "; ".join(places)))
        return tuple(found)

    def verify(self, ticket: str | None = None) -> Verification:
        """Return whether all that is on record is whole and as the checkpoints sealed it, or one ticket whole in itself."""
        from casewright.store import verification

        if ticket is not None:
            return verification.verify(self.database, ticket)
        judged = self._judged()
        last = judged.statements[-1] if judged.statements else None
        sealed = 0 if last is None else last.last
        found = verification.verify_all(self.database, sealed=sealed)
        within = found.verification
        changed = sealing.compare(
            self.database,
            judged.statements,
            found.leaves if within.ok else None,
            self._kept_seals,
        )
        broken = _first(within.first_broken, changed) or judged.broken
        after = self.database.execute("SELECT count(*) FROM event WHERE id > ?", (sealed,))
        return replace(
            within,
            ok=broken is None,
            first_broken=broken,
            checkpoints=len(judged.statements),
            sealed_at=None if last is None else from_microseconds(last.at),
            unsealed=after.fetchone()[0],
            remarks=(*_besides(judged.broken, broken), *judged.remarks, *self._remarks(judged)),
        )

    def _judged(self) -> "Judgement":
        from casewright.desk.sealing.checkpoint_judging import Judgement, Outside, judge
        from casewright.desk.sealing.signing_keys import signer

        rows = list(checkpoints.stored(self.database))
        folders = [one for one in self._folders() if one.there]
        if not rows and not any(one.numbers() for one in folders):
            return Judgement()
        outside = [
            Outside(name=str(one.path), statements=one.statements(), trusted=one.trusted())
            for one in folders
        ]
        try:
            own = signer(self.config, home_of(self.config))
        except CheckpointRefused as error:
            judged = judge(rows, outside, None)
            return replace(judged, remarks=(*judged.remarks, message("{error}", error=error)))
        return judge(rows, outside, None if own is None else own.public)

    def _remarks(self, judged: "Judgement") -> Iterator[Message]:
        if not judged.statements:
            yield message(
                "there is no checkpoint yet: whoever can write the database could rewrite a history with all its hashes;"
                " `casewright audit checkpoint` makes one"
            )
        second = second_place_of(self.config)
        if second is None:
            yield message(
                "checkpoints have no second place: whoever may read the key here could sign another history;"
                " name a folder of another machine as second_place under [audit] in casewright.toml"
            )
        elif not second.is_dir():
            yield message("the second place {folder} is not there", folder=str(second))

    def _number(self, before: Stored | None, restored: str) -> tuple[int, str]:
        """Return the number of the next checkpoint, and the digest of the newest one outside that it does not follow."""
        ours = 0 if before is None else before.number
        number, instead_of = ours + 1, ""
        for folder in self._folders():
            newest = max(folder.numbers(), default=0)
            if newest < number:
                continue
            if not restored:
                reason = message(
                    "checkpoint {number} is here and not in the database, which lost it or was put back to an older state;"
                    " if that was meant: `casewright audit checkpoint --restored REASON`",
                    number=newest,
                )
                raise CheckpointRefused(place=str(folder.path), reason=reason)
            there = folder.statement(newest)
            number, instead_of = newest + 1, there.digest if there else checkpoints.NOTHING
        return number, instead_of

    def _signer(self, *, begin: bool, new: bool) -> "Signer":
        """Return the key to sign with; one that was never used here only at the beginning, or where a new one is meant."""
        from casewright.desk.sealing.signing_keys import OWN, make_key, signer

        home = home_of(self.config)
        found = signer(self.config, home)
        folders = [one for one in self._folders() if one.path == home or one.there]
        begin = begin and not any(one.trusted() for one in folders)
        if not self.config.audit.key and (new or (found is None and begin)):
            make_key(home / OWN)
            found = signer(self.config, home)
        if found is None or not (begin or new or self._is_known(found, folders)):
            reason = message(
                "this is not the key that signed before; bring that one here, or begin with another:"
                " `casewright audit checkpoint --new-key`"
            )
            raise CheckpointRefused(
                place=self.config.audit.key or str(home / OWN), reason=reason
            )
        for folder in folders:
            if new or not folder.trusted():
                folder.trust(found.public)
        return found

    def _is_known(self, found: "Signer", folders: list[Folder]) -> bool:
        pins = [one.trusted() for one in folders if one.trusted()]
        if pins:
            return all(found.public in one for one in pins)
        newest = next(iter(checkpoints.newest(self.database)), None)
        said = None if newest is None else statement_of(newest.body)
        return said is not None and said.key == found.public

    def _seals_of(self, one: Stored) -> bytes | None:
        """Return a checkpoint's seals: as kept outside, or made again where the events are still the same."""
        from hashlib import sha256

        said = statement_of(one.body)
        if said is None:
            return None
        kept = self._kept_seals(said)
        if kept is not None:
            return kept
        with reading(message("the histories: see `casewright audit verify`")):
            made = checkpoints.seals(self.database, said)
        return made if sha256(made).hexdigest() == said.seals else None

    def _kept_seals(self, said: Statement) -> bytes | None:
        kept = (one.seals(said.number, said.seals) for one in self._folders())
        return next((one for one in kept if one is not None), None)

    def _folders(self) -> list[Folder]:
        second = second_place_of(self.config)
        paths = [home_of(self.config), *([] if second is None else [second])]
        return [Folder(path) for path in paths]

    def _must_be_there(self, folder: Folder) -> None:
        """Refuse to make the second place: where its disk is not there, the folder would be made on another."""
        if folder.path != home_of(self.config) and not folder.there:
            reason = message(
                "this folder, the second place of checkpoints, is not there; what it lacks is written with the next checkpoint"
            )
            raise CheckpointRefused(place=str(folder.path), reason=reason)


def _besides(found: Broken | None, told: Broken | None) -> Iterator[Message]:
    """Yield what is found of the checkpoints where something else is told first."""
    if found is not None and found is not told:
        yield message(
            "checkpoint {number}: {reason}", number=found.sequence, reason=found.reason
        )


def _first(within: Broken | None, changed: Broken | None) -> Broken | None:
    """Return the earlier of two findings; of several tickets what the chains say comes first."""
    if within is None or changed is None:
        return within or changed
    same = within.ticket and within.ticket == changed.ticket
    return min(within, changed, key=lambda one: one.sequence) if same else within


def _checkpoint(said: Statement, written_to: str) -> Checkpoint:
    return Checkpoint(
        number=said.number,
        at=from_microseconds(said.at),
        tickets=said.tickets,
        events=said.events,
        root=said.root,
        key=said.key,
        written_to=written_to,
    )
