"""Customers merged in any order: every identity stays findable, every ticket and contact is in exactly one view."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.commands import (
    LogContact,
    MergeCustomers,
    OpenTicket,
    PublishTables,
    SaveCustomer,
)
from casewright.desk import Desk
from casewright.errors import CommandRefused
from casewright.model import SYSTEM, Identity
from casewright.queries import FindCustomers, GetCustomerView, ListCustomers, ListTickets
from casewright.store import customers
from casewright.testing.desk import ROLES, open_test_desk

IDS = tuple(f"c{number}" for number in range(6))
MERGES = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), min_size=1, max_size=9)
ALL_MAY = {"agent": {**ROLES["agent"], "permissions": ["ticket.*", "customer.*"]}}


@given(merges=MERGES)
@settings(max_examples=60)
def test_whatever_is_merged_with_whatever_nothing_is_lost_and_nothing_doubled(merges):
    with desk_of_customers() as desk:
        must_hold_after(desk, merges)


@pytest.mark.parametrize("lost", ["identities", "the merged of the merged", "tickets"])
def test_a_merge_that_loses_something_is_noticed(lost):
    chain = [("c1", "c0"), ("c0", "c2")]

    with desk_of_customers() as desk, sabotaged(lost), pytest.raises(AssertionError):
        must_hold_after(desk, chain)


def must_hold_after(desk: Desk, merges: list[tuple[str, str]]) -> None:
    """Merge, with tickets and contacts before and between; then look for everything under everybody who is left."""
    root = {id: id for id in IDS}
    tickets, contacts = {}, {}
    for customer, into in [("", ""), *merges]:
        if customer:
            command = MergeCustomers(actor="ana", customer=customer, into=into, reason="same")
            with suppress(CommandRefused):
                desk.execute(command)
                root = {id: root[into] if top == customer else top for id, top in root.items()}
        for id in IDS:
            opened = desk.execute(OpenTicket(actor="ana", workflow="errand", customer=id))
            tickets[opened.ticket] = id
            noted = desk.execute(LogContact(actor="ana", customer=id, channel="call"))
            contacts[int(noted.answer["contact"])] = id  # type: ignore[index]

    left = [one.id for one in asked(desk, ListCustomers).customers]
    assert left == sorted(set(root.values()))
    seen_tickets: list[str] = []
    seen_contacts = 0
    for id in left:
        view = asked(desk, GetCustomerView, customer=id)
        assert view.merged == tuple(
            sorted(one for one, top in root.items() if top == id and one != id)
        )
        own = [one.key for one in asked(desk, ListTickets, customer=id, limit=1000).tickets]
        assert {root[tickets[key]] for key in own} <= {id}
        assert view.looked_at == len(own)
        seen_tickets += own
        seen_contacts += len(view.contacts) + view.more.get("contacts", 0)
    assert sorted(seen_tickets) == sorted(tickets)
    assert seen_contacts == len(contacts)
    for id in IDS:
        for sought in (id, f"crm-{id}", f"+86139000000{IDS.index(id):02d}"):
            found = asked(desk, FindCustomers, sought=sought).customers
            assert [one.id for one in found] == [root[id]], sought


def asked(desk: Desk, kind: type[Any], **words: Any) -> Any:
    return desk.ask(kind(actor="ana", **words))


@contextmanager
def desk_of_customers() -> Iterator[Desk]:
    with TemporaryDirectory() as folder, open_test_desk(Path(folder)) as desk:
        desk.execute_as_system(PublishTables(actor=SYSTEM, tables={}, roles=ALL_MAY))
        for number, id in enumerate(IDS):
            command = SaveCustomer(
                actor="ana",
                id=id,
                phone=f"+86139000000{number:02d}",
                known_by=(Identity(kind="crm", value=f"crm-{id}"),),
            )
            desk.execute(command)
        yield desk


@contextmanager
def sabotaged(lost: str) -> Iterator[None]:
    """Break one part of merging, to see whether anybody would notice."""
    from casewright.desk.serving import customers as desk_customers
    from casewright.store import listing

    if lost == "identities":
        with patch.object(desk_customers, "absorbed", lambda customer, into: into):
            yield
    elif lost == "tickets":
        with patch.object(listing, "OF_ONE", "(customer = ? AND ? = ? AND ? <> '')"):
            yield
    else:
        real = customers.merge

        def shallow(database: Any, customer: Any, into: Any, **words: Any) -> None:
            kept = database.execute(
                "SELECT id, merged_into FROM customer WHERE merged_into = ?", (customer.id,)
            ).fetchall()
            real(database, customer, into, **words)
            for id, before in kept:
                database.execute(
                    "UPDATE customer SET merged_into = ? WHERE id = ?", (before, id)
                )

        with patch.object(customers, "merge", shallow):
            yield
