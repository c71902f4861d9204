"""The tables of a workspace's database; rows stay inside the store.

Moments are microseconds since 1970 UTC. JSON is text. The hot path does not build these rows:
`definitions` compiles its statements from them once, and the driver runs the text.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

_OPEN = text("closed_at IS NULL")


def _text(*, nullable: bool = False) -> Column[str]:
    return Column(Text, nullable=nullable)


def _integer(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


def _bytes() -> Column[bytes]:
    return Column(LargeBinary, nullable=False)


def _ticket() -> Column[int]:
    return Column(BigInteger, ForeignKey("ticket.id"), nullable=False)


def _number() -> Column[int]:
    return Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)


class MigrationRow(SQLModel, table=True):
    """A migration that was applied."""

    __tablename__ = "migration"
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=_text())
    applied_at: int = Field(sa_column=_integer())


class MetaRow(SQLModel, table=True):
    """A number the whole workspace shares, such as the version of its configuration."""

    __tablename__ = "meta"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = Field(sa_column=_integer())


class PersonRow(SQLModel, table=True):
    """A member of staff; `record` holds titles, roles, team and department."""

    __tablename__ = "person"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    active: int = Field(sa_column=_integer())
    record: str = Field(sa_column=_text())


class CustomerRow(SQLModel, table=True):
    """A customer; `record` holds name, tier and language."""

    __tablename__ = "customer"
    id: str = Field(sa_column=Column(Text, primary_key=True))
    record: str = Field(sa_column=_text())


class ConfigurationRow(SQLModel, table=True):
    """A role or a lookup table, as published."""

    __tablename__ = "configuration"
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    content: str = Field(sa_column=_text())


class BundleRow(SQLModel, table=True):
    """A workflow version, immutable."""

    __tablename__ = "bundle"
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    workflow: str = Field(sa_column=_text())
    content: bytes = Field(sa_column=_bytes())
    published_at: int = Field(sa_column=_integer())
    published_by: str = Field(sa_column=_text())


class WorkflowRow(SQLModel, table=True):
    """Which version of a workflow new tickets take."""

    __tablename__ = "workflow"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    digest: str = Field(sa_column=_text())


class CounterRow(SQLModel, table=True):
    """The last number given to a ticket of a prefix in a year."""

    __tablename__ = "counter"
    prefix: str = Field(sa_column=Column(Text, primary_key=True))
    year: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    last: int = Field(sa_column=_integer())


class CommandRow(SQLModel, table=True):
    """A command that was about no ticket, so that it too happens at most once."""

    __tablename__ = "command"
    id: str = Field(sa_column=Column(Text, primary_key=True))
    digest: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    actor: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())


class TicketRow(SQLModel, table=True):
    """A ticket as it stands; `head` is the hash of its newest event, `record` all that is not asked for by column."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_key", "key", unique=True),
        Index("ticket_handler", "handler", "id", sqlite_where=_OPEN),
        Index("ticket_owner", "owner", "id", sqlite_where=_OPEN),
        Index("ticket_customer", "customer", "id"),
        Index("ticket_parent", "parent", "id", sqlite_where=text("parent IS NOT NULL")),
        Index("ticket_lineage", "lineage", "id", sqlite_where=text("lineage <> key")),
    )
    id: int | None = Field(default=None, sa_column=_number())
    key: str = Field(sa_column=_text())
    workflow: str = Field(sa_column=_text())
    bundle: str = Field(sa_column=Column(Text, ForeignKey("bundle.digest"), nullable=False))
    opened_at: int = Field(sa_column=_integer())
    handler: str | None = Field(sa_column=_text(nullable=True))
    owner: str = Field(sa_column=_text())
    customer: str | None = Field(sa_column=_text(nullable=True))
    parent: str | None = Field(sa_column=_text(nullable=True))
    lineage: str = Field(sa_column=_text())
    closed_at: int | None = Field(sa_column=_integer(nullable=True))
    state: str = Field(sa_column=_text())
    priority: str = Field(sa_column=_text())
    version: int = Field(sa_column=_integer())
    sequence: int = Field(sa_column=_integer())
    updated_at: int = Field(sa_column=_integer())
    head: bytes = Field(sa_column=_bytes())
    record: str = Field(sa_column=_text())
    fields: str = Field(sa_column=_text())


class EventRow(SQLModel, table=True):
    """An event: `body` is hashed with the hash before it; nothing of an event stands outside its body."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_sequence", "ticket_id", "sequence", unique=True),
        Index(
            "event_command",
            "command_id",
            unique=True,
            sqlite_where=text("command_id IS NOT NULL"),
        ),
    )
    id: int | None = Field(default=None, sa_column=_number())
    ticket_id: int = Field(sa_column=_ticket())
    sequence: int = Field(sa_column=_integer())
    command_id: str | None = Field(sa_column=_text(nullable=True))
    body: str = Field(sa_column=_text())
    hash: bytes = Field(sa_column=_bytes())


class EventValueRow(SQLModel, table=True):
    """What an event's commitments stand for: by name the salt and the value, or null once erased."""

    __tablename__ = "event_value"
    __table_args__ = ({"sqlite_with_rowid": False},)
    ticket_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("ticket.id"), primary_key=True, autoincrement=False
        )
    )
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    body: str = Field(sa_column=_text())


class OutboxRow(SQLModel, table=True):
    """An effect promised in a ticket's transaction, waiting to be carried out."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_ticket", "ticket_id"),
        Index("outbox_state", "state", "id", sqlite_where=text("state = 'queued'")),
    )
    id: int | None = Field(default=None, sa_column=_number())
    ticket_id: int = Field(sa_column=_ticket())
    sequence: int = Field(sa_column=_integer())
    state: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_integer())
    body: str = Field(sa_column=_text())
