"""Tickets of a workflow that is for some roles only: others do not find them, count them or open them by name."""

import pytest

from casewright.commands import AddComment, SavePerson
from casewright.errors import NotFound, ProblemsFound
from casewright.model import SYSTEM
from casewright.queries import CountQueue, GetBoard, GetTicket, ListQueue, ListTickets

from .small_centre import CLOSED, HEAD, OPEN, SmallCentre

KEPT = f"{HEAD}only_for: [role:leader]\nstates:\n  first: {{{OPEN}, transitions: {{finish: closed}}}}\n{CLOSED}"


@pytest.fixture
def centre(workspace, clock) -> SmallCentre:
    made = SmallCentre(workspace, clock)
    made.publish(KEPT)
    return made


def _sees(centre, who, key):
    shown = {one.key for one in centre.desk.ask(ListTickets(actor=who)).tickets}
    queued = {one.key for one in centre.desk.ask(ListQueue(actor=who)).rows}
    counted = centre.desk.ask(CountQueue(actor=who)).tickets
    board = sum(one.tickets for one in centre.desk.ask(GetBoard(actor=who)))
    try:
        alone = centre.desk.ask(GetTicket(actor=who, ticket=key)).key == key
    except NotFound:
        alone = False
    found = {key in shown, key in queued, counted == 1, board == 1, alone}
    assert len(found) == 1, (shown, queued, counted, board, alone)
    return found.pop()


def test_only_its_parties_and_those_roles_see_it(centre):
    key = centre.open("ana")

    for who in ("ana", "olga", "dora", "cleo"):
        assert _sees(centre, who, key)
    assert not _sees(centre, "ben", key)

    with centre.desk.batch():
        centre.desk.execute_as_system(
            SavePerson(actor=SYSTEM, name="ben", roles=("agent", "leader"))
        )
    assert _sees(centre, "ben", key)


def test_what_cannot_be_seen_cannot_be_touched(centre):
    key = centre.open("ana")

    with pytest.raises(NotFound):
        centre.desk.execute(AddComment(actor="ben", ticket=key, text="what is this?"))


@pytest.mark.parametrize("word", ["handler", "user:ana", "=fields.note", "role:unheard_of"])
def test_it_names_roles_and_nobody_else(centre, word):
    with pytest.raises(ProblemsFound):
        centre.publish(KEPT.replace("[role:leader]", f"'{word}'"))
