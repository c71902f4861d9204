"""The authorisation matrix again, through the network: what is posted with somebody's token is what they may do, and no more."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import pytest
import yaml

from casewright.access.tokens import SESSION_PREFIX, digest_of, new_token
from casewright.clock import SetClock
from casewright.commands import AttachFile, Command
from casewright.desk import Desk, open_desk, publish
from casewright.errors import CasewrightError, NotAllowed, NotFound
from casewright.model import ONLY_SYSTEM, SYSTEM
from casewright.queries import ExportAudit, GetTicket, PrepareBackup, PrepareExport, Query
from casewright.server.files import Files
from casewright.server.streams import Streams
from casewright.store import sessions
from casewright.wire.codec import read
from casewright.wire.said import STREAMED, data_of

from ..conftest import ROOT
from ..core.access_rules import OTHER, OWN, ROLES, STANDINGS
from ..core.test_access_matrix import (
    KINDS,
    NOW,
    Matrix,
    _keeps_out,
    expected,
    names_something,
    said,
)
from .gated import Gated, gated

UNSAYABLE = 404
TRUSTING = {"requests_a_second": 1e6}


class _TakenBack(Exception):
    """Undoes what was done."""


class _TakingBack:
    """A desk that carries commands out, answers, and takes back what they did."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.through = desk.through

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._desk.close()

    def batch(self, *, settled: bool = True) -> Any:
        return nullcontext()

    def execute(self, command: Command) -> Any:
        with self._taking_back() as done:
            done.append(self._desk.execute(command))
        return done[0]

    @contextmanager
    def _taking_back(self) -> Iterator[list[Any]]:
        done: list[Any] = []
        try:
            with self._desk.batch():
                yield done
                raise _TakenBack
        except _TakenBack:
            pass


class HttpMatrix(Matrix):
    """The same matrix, asked over the network by each role with a session of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.root = folder / "workspace"
        self._bearers = {role: self._session(role) for role in ROLES}
        self._connection: HTTPConnection | None = None
        self.gated: Gated | None = None

    @contextmanager
    def served(self) -> Iterator[Self]:
        """Serve it meanwhile."""
        from dataclasses import replace

        found = self.desk._config
        config = replace(found, server=replace(found.server, **TRUSTING))
        opener = partial(open_desk, config, owned=True, clock=SetClock(NOW))

        def writing() -> Any:
            return _TakingBack(opener())

        def parts(credentials: Any, readers: Any, _: Any) -> Any:
            return Files(readers, credentials), Streams(config, readers, credentials)

        with gated(config, opener, writing=writing, parts=parts) as self.gated:
            self._connection = self.gated.connection()
            try:
                yield self
            finally:
                self._connection.close()

    def _session(self, role: str) -> str:
        token = new_token(SESSION_PREFIX)
        with self.desk._database.write():
            sessions.begin(
                self.desk._database,
                digest=digest_of(token),
                person=role,
                door="api",
                at=NOW,
                until=NOW.replace(year=NOW.year + 1),
            )
        return token

    def asked(
        self, role: str, method: str, path: str, body: bytes | None = None
    ) -> tuple[int, bytes]:
        """What somebody of a role is answered."""
        assert self._connection is not None
        headers = {"Authorization": f"Bearer {self._bearers[role]}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def answered(self, one: Command | Query) -> CasewrightError | None:
        """Post it in the name of its actor; return what kept them from it, if anything."""
        return _refusal(one, *self._posted(one))

    def _posted(self, one: Command | Query) -> tuple[int, bytes]:
        if type(one) in STREAMED:
            path, data = _stream(one)
        else:
            path, data = _path(type(one)), _data(one)
        return self.asked(one.actor, "POST", path, json.dumps(data).encode())


def _path(kind: type) -> str:
    family = "commands" if issubclass(kind, Command) else "queries"
    return f"/v1/{family}/{kind.__name__}"


def _data(one: Command | Query) -> Any:
    """What is posted; what nobody can say needs not be said whole."""
    return {"actor": one.actor} if one.permission == ONLY_SYSTEM else data_of(one)


def _stream(one: Any) -> tuple[str, Any]:
    path = {ExportAudit: "audit-export", PrepareBackup: "backup", PrepareExport: "export"}
    return f"/v1/{path[type(one)]}", {"purpose": one.purpose}


def _refusal(one: Command | Query, status: int, octets: bytes) -> CasewrightError | None:
    if status < 400:
        return None
    told = json.loads(octets)
    assert status < 500, (one, told)
    error: CasewrightError = read(told["error"])
    if type(one).permission == ONLY_SYSTEM:
        assert status == UNSAYABLE, (one, told)
        return error
    kept = _keeps_out(one, error)
    if kept:
        assert status == (403 if isinstance(error, NotAllowed) else 404), (one, told)
    return error if kept else None


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpMatrix]:
    made = HttpMatrix(tmp_path_factory.mktemp("matrix"))
    with made.served():
        yield made
    made.desk.close()


Standings = Callable[[int, int], tuple[str, ...]]


def every(kind: int, role: int) -> tuple[str, ...]:
    """All of them."""
    return STANDINGS


def in_turn(kind: int, role: int) -> tuple[str, ...]:
    """One of them: each kind is asked by every role, and meets every standing several times."""
    return (STANDINGS[(kind + role) % len(STANDINGS)],)


def _differences(
    matrix: HttpMatrix,
    standings: Standings,
    roles: tuple[str, ...] = ROLES,
    kinds: Sequence[type] = KINDS,
) -> list[Any]:
    return [
        (kind.__name__, role, standing)
        for number, kind in enumerate(kinds)
        for place, role in enumerate(roles)
        for standing in (standings(number, place) if names_something(kind) else (OTHER,))
        if (matrix.answered(said(kind, role, matrix.named(role, standing))) is None)
        != expected(kind, role, standing)
    ]


@pytest.mark.parametrize(
    "standings",
    [in_turn, pytest.param(every, marks=pytest.mark.soak)],
    ids=lambda one: one.__name__,
)
def test_the_network_answers_as_the_rules_say(matrix: HttpMatrix, standings: Standings) -> None:
    before, rows = matrix.content(), matrix.access_rows()

    assert _differences(matrix, standings) == []

    assert _without_sessions(matrix.content()) == _without_sessions(before)
    assert matrix.access_rows() > rows


def _without_sessions(content: Any) -> Any:
    """The content but for when a session was used."""
    return {name: rows for name, rows in content.items() if name != "session"}


@pytest.mark.parametrize("standing", STANDINGS)
def test_looking_up_by_a_path_answers_as_the_rules_say(
    matrix: HttpMatrix, standing: str
) -> None:
    found, wanted = {}, {}
    for role in ROLES:
        ticket = matrix.named(role, standing)["ticket"]
        status, _ = matrix.asked(role, "GET", f"/v1/tickets/{ticket}")
        found[role, "ticket"] = status == 200
        wanted[role, "ticket"] = expected(GetTicket, role, standing)
        status, _ = matrix.asked(role, "PUT", f"/v1/files?ticket={ticket}&filename=x", b"x")
        found[role, "file"] = status == 200
        wanted[role, "file"] = expected(AttachFile, role, standing)

    assert found == wanted


def test_what_cannot_be_seen_is_not_found_exactly_as_what_is_not_there(
    matrix: HttpMatrix,
) -> None:
    hidden = matrix.shared[OTHER]
    answers = []
    for key in (hidden, "MAT-2026-999999"):
        status, octets = matrix.asked("department_handler", "GET", f"/v1/tickets/{key}")
        answers.append((status, octets.replace(key.encode(), b"?")))

    assert answers[0] == answers[1]


def test_nobody_does_in_anothers_name_what_that_one_may(matrix: HttpMatrix) -> None:
    theirs = matrix.named("administrator", OWN)
    for kind in (kind for kind in KINDS if kind not in STREAMED):
        body = json.dumps(_data(said(kind, "administrator", theirs))).encode()
        status, octets = matrix.asked("agent", "POST", _path(kind), body)
        error = read(json.loads(octets)["error"])
        assert isinstance(error, NotAllowed | NotFound), kind
        assert status in (403, 404), kind


FLIPPED = ("ticket.comment", "monitor"), ("people.edit", "agent"), ("ticket.read", "monitor")
"""Permissions that are taken away where somebody holds them, and given where they do not."""


@pytest.mark.parametrize(("permission", "role"), FLIPPED)
def test_flipping_a_cell_of_the_policy_is_seen_over_the_network(
    matrix: HttpMatrix, permission: str, role: str
) -> None:
    shipped = (ROOT / "roles.yaml").read_text(encoding="utf-8")
    policy = yaml.safe_load(shipped)
    granted = policy["roles"][role]["permissions"]
    everywhere = granted["all"] if isinstance(granted, dict) else granted
    if permission in everywhere:
        everywhere.remove(permission)
    else:
        everywhere.append(permission)
    kinds = [kind for kind in KINDS if kind.permission == permission]
    _publish(matrix, yaml.safe_dump(policy, allow_unicode=True))
    try:
        assert _differences(matrix, every, (role,), kinds) != []
    finally:
        _publish(matrix, shipped)
    assert _differences(matrix, every, (role,), kinds) == []


def _publish(matrix: HttpMatrix, roles: str) -> None:
    (matrix.root / "roles.yaml").write_text(roles, encoding="utf-8")
    publish(matrix.desk, matrix.root, [matrix.root / "workflows"], actor=SYSTEM)
