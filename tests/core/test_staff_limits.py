"""Whoever may edit only the people of their team gets no further by it, neither themselves nor through others."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright.access import tokens
from casewright.clock import SetClock
from casewright.commands import (
    Command,
    EndSessions,
    MakeToken,
    RevokeToken,
    SavePerson,
    SetPassword,
    SetSecondFactor,
)
from casewright.desk import Desk
from casewright.errors import NotAllowed, NotFound
from casewright.model import SYSTEM
from casewright.queries import ListPeople, ListTokens
from casewright.testing.plugged_desk import plugin_desk

ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: []}
  administrator: {title: {en: Administrator, zh: 管理员}, permissions: [people.*]}
  leader:
    title: {en: Leader, zh: 班长}
    permissions: {team: [people.edit, ticket.read, ticket.comment], queues: [ticket.fire]}
  reader: {title: {en: Reader, zh: 查看人}, permissions: {team: [ticket.read]}}
  auditor: {title: {en: Auditor, zh: 审计员}, permissions: [ticket.read]}
  server: {title: {en: Server, zh: 服务人}, permissions: {queues: [ticket.fire]}}
"""


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A desk with a team: its leader, members who hold less and one who holds more; and an administrator."""
    made = plugin_desk(tmp_path, plugins=[], files={"roles.yaml": ROLES}, clock=clock)
    for name, role, team in (
        ("boss", "administrator", "front"),
        ("lena", "leader", "front"),
        ("rita", "reader", "front"),
        ("sven", "server", "front"),
        ("adam", "auditor", "front"),
        ("faye", "reader", "far"),
    ):
        save = SavePerson(actor=SYSTEM, name=name, roles=(role,), team=team)
        made.execute_as_system(save)
    yield made
    made.close()


def refused(desk: Desk, command: Command, why: str) -> None:
    before = desk.ask(ListPeople(actor="boss"))
    with pytest.raises(NotAllowed, match=why):
        desk.execute(command)
    assert desk.ask(ListPeople(actor="boss")) == before


def token_of(name: str, actor: str, clock: SetClock) -> MakeToken:
    digest = tokens.digest_of(tokens.new_token())
    ends = clock.now() + timedelta(days=1)
    only = ("ticket.read",)
    return MakeToken(
        actor=actor, name=name, label="x", digest=digest, only=only, expires_at=ends
    )


@pytest.mark.parametrize(
    "change",
    [{"roles": ("administrator",)}, {"team": "far"}, {"department": "far"}, {"queues": ("q",)}],
)
def test_nobody_widens_their_own_reach(desk: Desk, change: dict[str, Any]) -> None:
    change = {"actor": "lena", "name": "lena", **change}
    refused(desk, SavePerson(**change), "changed by somebody else")


def test_what_of_oneself_says_nothing_of_ones_reach_may_be_changed(desk: Desk) -> None:
    same = SavePerson(actor="lena", name="lena", email="lena@example.org", team="front")
    desk.execute(same)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_only_roles_are_given_whose_permissions_one_holds_oneself(
    desk: Desk, role: str
) -> None:
    give = SavePerson(actor="lena", name="rita", roles=(role,))
    refused(desk, give, "what you may not")
    desk.execute(SavePerson(actor="lena", name="rita", roles=("leader",)))


def test_nobody_is_put_where_they_reach_further_than_who_puts_them_there(desk: Desk) -> None:
    moved = SavePerson(actor="lena", name="rita", team="far")
    serving = SavePerson(actor="lena", name="sven", queues=("elsewhere",))
    for command in (moved, serving):
        refused(desk, command, "what you may not")


def test_who_holds_more_is_not_theirs_to_change(desk: Desk, clock: SetClock) -> None:
    own = desk.execute(token_of("boss", "boss", clock)).answer
    assert own is not None
    for command in (
        SavePerson(actor="lena", name="adam", phone="+8613800000009"),
        SavePerson(actor="lena", name="boss", active=False),
        SetPassword(actor="lena", name="boss", verifier=""),
        SetSecondFactor(actor="lena", name="boss", secret=""),
        EndSessions(actor="lena", name="boss"),
        token_of("boss", "lena", clock),
        RevokeToken(actor="lena", token=int(own["token"])),
    ):
        refused(desk, command, "what you may not")


def test_who_holds_less_is_theirs_to_change(desk: Desk, clock: SetClock) -> None:
    answer = desk.execute(token_of("rita", "lena", clock)).answer
    assert answer is not None
    desk.execute(RevokeToken(actor="lena", token=int(answer["token"])))
    desk.execute(EndSessions(actor="lena", name="rita"))

    (token,) = desk.ask(ListTokens(actor="lena", name="rita"))
    assert token.revoked_at is not None


def test_a_token_of_another_team_is_not_there(desk: Desk, clock: SetClock) -> None:
    answer = desk.execute(token_of("faye", "faye", clock)).answer
    assert answer is not None

    with pytest.raises(NotFound, match="token"):
        desk.execute(RevokeToken(actor="lena", token=int(answer["token"])))
    with pytest.raises(NotAllowed, match="not among those"):
        desk.ask(ListTokens(actor="lena", name="faye"))

    (token,) = desk.ask(ListTokens(actor="faye"))
    assert token.revoked_at is None


def test_who_may_edit_everybody_may_do_all_of_it(desk: Desk) -> None:
    desk.execute(SavePerson(actor="boss", name="boss", team="far", roles=("administrator",)))
    desk.execute(SavePerson(actor="boss", name="rita", roles=("auditor",)))
