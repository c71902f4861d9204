"""Said to the desk in one's own process and said over the wire, everything comes to the same: answers, refusals, sentences."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from casewright.clock import SetClock
from casewright.commands import Command
from casewright.config import Config, read_config
from casewright.desk import open_desk
from casewright.desk.door import Door
from casewright.errors import CasewrightError
from casewright.front_door import FrontDoor
from casewright.model import Event
from casewright.queries import ListTickets, Query
from casewright.texts import Texts
from casewright.wire.said import commands_by_name, queries_by_name

from ..core.access_rules import OTHER, ROLES, STANDINGS
from ..core.test_access_matrix import KINDS, NOW, Matrix, expected, names_something, said
from ..server.wire_values import comparable
from .remote_site import remote


@dataclass(frozen=True, kw_only=True)
class Both:
    """The same workspace twice, at the same moment: at a desk in this process, and at one over the wire."""

    matrix: Matrix
    here: FrontDoor
    there: FrontDoor

    def outcomes(self, one: Command | Query) -> tuple[Any, Any]:
        """What it comes to at each of them."""
        return _outcome(self.here, one), _outcome(self.there, one)


def _outcome(desk: FrontDoor, one: Command | Query) -> Any:
    try:
        with desk.through(Door(name="api", actor=one.actor, purpose="为了 测试")):
            found = desk.execute(one) if isinstance(one, Command) else desk.ask(one)
    except CasewrightError as refusal:
        sentences = [Texts(lang).error(refusal) for lang in ("en", "zh")]
        return type(refusal), comparable(refusal.details()), sentences
    return comparable(_without_salt(found))


def _without_salt(answer: Any) -> Any:
    """Return events without their digests: there is chance in those of what was recorded here and there."""
    if isinstance(answer, tuple):
        return tuple(
            replace(one, digest="") if isinstance(one, Event) else one for one in answer
        )
    return answer


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("both")
    matrix = Matrix(folder / "made")
    matrix.desk.close()
    with ExitStack() as closing:
        here, there = (
            _config(shutil.copytree(folder / "made" / "workspace", folder / name))
            for name in ("here", "there")
        )
        desk = open_desk(here, clock=SetClock(NOW), door=Door(name="api", actor=""))
        yield Both(
            matrix=matrix,
            here=closing.enter_context(desk),
            there=closing.enter_context(remote(there, SetClock(NOW))),
        )


def _config(root: Path) -> Config:
    config = read_config(root, {})
    access = replace(config.access, sign_in="trusted")
    return replace(config, synchronous="NORMAL", access=access)


SAYABLE = [
    kind
    for kind in KINDS
    if kind in {*commands_by_name().values(), *queries_by_name().values()}
]


def _by(kind: type, *, allowed: bool) -> tuple[str, str] | None:
    """A role and a standing for which the rules allow it, or do not; None where there are none."""
    standings = STANDINGS if names_something(kind) else (OTHER,)
    pairs = [(role, one) for role in ROLES for one in standings]
    return next((pair for pair in pairs if expected(kind, *pair) is allowed), None)


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
@pytest.mark.parametrize("kind", SAYABLE, ids=lambda kind: kind.__name__)
def test_every_command_and_query_comes_to_the_same(
    both: Both, kind: type, allowed: bool
) -> None:
    who = _by(kind, allowed=allowed)
    if who is None:
        pytest.skip("the rules know nobody of this kind")
    one = said(kind, who[0], both.matrix.named(*who))
    if isinstance(one, Command):
        one = replace(one, command_id=f"{kind.__name__}-{allowed}")

    here, there = both.outcomes(one)

    assert there == here


def test_a_desk_that_answers_otherwise_would_be_noticed(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ListTickets(actor="centre_manager", limit=1)
    monkeypatch.setattr(both.there, "ask", lambda query: both.here.ask(replace(query, limit=2)))

    here, there = both.outcomes(asked)

    assert there != here
