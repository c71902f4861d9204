"""The reach of a permission: what Python says of one ticket is what SQL says of a list of them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casewright.access.reach import (
    AT_DEPARTMENT,
    HIDDEN,
    IN_QUEUE,
    PARTY,
    RESERVED,
    WATCHER,
    Reach,
    reach,
)
from casewright.access.roles import ALL, SCOPES
from casewright.store import reaching
from casewright.store.database import Database

NAMES = some.sampled_from(["ana", "ben", "", "O'Hara", "陈静", '"', "billing", "a,b", "[]"])
NAMED = some.frozensets(NAMES, max_size=4)
PLACES = some.frozensets(
    some.tuples(
        some.sampled_from([PARTY, WATCHER, AT_DEPARTMENT, IN_QUEUE, HIDDEN, RESERVED]), NAMES
    ),
    max_size=6,
)
REACHES = some.builds(
    Reach,
    name=NAMES,
    everything=some.booleans(),
    people=NAMED,
    watchers=NAMED,
    departments=NAMED,
    queues=NAMED,
    roles=some.none() | NAMED,
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Tickets as far as their reach goes: a number, a key, and the index."""
    made = Database(tmp_path_factory.mktemp("reach") / "casewright.db")
    with made.write():
        made.execute("CREATE TABLE ticket (id INTEGER PRIMARY KEY, key TEXT, bundle TEXT)")
        made.execute(
            "CREATE TABLE ticket_reach (kind TEXT, name TEXT, ticket_id BIGINT,"
            " PRIMARY KEY (kind, name, ticket_id)) WITHOUT ROWID"
        )
    yield made
    made.close()


@given(reached=REACHES, tickets=some.lists(PLACES, max_size=6))
def test_lists_and_single_tickets_are_judged_alike(
    database: Database, reached: Reach, tickets: list[frozenset[tuple[str, str]]]
) -> None:
    with database.write():
        database.execute("DELETE FROM ticket_reach")
        database.execute("DELETE FROM ticket")
        for number, places in enumerate(tickets, 1):
            database.execute(
                "INSERT INTO ticket (id, key) VALUES (?, ?)", (number, f"T{number}")
            )
            reaching.write(database, number, places, new=True)

    condition, values = reaching.among(reached)
    with database.read():
        rows = database.execute(f"SELECT id FROM ticket WHERE {condition} ORDER BY id", values)
        listed = [number for (number,) in rows.fetchall()]
        alone = [
            number
            for number in range(1, len(tickets) + 1)
            if reached.covers(reaching.places_of(database, f"T{number}") or ())
        ]

    by_places = [number for number, places in enumerate(tickets, 1) if reached.covers(places)]
    assert listed == by_places == alone


@given(before=PLACES, after=PLACES)
def test_the_index_says_of_a_ticket_what_was_written_last(
    database: Database, before: frozenset[tuple[str, str]], after: frozenset[tuple[str, str]]
) -> None:
    with database.write():
        database.execute("DELETE FROM ticket_reach")
        reaching.write(database, 1, before, new=True)
        reaching.write(database, 2, before, new=True)
        reaching.write(database, 1, after)

        assert reaching.places(database, 1) == after
        assert reaching.places(database, 2) == before


@given(
    less=some.frozensets(some.sampled_from(SCOPES)),
    more=some.frozensets(some.sampled_from(SCOPES)),
    places=PLACES,
    hidden=some.booleans(),
    watching=some.booleans(),
)
def test_a_further_scope_never_reaches_less_and_none_reaches_what_is_hidden(
    less: frozenset[str],
    more: frozenset[str],
    places: frozenset[tuple[str, str]],
    hidden: bool,
    watching: bool,
) -> None:
    places = places | {(HIDDEN, "ana")} if hidden else places - {(HIDDEN, "ana")}

    def of(scopes: frozenset[str]) -> bool:
        return reach(
            "ana",
            scopes,
            stands_for=("ana", "ben"),
            team=("ana", "陈静"),
            department="billing",
            queues=("a,b",),
            watching=watching,
        ).covers(places)

    assert not (of(less) and not of(less | more))
    assert of(less | {ALL}) is not hidden
    assert not of(frozenset())
