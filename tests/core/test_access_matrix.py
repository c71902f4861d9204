"""The authorisation matrix: every command and every query, by every shipped role, on one's own and on others' tickets."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright import queries
from casewright.access.reach import AT_DEPARTMENT, IN_QUEUE, PARTY, reach
from casewright.access.roles import PERMISSIONS, SCOPES, Role, load_roles
from casewright.access.tokens import digest_of, new_token
from casewright.clock import SetClock
from casewright.commands import (
    Command,
    LogContact,
    MakeToken,
    NoteTicket,
    OpenTicket,
    SaveCustomer,
    SavePerson,
    WatchTicket,
)
from casewright.desk import Desk
from casewright.effects import Notify
from casewright.errors import CasewrightError, NotAllowed, NotFound, message
from casewright.model import EACH_ITS_OWN, REPLAY, SYSTEM
from casewright.queries import ListNotices, Query
from casewright.testing.plugged_desk import plugin_desk
from casewright_knowledge import commands as knowledge_commands
from casewright_knowledge import queries as knowledge_queries
from casewright_routing import commands as routing_commands
from casewright_routing import queries as routing_queries

from ..conftest import ROOT
from .access_rules import (
    ACTS,
    ANYBODY,
    BY_ONESELF,
    DEPARTMENT,
    NOBODY,
    OTHER,
    OWN,
    QUEUE,
    REFUSED,
    ROLES,
    RULES,
    STANDINGS,
    TEAM,
    WITHOUT_READING,
    within,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MATTER = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:far
start: open
department: "=fields.place"
queue: "=fields.line"
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  place: {type: string, x-title: {en: Place, zh: 部门}}
  line: {type: string, x-title: {en: Line, zh: 队列}}
"""
SHOWN_KINDS = tuple(map(message, ("ticket", "notice", "contact", "token")))
"""NotFound of these is how somebody is kept from what they may not see; any other is an answer to whoever may ask."""


class _Undone(Exception):
    """Takes back what a permitted command did."""


def _keeps_out(said: Command | Query, refusal: CasewrightError) -> bool:
    """Whether a refusal keeps somebody from what they may not; any other is one that whoever may is known to meet."""
    if isinstance(refusal, NotAllowed):
        return True
    if isinstance(refusal, NotFound) and refusal.kind in SHOWN_KINDS:
        return True
    word = refusal.kind.text if isinstance(refusal, NotFound) else type(refusal).__name__
    assert word in REFUSED.get(type(said).__name__, "").split(), (said, refusal)
    return False


class Matrix:
    """A desk with somebody of every role, and a ticket that stands to each of them in every way there is."""

    def __init__(self, folder: Path) -> None:
        files = {"workflows/matter.yaml": MATTER, "forms/matter.yaml": FORM}
        files["roles.yaml"] = (ROOT / "roles.yaml").read_text(encoding="utf-8")
        home = folder.as_posix()
        self.desk: Desk = plugin_desk(
            folder,
            plugins=["routing", "knowledge"],
            files=files,
            settings=f'[audit]\nkey = "{home}/seal.key"\n',
            clock=SetClock(NOW),
        )
        self.desk.execute_as_system(SaveCustomer(actor=SYSTEM, id="C1", name="Wang"))
        self._person("far", (), team="far", department="far")
        self._person("mate", (), team="near", department="elsewhere")
        self._person("colleague", (), team="other", department="sales")
        for role in ROLES:
            self._person(role, (role,), team="near", department="sales", queues=("line",))
        self.people = {
            OWN: "",
            TEAM: "mate",
            DEPARTMENT: "colleague",
            QUEUE: "far",
            OTHER: "far",
        }
        self.shared = {
            TEAM: self._ticket("mate"),
            DEPARTMENT: self._ticket("far", place="sales"),
            QUEUE: self._ticket(None, line="line"),
            OTHER: self._ticket("far"),
        }
        self.watched = {
            TEAM: self._ticket("mate"),
            DEPARTMENT: self._ticket("far", place="sales"),
            QUEUE: self._ticket(None, line="line"),
            OTHER: self._ticket("far"),
        }
        self.own = {role: self._ticket(role) for role in ROLES}
        every = ListNotices(actor=SYSTEM, limit=queries.LARGEST_PAGE)
        self.notices = {
            one.ticket: one.number for one in self.desk.ask_as_system(every).notices
        }

        self.contacts = {key: self._contact(key) for key in self.tickets()}
        self.tokens = {name: self._token(name) for name in (*ROLES, "mate", "colleague", "far")}
        self.audit = (folder / "audit.jsonl").as_posix()

    def tickets(self) -> Iterator[str]:
        """Every ticket of the matrix."""
        yield from self.shared.values()
        yield from self.watched.values()
        yield from self.own.values()

    def _contact(self, ticket: str) -> int:
        noting = LogContact(
            actor=SYSTEM, customer="C1", channel="call", resolved="no", tickets=(ticket,)
        )
        answer = self.desk.execute_as_system(noting).answer
        assert answer is not None
        return int(answer["contact"])

    def _token(self, name: str) -> int:
        making = MakeToken(
            actor=SYSTEM,
            name=name,
            label="x",
            digest=digest_of(new_token()),
            only=("ticket.read",),
            expires_at=NOW + timedelta(days=1),
        )
        answer = self.desk.execute_as_system(making).answer
        assert answer is not None
        return int(answer["token"])

    def _person(self, name: str, roles: tuple[str, ...], **more: Any) -> None:
        reading = ("client_representative",) if not roles else roles
        command = SavePerson(actor=SYSTEM, name=name, roles=reading, **more)
        self.desk.execute_as_system(command)

    def _ticket(self, owner: str, **filled: str) -> str:
        opening = OpenTicket(
            actor=REPLAY, workflow="matter", fields=filled, owner=owner, reason="x"
        )
        key: str = self.desk.execute_as_system(opening).ticket
        told = Notify(ticket=key, to="far", via="in_app", reason="assigned")
        noting = NoteTicket(
            actor=SYSTEM, ticket=key, plugin="routing", note="X", notices=(told,)
        )
        self.desk.execute_as_system(noting)
        return key

    def named(self, role: str, standing: str, *, watched: bool = False) -> Mapping[str, Any]:
        """What the attributes of a command or query are filled with that name something of that standing."""
        shared = self.watched if watched else self.shared
        ticket = self.own[role] if standing == OWN else shared[standing]
        person = self.people[standing] or role
        return {
            "ticket": ticket,
            "other": ticket,
            "into": ticket,
            "notice": self.notices[ticket],
            "notices": (self.notices[ticket],),
            "contact": self.contacts[ticket],
            "token": self.tokens[person],
            "handler": person,
            "name": person,
            "file": self.audit,
            "customer": "C1",
            "purpose": "x",
        }

    def answered(self, said: Command | Query) -> CasewrightError | None:
        """Say it at the front door and take back what came of it; return what kept the actor from it, if anything."""
        try:
            if isinstance(said, Query):
                # A look cannot be on record before a batch is over, and is not answered in one.
                self.desk.ask(said)
                return None
            with self.desk.batch():
                self.desk.execute(said)
                raise _Undone
        except CasewrightError as refusal:
            return refusal if _keeps_out(said, refusal) else None
        except _Undone:
            return None

    def access_rows(self) -> int:
        """How many rows the access log has."""
        database = self.desk._database
        with database.read():
            return int(database.execute("SELECT count(*) FROM access").fetchone()[0])

    def content(self) -> Mapping[str, list[Any]]:
        """All that the database says, but for the access log."""
        database = self.desk._database
        with database.read():
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [
                name
                for (name,) in tables.fetchall()
                if not name.startswith(("access", "sqlite_")) and name != "chain"
            ]
            return {
                name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names
            }


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    made = Matrix(tmp_path_factory.mktemp("matrix"))
    yield made
    made.desk.close()


def _leaves(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        # With slots a dataclass is made twice; the one that its module knows is the one that is used.
        if getattr(sys.modules[one.__module__], one.__name__, None) is one:
            if one.permission != EACH_ITS_OWN:
                yield one
            yield from _leaves(one)


PLUGINS = (knowledge_commands, knowledge_queries, routing_commands, routing_queries)
"""Imported, their kinds are in the matrix too."""
KINDS = sorted({*_leaves(Command), *_leaves(Query)}, key=lambda one: one.__name__)
_BY_TYPE: tuple[tuple[str, Any], ...] = (
    ("datetime", NOW + timedelta(days=1)),
    ("Mapping", {}),
    ("tuple", ()),
    ("bytes", b"x"),
    ("bool", True),
    ("int", 1),
    ("str", "x"),
)


def said(kind: type, actor: str, named: Mapping[str, Any]) -> Any:
    """One of a kind, with something in each attribute that it must have, and what is `named` where it has such."""
    values: dict[str, Any] = {"actor": actor}
    for one in fields(kind):
        if one.name in named and not _is_apart(kind, one.name):
            values[one.name] = named[one.name]
        elif one.name != "actor" and one.default is MISSING and one.default_factory is MISSING:
            values[one.name] = next(value for word, value in _BY_TYPE if word in str(one.type))
    return kind(**values)


def _is_apart(kind: type, name: str) -> bool:
    """Whether an attribute means something else here: to whom a ticket is given, or the name of a filter."""
    return (kind.__name__, name) in {
        ("AssignTicket", "handler"),
        ("ListTickets", "handler"),
        ("ListQueue", "handler"),
        ("CountQueue", "handler"),
        ("ExportTickets", "handler"),
        ("SetAvailabilityOf", "name"),
        ("SeeNotices", "notices"),
        ("PublishCalendar", "name"),
        ("MergeCustomers", "into"),
        ("EraseCustomer", "customer"),
        ("RecordContact", "kind"),
    }


def names_something(kind: type) -> bool:
    """Whether what a kind asks for depends on what it names."""
    named = ("ticket", "other", "notice", "notices", "contact", "token", "handler", "name")
    return any(one.name in named and not _is_apart(kind, one.name) for one in fields(kind))


def names_a_ticket(kind: type) -> bool:
    """Whether a kind names a ticket, or a notice of one."""
    named = ("ticket", "notice", "notices", "contact")
    return any(one.name in named and not _is_apart(kind, one.name) for one in fields(kind))


def expected(kind: type, role: str, standing: str) -> bool:
    """Whether the rules let somebody of a role do this."""
    act = ACTS[kind.__name__]
    where = within(act, role)
    if kind.__name__ in BY_ONESELF and standing == OWN:
        return True
    if not names_something(kind):
        return bool(where)
    if names_a_ticket(kind) and act not in (ANYBODY, NOBODY):
        if kind.__name__ not in WITHOUT_READING:
            where &= within("read", role)
    if kind.__name__ == "SetAbsence" or kind.__name__ == "EndAbsence":
        where |= within("edit people", role)
    return standing in where


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_front_door_answers_as_the_rules_say(matrix: Matrix, kind: type) -> None:
    found, wanted = {}, {}
    for role in ROLES:
        for standing in STANDINGS if names_something(kind) else (OTHER,):
            one = said(kind, role, matrix.named(role, standing))
            found[role, standing] = matrix.answered(one) is None
            wanted[role, standing] = expected(kind, role, standing)

    assert found == wanted


@pytest.fixture(scope="module")
def watching(matrix: Matrix) -> Matrix:
    """The matrix once everybody who may watches the tickets that are there to be watched."""
    for role in ROLES:
        for standing in within("watch", role) - {OWN}:
            matrix.desk.execute(WatchTicket(actor=role, ticket=matrix.watched[standing]))
    return matrix


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if names_a_ticket(kind)], ids=lambda kind: kind.__name__
)
def test_whoever_watches_a_ticket_may_do_no_more_with_it(watching: Matrix, kind: type) -> None:
    found, wanted = {}, {}
    for role in ROLES:
        for standing in set(STANDINGS) - {OWN}:
            one = said(kind, role, watching.named(role, standing, watched=True))
            found[role, standing] = watching.answered(one) is None
            wanted[role, standing] = expected(kind, role, standing)

    assert found == wanted


@pytest.mark.parametrize("role", ROLES)
def test_a_denial_changes_nothing_and_is_on_record(matrix: Matrix, role: str) -> None:
    denied = [
        said(kind, role, matrix.named(role, standing))
        for kind in KINDS
        for standing in (STANDINGS if names_something(kind) else (OTHER,))
        if not expected(kind, role, standing)
    ]
    before, rows = matrix.content(), matrix.access_rows()

    for one in denied:
        with pytest.raises((NotAllowed, NotFound)) as refusal:
            matrix.desk.execute(one) if isinstance(one, Command) else matrix.desk.ask(one)
        assert not getattr(refusal.value, "__notes__", None)

    assert matrix.content() == before
    assert matrix.access_rows() == rows + len(denied)


def test_what_cannot_be_seen_is_not_found_exactly_as_what_is_not_there(matrix: Matrix) -> None:
    hidden = matrix.shared[OTHER]
    answers = []
    for key in (hidden, "MAT-2026-999999"):
        with pytest.raises(NotFound) as refusal:
            matrix.desk.ask(queries.GetTicket(actor="department_handler", ticket=key))
        answers.append({**refusal.value.details(), "name": ""})

    assert answers[0] == answers[1]


# --- every cell of the policy is held by a rule ----------------------------------------------------

PERMISSION_OF = {
    "read": "ticket.read", "open": "ticket.open", "fire": "ticket.fire", "vote": "ticket.vote",
    "assign": "ticket.assign", "comment": "ticket.comment", "attach": "ticket.attach", "edit": "ticket.edit",
    "watch": "ticket.watch", "contact": "ticket.contact", "reply": "ticket.reply", "link": "ticket.link", "merge": "ticket.merge",
    "withdraw": "ticket.withdraw", "reopen": "ticket.reopen", "escalate": "ticket.escalate",
    "supervise": "ticket.supervise", "remind": "ticket.remind", "hand over": "ticket.hand_over",
    "reveal": "ticket.reveal", "export tickets": "ticket.export", "check workflows": "workflow.check", "propose": "workflow.publish",
    "approve": "workflow.approve", "manage plugins": "plugin.manage", "manage webhooks": "webhook.manage",
    "see intake": "intake.read", "sort intake": "intake.sort", "edit people": "people.edit",
    "note absences": "people.absence", "announce": "announcement.publish", "read customers": "customer.read",
    "edit customers": "customer.edit", "merge customers": "customer.merge", "note contacts": "customer.contact",
    "erase": "customer.erase", "export customers": "customer.export", "see who looked": "access.read",
    "verify": "audit.verify", "seal": "audit.checkpoint", "export records": "audit.export",
    "send again": "notice.retry", "back up": "workspace.backup", "export everything": "workspace.export",
    "see routes": "routing.read", "take": "routing.take", "be available": "routing.available",
    "take calls": "routing.call", "manage routes": "routing.manage", "read articles": "knowledge.read", "use articles": "knowledge.use",
    "keep articles": "knowledge.edit", "see how articles stand": "knowledge.report",
}  # fmt: skip
PLACES = {
    OWN: {(PARTY, "me")},
    TEAM: {(PARTY, "mate")},
    DEPARTMENT: {(PARTY, "far"), (AT_DEPARTMENT, "sales")},
    QUEUE: {(PARTY, "far"), (IN_QUEUE, "line")},
    OTHER: {(PARTY, "far")},
}
Policy = Callable[[str], frozenset[str]]


def _shipped() -> Mapping[str, Role]:
    roles, problems = load_roles(ROOT / "roles.yaml", unnamed=("knowledge", "routing"))
    assert not problems
    return roles


def _covered(scopes: frozenset[str]) -> frozenset[str]:
    """Where a permission that is held in these scopes reaches."""
    mine = reach(
        "me",
        scopes,
        stands_for=("me",),
        team=("me", "mate"),
        department="sales",
        queues=("line",),
    )
    return frozenset(standing for standing in STANDINGS if mine.covers(PLACES[standing]))


def _breaches(role: str, scopes: Policy) -> list[str]:
    """The acts of which the policy says something else than the rules."""
    return [
        act
        for act, permission in PERMISSION_OF.items()
        if _differs(act, role, scopes(permission))
    ]


def _differs(act: str, role: str, scopes: frozenset[str]) -> bool:
    wanted = within(act, role)
    return _covered(scopes) != wanted


@pytest.mark.parametrize("role", ROLES)
def test_flipping_any_cell_of_the_policy_breaks_a_rule(role: str) -> None:
    policy = _shipped()[role]

    assert _breaches(role, policy.scopes) == []
    for act, permission in PERMISSION_OF.items():
        held = policy.scopes(permission)
        for scope in SCOPES:
            flipped = held ^ {scope}
            if _covered(flipped) == _covered(held):
                continue  # The same people may do the same: nothing of the policy was flipped.
            assert _differs(act, role, flipped), (permission, scope)
        if held:
            assert _differs(act, role, frozenset()), permission


def test_the_rules_speak_of_every_permission_every_role_every_command_and_every_query() -> None:
    assert set(_shipped()) == set(ROLES)
    assert {kind.__name__ for kind in KINDS} == set(ACTS)
    assert set(PERMISSION_OF) == set(RULES)
    of_plugins = {
        one for one in PERMISSION_OF.values() if one.startswith(("knowledge.", "routing."))
    }
    assert set(PERMISSION_OF.values()) - of_plugins == set(PERMISSIONS)
