"""A database that somebody or something has spoilt: what is wrong is named, and nothing falls over."""

import pytest

from casewright.commands import AssignTicket, EscalateLevel, HandOver, SavePerson
from casewright.desk import open_desk
from casewright.errors import (
    AssignmentRefused,
    CommandRefused,
    DatabaseDamaged,
    NotFound,
    TicketRefused,
)
from casewright.queries import GetBoard, GetHistory, GetTicket, ListPeople, VerifyAudit
from casewright.store.database import open_sqlite

from .small_centre import CLOSED, HEAD, OPEN

PLAIN = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"


@pytest.fixture
def key(centre) -> str:
    centre.publish(PLAIN)
    return centre.open()


def spoil(centre, statement: str, *values: object) -> None:
    """Change the database behind the desk's back, by the library that the desk uses."""
    connection = open_sqlite(centre.root / "casewright.db")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute(statement, values)
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'configuration'")
    connection.close()


def test_a_workflow_version_that_was_altered_is_found_and_not_run(centre, key):
    spoil(centre, "UPDATE bundle SET content = replace(content, 'closed', 'cloned')")

    found = centre.desk.ask(VerifyAudit(actor="ana"))

    assert not found.ok
    assert "not what was published" in str(found.first_broken.reason)
    config = centre.config
    centre.desk.close()
    with open_desk(config) as afresh, pytest.raises(DatabaseDamaged, match="workflow version"):
        afresh.ask(GetTicket(actor="ana", ticket=key))


@pytest.mark.parametrize(
    ("statement", "query", "named"),
    [
        ("UPDATE person SET record = 'x' WHERE name = 'ben'", ListPeople(actor="ana"), "'ben'"),
        ("UPDATE configuration SET content = '{}' WHERE name = 'agent'", ListPeople(actor="ana"), "'agent'"),
        ("UPDATE event SET body = 'no json'", GetHistory(actor="ana", ticket="MAT-2026-000001"), "history"),
        ("UPDATE ticket SET record = 'x'", GetTicket(actor="ana", ticket="MAT-2026-000001"), "MAT-2026"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(centre, key, statement, query, named):
    spoil(centre, statement)

    with pytest.raises(DatabaseDamaged, match=named):
        centre.desk.ask(query)


def test_a_state_that_does_not_exist_leaves_the_board_standing(centre, key):
    spoil(centre, "UPDATE ticket SET state = 'nirvana'")

    (row,) = centre.desk.ask(GetBoard(actor="ana"))

    assert (row.state, row.title.en, row.final) == ("nirvana", "nirvana", False)
    with pytest.raises(DatabaseDamaged, match="the state of"):
        centre.fire(key, "close")


def test_the_last_one_who_may_change_the_staff_stays(centre, key):
    centre.write("roles.yaml", (centre.root / "roles.yaml").read_text() + BOSS)
    centre.publish(PLAIN)
    centre.desk.execute_as_system(SavePerson(actor="system", name="gu", roles=("boss",)))

    for change in (
        SavePerson(actor="gu", name="gu", roles=("agent",)),
        SavePerson(actor="gu", name="gu", roles=("boss",), active=False),
    ):
        with pytest.raises(CommandRefused, match="the only one"):
            centre.desk.execute(change)

    centre.desk.execute(SavePerson(actor="gu", name="du", roles=("boss",)))
    centre.desk.execute(SavePerson(actor="du", name="gu", roles=("agent",)))


BOSS = "  boss: {title: {en: Boss, zh: 主管}, permissions: [people.edit]}\n"


def test_a_ticket_goes_only_to_somebody_who_may_read_it(centre, key):
    centre.write("roles.yaml", (centre.root / "roles.yaml").read_text() + BOSS)
    centre.publish(PLAIN)
    centre.desk.execute_as_system(SavePerson(actor="system", name="gu", roles=("boss",)))

    with pytest.raises(AssignmentRefused, match="roles"):
        centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler="gu"))


def test_escalating_and_handing_over_say_what_is_really_wrong(centre, key):
    with pytest.raises(TicketRefused, match="has no levels"):
        centre.desk.execute(EscalateLevel(actor="ana", ticket=key, reason="urgent"))
    with pytest.raises(NotFound, match="nope"):
        centre.desk.execute(HandOver(actor="ana", handler="ana", to="nope"))
