"""The same rows as a command writes, written as the pages of SQLModel teach it: a session, objects, commit, refresh."""

import hashlib
import time
from collections.abc import Mapping

from bare import DELETE_TEXT, INSERT_TEXT, Texts
from job_workspace import OWNER
from sqlmodel import Session, create_engine, select

from casewright.commands import new_id
from casewright.config import Config
from casewright.store.database import PAGES_IN_THE_LOG, open_sqlite
from casewright.store.tables import EventRow, EventValueRow, NoticeRow, TicketRow


class SessionStyle:
    """Steps by a session each; the full text alone, which no model stands for, goes by the driver's cursor."""

    def __init__(self, config: Config, steps: Mapping[tuple[str, int], Texts]) -> None:
        self._steps, self._hash = steps, hashlib.sha256(b"").digest()

        def opened() -> object:
            connection = open_sqlite(config.database)
            for pragma in (
                "journal_mode=WAL",
                f"wal_autocheckpoint={PAGES_IN_THE_LOG}",
                f"synchronous={config.synchronous}",
                "foreign_keys=ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.isolation_level = "IMMEDIATE"  # type: ignore[attr-defined]
            return connection

        self._engine = create_engine("sqlite://", creator=opened)

    def step(self, key: str, transition: str, note: int) -> None:
        """Write what one command writes."""
        text, now = self._steps[transition, note], time.time_ns() // 1000
        with Session(self._engine) as session:
            ticket = session.exec(select(TicketRow).where(TicketRow.key == key)).one()
            ticket.state, ticket.record = text.state, text.record
            ticket.version, ticket.sequence = ticket.version + 1, ticket.sequence + 1
            ticket.updated_at, ticket.head = now, self._hash
            event = EventRow(
                ticket_id=ticket.id, sequence=ticket.sequence, command_id=new_id(), body=text.body,
                hash=self._hash,
            )  # fmt: skip
            session.add(event)
            if text.values:
                ticket.fields = text.fields
                values = {"ticket_id": ticket.id, "sequence": ticket.sequence}
                session.add(EventValueRow(**values, body=text.values))
                cursor = session.connection().connection.cursor()
                cursor.execute(DELETE_TEXT, (ticket.id,))
                cursor.execute(INSERT_TEXT, (ticket.id, text.tokens))
            if text.notice:
                session.add(_notice(ticket, transition, now, text))
            session.add(ticket)
            session.commit()
            session.refresh(ticket)
            session.refresh(event)

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def _notice(ticket: TicketRow, transition: str, now: int, text: Texts) -> NoticeRow:
    return NoticeRow(
        key=f"{ticket.key}/{ticket.sequence}/0/{OWNER}/notice", ticket_id=ticket.id,
        sequence=ticket.sequence, recipient=OWNER, via="notice", reason=transition,
        state="delivered", created_at=now, send_at=now, due_at=None, delivery_id=None,
        body=text.notice,
    )  # fmt: skip
