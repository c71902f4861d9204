"""Totals by state are kept with every ticket: they are what counting comes to, and nobody counts a million to show them."""

import sqlite3
from contextlib import closing

import pytest

from casewright.cli.__main__ import main
from casewright.commands import AssignTicket, FireTransition, OpenTicket
from casewright.desk import migrate_database, wrong_tallies
from casewright.errors import NotFound
from casewright.queries import GetBoard, ListWorkflows
from casewright.store import tallies
from casewright.testing.desk import open_test_desk


def board(desk):
    return {
        (one.workflow, one.state): (one.tickets, one.unassigned)
        for one in desk.ask(GetBoard(actor="ana"))
    }


def test_tickets_are_counted_as_they_come_and_go(tmp_path):
    with open_test_desk(tmp_path) as desk:
        first, second = (
            desk.execute(OpenTicket(actor="ana", workflow="parcel")).ticket for _ in range(2)
        )
        desk.execute(AssignTicket(actor="ana", ticket=first, handler="ben"))
        desk.execute(FireTransition(actor="ana", ticket=second, transition="search"))
        desk.execute(FireTransition(actor="ana", ticket=first, transition="find"))

        found = board(desk)

        assert found["parcel", "searching"][0] == 1
        assert found["parcel", "closed"][0] == 1
        assert found["errand", "sent"][0] == 2
        assert ("parcel", "registered") not in found
        assert tallies.wrong(desk._database) == 0
        counted = {one.name: one.open_tickets for one in desk.ask(ListWorkflows(actor="ana"))}
        assert counted == {"parcel": 1, "errand": 2}


def test_what_is_undone_is_not_counted(tmp_path):
    with open_test_desk(tmp_path) as desk:
        before = board(desk)
        both = [OpenTicket(actor="ana", workflow=name) for name in ("parcel", "none")]
        with pytest.raises(NotFound):
            desk.together(both)

        assert board(desk) == before
        assert tallies.wrong(desk._database) == 0


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE tally SET tickets = tickets + 1",
        "UPDATE tally SET unassigned = unassigned - 1",
        "DELETE FROM tally",
        "INSERT INTO tally VALUES ('parcel', 'x', 'nowhere', 3, 0, 0)",
    ],
)
def test_a_wrong_count_is_found_and_counted_anew_by_a_migration(tmp_path, spoilt):
    with open_test_desk(tmp_path) as desk:
        desk.execute(OpenTicket(actor="ana", workflow="parcel"))
        config, right = desk._config, board(desk)
    with closing(sqlite3.connect(config.database)) as database, database:
        database.execute(spoilt)
    assert wrong_tallies(config) > 0

    migrate_database(config)

    assert wrong_tallies(config) == 0
    with open_test_desk(tmp_path) as desk:
        assert board(desk) == right


def test_the_doctor_says_that_counts_are_wrong_and_what_mends_them(tmp_path, capsys):
    assert main(["init", str(tmp_path / "w")]) == 0
    with closing(sqlite3.connect(tmp_path / "w" / "casewright.db")) as database, database:
        database.execute("INSERT INTO tally VALUES ('inquiry', 'x', 'nowhere', 3, 0, 0)")
    capsys.readouterr()

    assert main(["--lang", "en", "-C", str(tmp_path / "w"), "doctor"]) == 1
    assert "counts anew" in capsys.readouterr().out
    assert main(["-C", str(tmp_path / "w"), "db", "migrate"]) == 0
    main(["--lang", "en", "-C", str(tmp_path / "w"), "doctor"])
    assert "tickets are counted right" in capsys.readouterr().out
