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
    """A customer; `record` holds language, addresses, tags, identities and how it was merged."""

    __tablename__ = "customer"
    __table_args__ = (
        Index("customer_id", "id", unique=True),
        Index("customer_client", "client", "id", sqlite_where=text("client <> ''")),
        Index(
            "customer_merged", "merged_into", "id", sqlite_where=text("merged_into IS NOT NULL")
        ),
    )
    number: int | None = Field(default=None, sa_column=_number())
    id: str = Field(sa_column=_text())
    name: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    client: str = Field(sa_column=_text())
    tier: str = Field(sa_column=_text())
    brand: str = Field(sa_column=_text())
    merged_into: str | None = Field(sa_column=_text(nullable=True))
    record: str = Field(sa_column=_text())


class CustomerIdentityRow(SQLModel, table=True):
    """A value by which a customer is found, as it is looked up: an email address in small letters.

    It is an index over the customers: `Customer.known_by` says what stands here.
    """

    __tablename__ = "customer_identity"
    __table_args__ = (
        Index("customer_identity_value", "value"),
        Index("customer_identity_customer", "customer"),
        {"sqlite_with_rowid": False},
    )
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))
    customer: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("customer.number"), primary_key=True, autoincrement=False
        )
    )


class CustomerContactRow(SQLModel, table=True):
    """A contact with a customer. One that was recorded on a ticket stands in the ticket's history, `sequence` of it:
    here it is only found by its customer. Of others `record` holds what was said and the tickets it was about.
    """

    __tablename__ = "customer_contact"
    __table_args__ = (
        Index("customer_contact_at", "customer", "at", "id"),
        Index(
            "customer_contact_unresolved",
            "customer",
            "id",
            sqlite_where=text("resolved = 'no'"),
        ),
    )
    id: int | None = Field(default=None, sa_column=_number())
    customer: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())
    channel: str = Field(sa_column=_text())
    direction: str = Field(sa_column=_text())
    agent: str = Field(sa_column=_text())
    resolved: str = Field(sa_column=_text())
    ticket_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("ticket.id"), nullable=True)
    )
    sequence: int | None = Field(sa_column=_integer(nullable=True))
    record: str = Field(sa_column=_text())


class ConfigurationRow(SQLModel, table=True):
    """A role or a lookup table, as published."""

    __tablename__ = "configuration"
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    content: str = Field(sa_column=_text())


class BundleRow(SQLModel, table=True):
    """A workflow version, immutable; `rights` are the permissions its author had, which cap what it does by itself."""

    __tablename__ = "bundle"
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    workflow: str = Field(sa_column=_text())
    content: bytes = Field(sa_column=_bytes())
    published_at: int = Field(sa_column=_integer())
    published_by: str = Field(sa_column=_text())
    approved_by: str = Field(sa_column=Column(Text, nullable=False, server_default=text("''")))
    rights: str = Field(sa_column=Column(Text, nullable=False, server_default=text("''")))


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
    """A command that was about no ticket, so that it too happens at most once; `body` is hashed with the hash before it.

    `digest` is of what it said, salted with `salt`, which is forgotten first. Those of before there was a chain have no
    number, no body and no hash.
    """

    __tablename__ = "command"
    __table_args__ = (
        Index("command_number", "number", unique=True),
        Index("command_salted", "at", sqlite_where=text("salt <> ''")),
    )
    id: str = Field(sa_column=Column(Text, primary_key=True))
    digest: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    actor: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())
    number: int | None = Field(sa_column=_integer(nullable=True))
    answer: str | None = Field(sa_column=_text(nullable=True))
    body: str | None = Field(sa_column=_text(nullable=True))
    hash: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))
    salt: str | None = Field(default=None, sa_column=_text(nullable=True))


class ChainRow(SQLModel, table=True):
    """The head of a chain that belongs to no ticket: the number and the hash of its newest link."""

    __tablename__ = "chain"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(sa_column=_integer())
    head: bytes = Field(sa_column=_bytes())


class PluginRow(SQLModel, table=True):
    """A plugin that was loaded here; `record` holds its version, the decisions it has a say in, and what it did wrong."""

    __tablename__ = "plugin"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    record: str = Field(sa_column=_text())


class PluginMigrationRow(SQLModel, table=True):
    """A migration of a plugin's own tables that was applied."""

    __tablename__ = "plugin_migration"
    __table_args__ = ({"sqlite_with_rowid": False},)
    plugin: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=_text())
    digest: str = Field(sa_column=_text())
    applied_at: int = Field(sa_column=_integer())


class PluginJobRow(SQLModel, table=True):
    """When a plugin's job is due, and how its last run went; one that nothing asks for is not due."""

    __tablename__ = "plugin_job"
    __table_args__ = ({"sqlite_with_rowid": False},)
    plugin: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    due_at: int | None = Field(sa_column=_integer(nullable=True))
    ran_at: int | None = Field(sa_column=_integer(nullable=True))
    attempts: int = Field(sa_column=_integer())
    error: str = Field(sa_column=_text())


class PluginDocumentRow(SQLModel, table=True):
    """A document that a plugin has put into its index, by the name that it gave it; the index has its number."""

    __tablename__ = "plugin_document"
    __table_args__ = (Index("plugin_document_name", "plugin", "name", unique=True),)
    id: int | None = Field(default=None, sa_column=_number())
    plugin: str = Field(sa_column=_text())
    name: str = Field(sa_column=_text())


class TicketRow(SQLModel, table=True):
    """A ticket as it stands; `head` is the hash of its newest event, `record` all that is not asked for by column.

    What comes after `fields` is an index over the rest: `store.deadlines` says what stands there.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ticket_key", "key", unique=True),
        Index("ticket_handler", "handler", "id", sqlite_where=_OPEN),
        Index("ticket_owner", "owner", "id", sqlite_where=_OPEN),
        Index("ticket_customer", "customer", "id"),
        Index("ticket_parent", "parent", "id", sqlite_where=text("parent IS NOT NULL")),
        Index("ticket_lineage", "lineage", "id", sqlite_where=text("lineage <> key")),
        Index("ticket_due", "due_at", "id", "handler", sqlite_where=_OPEN),
        Index("ticket_handler_due", "handler", "due_at", sqlite_where=_OPEN),
        Index("ticket_open", "closed_at", sqlite_where=_OPEN),
        Index("ticket_age", "opened_at", "workflow", sqlite_where=_OPEN),
        Index("ticket_updated", "updated_at"),
        Index("ticket_open_updated", "updated_at", sqlite_where=_OPEN),
        Index("ticket_urgency", "urgency", sqlite_where=_OPEN),
        Index(
            "ticket_board",
            "workflow",
            "state",
            "handler",
            "due_at",
            "opened_at",
            "paused",
            sqlite_where=_OPEN,
        ),
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
    due_at: int = Field(
        sa_column=Column(BigInteger, nullable=False, server_default=text("9007199254740991"))
    )
    promise: str = Field(sa_column=Column(Text, nullable=False, server_default=text("''")))
    paused: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    urgency: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))


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


class TimerRow(SQLModel, table=True):
    """The moment a ticket waits for, clustered by it: finding what is due reads only what is due.

    It is an index over the tickets: `timekeeping.timers_of` says what stands here.
    """

    __tablename__ = "timer"
    __table_args__ = ({"sqlite_with_rowid": False},)
    due_at: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    ticket_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(Text, primary_key=True))


class InboxRow(SQLModel, table=True):
    """A timer whose moment has come, waiting to be fired; `error` says why it could not be."""

    __tablename__ = "inbox"
    __table_args__ = ({"sqlite_with_rowid": False},)
    due_at: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    ticket_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    next_at: int = Field(sa_column=_integer())
    attempts: int = Field(sa_column=_integer())
    error: str = Field(sa_column=_text())


class LeaseRow(SQLModel, table=True):
    """Who does the work of the clock here, and until when nobody else may."""

    __tablename__ = "lease"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    holder: str = Field(sa_column=_text())
    until: int = Field(sa_column=_integer())


class CalendarRow(SQLModel, table=True):
    """A calendar's version, immutable."""

    __tablename__ = "calendar"
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=_text())
    content: bytes = Field(sa_column=_bytes())
    published_at: int = Field(sa_column=_integer())
    published_by: str = Field(sa_column=_text())


_WAITING = text("state = 'queued' AND delivery_id IS NULL")
_UNDER_WAY = text("state IN ('queued', 'submitted', 'accepted')")


_UNSEEN = text("state IN ('accepted', 'unknown', 'delivered', 'expired')")


class NoticeRow(SQLModel, table=True):
    """What one person is to be told over one channel, promised in a ticket's transaction.

    `key` is what makes it the same notice: telling it twice stores it once.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_key", "key", unique=True),
        Index("notice_ticket", "ticket_id", "id"),
        Index("notice_recipient", "recipient", "id"),
        Index("notice_waiting", "send_at", "id", sqlite_where=_WAITING),
        Index("notice_delivery", "delivery_id", sqlite_where=text("delivery_id IS NOT NULL")),
        Index("notice_unseen", "recipient", sqlite_where=_UNSEEN),
    )
    id: int | None = Field(default=None, sa_column=_number())
    key: str = Field(sa_column=_text())
    ticket_id: int = Field(sa_column=_ticket())
    sequence: int = Field(sa_column=_integer())
    recipient: str = Field(sa_column=_text())
    via: str = Field(sa_column=_text())
    reason: str = Field(sa_column=_text())
    state: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_integer())
    send_at: int = Field(sa_column=_integer())
    due_at: int | None = Field(sa_column=_integer(nullable=True))
    delivery_id: int | None = Field(sa_column=_integer(nullable=True))
    body: str = Field(sa_column=_text())


class NoticeHopRow(SQLModel, table=True):
    """A notice's way from one state to the next, with its time."""

    __tablename__ = "notice_hop"
    __table_args__ = ({"sqlite_with_rowid": False},)
    notice_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("notice.id"), primary_key=True, autoincrement=False
        )
    )
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    state: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())
    detail: str = Field(sa_column=_text())


class DeliveryRow(SQLModel, table=True):
    """One thing handed to a channel for one address; its `key` is the same in every attempt."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_key", "key", unique=True),
        Index("delivery_next", "next_at", "id", sqlite_where=_UNDER_WAY),
        Index("delivery_recipient", "recipient", "via", "created_at"),
    )
    id: int | None = Field(default=None, sa_column=_number())
    key: str = Field(sa_column=_text())
    via: str = Field(sa_column=_text())
    recipient: str = Field(sa_column=_text())
    state: str = Field(sa_column=_text())
    attempts: int = Field(sa_column=_integer())
    created_at: int = Field(sa_column=_integer())
    next_at: int = Field(sa_column=_integer())
    body: str = Field(sa_column=_text())


class DeliveryAttemptRow(SQLModel, table=True):
    """One try to hand a delivery to its channel, written before it is made; `ended_at` is missing after a crash."""

    __tablename__ = "delivery_attempt"
    __table_args__ = ({"sqlite_with_rowid": False},)
    delivery_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("delivery.id"), primary_key=True, autoincrement=False
        )
    )
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: int = Field(sa_column=_integer())
    ended_at: int | None = Field(sa_column=_integer(nullable=True))
    outcome: str = Field(sa_column=_text())
    detail: str = Field(sa_column=_text())


class DeliveryPartRow(SQLModel, table=True):
    """A part of a delivery as its provider names it; receipts come by this name.

    A receipt may come before the answer that tells whose part it is: `delivery_id` is null until then.
    """

    __tablename__ = "delivery_part"
    __table_args__ = (
        Index(
            "delivery_part_delivery",
            "delivery_id",
            sqlite_where=text("delivery_id IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )
    via: str = Field(sa_column=Column(Text, primary_key=True))
    provider_id: str = Field(sa_column=Column(Text, primary_key=True))
    delivery_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("delivery.id"), nullable=True)
    )
    state: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())


class AnnouncementRow(SQLModel, table=True):
    """An announcement; it is withdrawn and never deleted. `record` holds title, text, groups and whether it is pinned."""

    __tablename__ = "announcement"
    __table_args__ = (Index("announcement_command", "command_id", unique=True),)
    id: int | None = Field(default=None, sa_column=_number())
    command_id: str = Field(sa_column=_text())
    valid_from: int = Field(sa_column=_integer())
    valid_until: int | None = Field(sa_column=_integer(nullable=True))
    published_at: int = Field(sa_column=_integer())
    published_by: str = Field(sa_column=_text())
    withdrawn_at: int | None = Field(sa_column=_integer(nullable=True))
    withdrawn_by: str | None = Field(sa_column=_text(nullable=True))
    record: str = Field(sa_column=_text())


class AnnouncementReadRow(SQLModel, table=True):
    """When somebody first read an announcement."""

    __tablename__ = "announcement_read"
    __table_args__ = ({"sqlite_with_rowid": False},)
    announcement_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("announcement.id"), primary_key=True, autoincrement=False
        )
    )
    person: str = Field(sa_column=Column(Text, primary_key=True))
    at: int = Field(sa_column=_integer())


class CredentialRow(SQLModel, table=True):
    """How somebody proves who they are: what the password was hashed to, the second factor's secret, its last step used."""

    __tablename__ = "credential"
    person: str = Field(sa_column=Column(Text, primary_key=True))
    verifier: str = Field(sa_column=_text())
    factor: str = Field(sa_column=_text())
    factor_step: int = Field(sa_column=_integer())
    changed_at: int = Field(sa_column=_integer())


class SignInFailureRow(SQLModel, table=True):
    """How often signing in under a name has failed since it last succeeded, whether or not there is somebody of that name."""

    __tablename__ = "sign_in_failure"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    failures: int = Field(sa_column=_integer())
    at: int = Field(sa_column=_integer())


class SessionRow(SQLModel, table=True):
    """Somebody who is signed in; `digest` is the SHA-256 of the session's token."""

    __tablename__ = "session"
    __table_args__ = (Index("session_person", "person"),)
    digest: str = Field(sa_column=Column(Text, primary_key=True))
    person: str = Field(sa_column=_text())
    door: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_integer())
    used_at: int = Field(sa_column=_integer())
    expires_at: int = Field(sa_column=_integer())


class TokenRow(SQLModel, table=True):
    """A token by which a program acts for a person; `digest` is its SHA-256, `only` the permissions it may use."""

    __tablename__ = "token"
    __table_args__ = (
        Index("token_digest", "digest", unique=True),
        Index("token_person", "person", "id"),
    )
    id: int | None = Field(default=None, sa_column=_number())
    person: str = Field(sa_column=_text())
    label: str = Field(sa_column=_text())
    digest: str = Field(sa_column=_text())
    only: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_integer())
    created_by: str = Field(sa_column=_text())
    expires_at: int = Field(sa_column=_integer())
    revoked_at: int | None = Field(sa_column=_integer(nullable=True))
    used_at: int | None = Field(sa_column=_integer(nullable=True))


class SshKeyRow(SQLModel, table=True):
    """A public key by which somebody comes in by SSH; `line` is its kind and its octets, as a `.pub` file has them."""

    __tablename__ = "ssh_key"
    person: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = Field(sa_column=Column(Text, primary_key=True))
    label: str = Field(sa_column=_text())
    line: str = Field(sa_column=_text())
    created_at: int = Field(sa_column=_integer())
    created_by: str = Field(sa_column=_text())
    used_at: int | None = Field(sa_column=_integer(nullable=True))


class TicketReachRow(SQLModel, table=True):
    """By what a ticket is reached: `party` (opener, handler, owner, submitter, watcher), `department`, `queue`, or `hidden`
    from somebody. It is an index over the tickets: `engine.reach` says what stands here."""

    __tablename__ = "ticket_reach"
    __table_args__ = (
        Index("ticket_reach_ticket", "ticket_id"),
        {"sqlite_with_rowid": False},
    )
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    ticket_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("ticket.id"), primary_key=True, autoincrement=False
        )
    )


class TallyRow(SQLModel, table=True):
    """How many tickets of a workflow's version stand in a state; triggers of the database keep it with every ticket."""

    __tablename__ = "tally"
    __table_args__ = ({"sqlite_with_rowid": False},)
    workflow: str = Field(sa_column=Column(Text, primary_key=True))
    bundle: str = Field(sa_column=Column(Text, primary_key=True))
    state: str = Field(sa_column=Column(Text, primary_key=True))
    tickets: int = Field(sa_type=BigInteger)
    unassigned: int = Field(sa_type=BigInteger)
    unclosed: int = Field(sa_type=BigInteger)


class AccessRow(SQLModel, table=True):
    """A row of the access log; `body` is hashed with the hash before it, and all else stands in it too."""

    __tablename__ = "access"
    __table_args__ = (
        Index("access_actor", "actor", "number"),
        Index("access_ticket", "ticket", "number", sqlite_where=text("ticket <> ''")),
    )
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: int = Field(sa_column=_integer())
    actor: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    ticket: str = Field(sa_column=_text())
    body: str = Field(sa_column=_text())
    hash: bytes = Field(sa_column=_bytes())


class AccessCustomerRow(SQLModel, table=True):
    """Which rows of the access log are about a customer; an index over them."""

    __tablename__ = "access_customer"
    __table_args__ = ({"sqlite_with_rowid": False},)
    customer: str = Field(sa_column=Column(Text, primary_key=True))
    number: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("access.number"), primary_key=True, autoincrement=False
        )
    )


class PublicationRow(SQLModel, table=True):
    """What somebody proposed to publish, and what became of it; `content` is compressed JSON, `record` all that is told of it."""

    __tablename__ = "publication"
    id: int | None = Field(default=None, sa_column=_number())
    state: str = Field(sa_column=_text())
    proposed_at: int = Field(sa_column=_integer())
    proposed_by: str = Field(sa_column=_text())
    content: bytes = Field(sa_column=_bytes())
    record: str = Field(sa_column=_text())


class CheckpointRow(SQLModel, table=True):
    """A signed statement of how far the histories had come."""

    __tablename__ = "checkpoint"
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: int = Field(sa_column=_integer())
    body: str = Field(sa_column=_text())
    signature: bytes = Field(sa_column=_bytes())


class ErasureRow(SQLModel, table=True):
    """What was erased: a customer, or the personal values of one ticket; never what they were."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index("erasure_ticket", "ticket", "at", sqlite_where=text("ticket <> ''")),
    )
    number: int | None = Field(default=None, sa_column=_number())
    at: int = Field(sa_column=_integer())
    actor: str = Field(sa_column=_text())
    customer: str = Field(sa_column=_text())
    ticket: str = Field(sa_column=_text())
    reason: str = Field(sa_column=_text())


class TraceRow(SQLModel, table=True):
    """What an erasure still has to remove outside its transaction: a `file` by its digest, or what `pages` still hold of it."""

    __tablename__ = "trace"
    __table_args__ = ({"sqlite_with_rowid": False},)
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))


class ArrivalRow(SQLModel, table=True):
    """Something that came in from outside. `key` is a digest of the sender's own id for it, under which it is taken in once;
    `record` holds all that was said; `reason` a sentence why it waits or was dropped; `confirmed` the key of the delivery
    that told the sender."""

    __tablename__ = "arrival"
    __table_args__ = (
        Index("arrival_key", "channel", "key", unique=True),
        Index("arrival_state", "state", "id"),
        Index("arrival_sender", "sender", "at", sqlite_where=text("sender <> ''")),
        Index("arrival_ticket", "ticket_id", sqlite_where=text("ticket_id IS NOT NULL")),
    )
    id: int | None = Field(default=None, sa_column=_number())
    channel: str = Field(sa_column=_text())
    key: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())
    state: str = Field(sa_column=_text())
    ticket_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("ticket.id"), nullable=True)
    )
    sender: str = Field(sa_column=_text())
    verdict: str = Field(sa_column=_text())
    reason: str = Field(sa_column=_text())
    reference: str = Field(sa_column=_text())
    confirmed: str = Field(sa_column=_text())
    record: str = Field(sa_column=_text())


class ThreadRow(SQLModel, table=True):
    """A mail by its Message-ID, and the ticket that it belongs to; `direction` is `in` or `out`."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("thread_ticket", "ticket_id", "at"),
        {"sqlite_with_rowid": False},
    )
    message_id: str = Field(sa_column=Column(Text, primary_key=True))
    ticket_id: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("ticket.id"), primary_key=True, autoincrement=False
        )
    )
    direction: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())


_NOT_DEAD = text("state <> 'dead'")


class WebhookRow(SQLModel, table=True):
    """Another system that is told of events: up to which event they were looked at, and how the last attempt went."""

    __tablename__ = "webhook"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    looked_at: int = Field(sa_column=_integer())
    began_at: int = Field(sa_column=_integer())
    delivered_at: int | None = Field(sa_column=_integer(nullable=True))
    error: str = Field(sa_column=_text())


class WebhookEventRow(SQLModel, table=True):
    """An event that another system is still to be told of: `waiting`, `sending`, or a `dead` letter. What was told is gone."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        Index("webhook_event_next", "webhook", "next_at", "event_id", sqlite_where=_NOT_DEAD),
        Index(
            "webhook_event_ticket", "webhook", "ticket_id", "event_id", sqlite_where=_NOT_DEAD
        ),
        {"sqlite_with_rowid": False},
    )
    webhook: str = Field(sa_column=Column(Text, primary_key=True))
    event_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    ticket_id: int = Field(sa_column=_integer())
    state: str = Field(sa_column=_text())
    attempts: int = Field(sa_column=_integer())
    begun_at: int = Field(sa_column=_integer())
    next_at: int = Field(sa_column=_integer())
    detail: str = Field(sa_column=_text())


class DraftRow(SQLModel, table=True):
    """What a person filled in and did not submit yet, under what it is about; `ticket` is "" where it is about none yet."""

    __tablename__ = "draft"
    __table_args__ = (Index("draft_ticket", "ticket"), Index("draft_at", "at"))
    person: str = Field(sa_column=Column(Text, primary_key=True))
    about: str = Field(sa_column=Column(Text, primary_key=True))
    ticket: str = Field(sa_column=_text())
    body: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())


class PreferenceRow(SQLModel, table=True):
    """How a person wants their front ends, by name."""

    __tablename__ = "preference"
    person: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    body: str = Field(sa_column=_text())
    at: int = Field(sa_column=_integer())
