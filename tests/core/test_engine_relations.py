"""Tickets and tickets: withdrawing, merging, reopening, linking, and what parents learn of it."""

import pytest

from casewright.commands import (
    AssignTicket,
    LinkTickets,
    MergeTickets,
    RecordContact,
    ReopenTicket,
    SuperviseTicket,
    WatchTicket,
    WithdrawTicket,
)
from casewright.errors import (
    FormRefused,
    IdentityUnchecked,
    NotFound,
    NothingChanges,
    TicketRefused,
)
from casewright.store import notices
from casewright.store.database import Database

from .small_centre import CLOSED, HEAD, OPEN

STATES = (
    f"states:\n  first:\n    {OPEN}\n    transitions:\n"
    "      send: {do: [{open: errand, as: errand, each: '=fields.tags'}]}\n"
    "      nest: {do: [{open: matter, as: inner, fields: {tags: '=fields.tags'}}]}\n"
    "      go: second\n"
    f"  second: {{{OPEN}, transitions: {{close: closed, back: first}}}}\n{CLOSED}"
)


def reopening(policy: str, extra: str = "") -> str:
    return f"{HEAD}{extra}reopen: {policy}\n{STATES}"


def closed(centre, **fields) -> str:
    key = centre.open(**fields)
    centre.fire(key, "go")
    centre.fire(key, "close")
    return key


def reopen(centre, key, *, by="ana", reason="again", **fields):
    command = ReopenTicket(actor=by, ticket=key, reason=reason, fields=fields)
    return centre.desk.execute(command)


def merge(centre, key, into, reason=""):
    command = MergeTickets(actor="ana", ticket=key, into=into, reason=reason)
    return centre.desk.execute(command)


def withdraw(centre, key, *, reason="changed my mind", checked=True):
    command = WithdrawTicket(actor="ana", ticket=key, reason=reason, identity_checked=checked)
    return centre.desk.execute(command)


def waiting(centre, key):
    """To whom something waits to be sent about a ticket, as whoever delivers it will see it."""
    database = Database(centre.root / "casewright.db")
    try:
        found = notices.fitting(database, ticket=key, state="queued", limit=100)
        return sorted(notice.recipient for notice in found)
    finally:
        database.close()


# --- reopen ------------------------------------------------------------------------------------


def test_continue_goes_on_in_the_state_before_the_last(centre):
    centre.publish(reopening("continue"))
    key = closed(centre, note="n")
    taken = centre.ticket(key).times

    again = reopen(centre, key, note="m", kind="k")

    ticket = centre.ticket(key)
    assert (again.ticket, again.state, again.opened) == (key, "second", ())
    assert (ticket.closed_at, ticket.handler, ticket.round) == (None, "ana", 1)
    assert ticket.times == taken
    assert ticket.fields == {"note": "m", "kind": "k"}


def test_continue_may_name_the_state(centre):
    centre.publish(reopening("{policy: continue, to: first}"))

    assert reopen(centre, closed(centre)).state == "first"


def test_restart_begins_again_with_its_counts_and_its_first_handler(centre):
    centre.publish(reopening("restart"))
    key = closed(centre, note="n")

    again = reopen(centre, key, by="ben")

    ticket = centre.ticket(key)
    assert (again.state, ticket.times, ticket.fields) == ("first", {}, {"note": "n"})
    assert ticket.handler == "ana"


def test_a_new_ticket_is_the_next_round_of_its_lineage(centre):
    centre.publish(reopening("new ticket"))
    first = closed(centre, note="n", kind="k")

    (second,) = reopen(centre, first, by="ben", note="m").opened

    ticket = centre.ticket(second)
    assert (ticket.round, ticket.lineage, ticket.state) == (2, first, "first")
    assert ticket.fields == {"note": "m", "kind": "k"}
    assert not centre.ticket(first).open
    assert centre.last(first).kind == "TicketReopened"
    assert centre.last(first).facts == {"round": 2, "opened": [second]}


@pytest.mark.parametrize("policy", ["continue", "restart", "new ticket"])
def test_an_open_ticket_is_not_reopened_and_fields_are_checked(centre, policy):
    centre.publish(reopening(policy))
    key = centre.open()

    with pytest.raises(TicketRefused, match="the ticket is open"):
        reopen(centre, key)
    centre.fire(key, "go")
    centre.fire(key, "close")
    with pytest.raises(FormRefused):
        reopen(centre, key, nonsense="x")
    with pytest.raises(FormRefused):
        reopen(centre, key, count="many")

    assert not centre.ticket(key).open
    assert centre.keys("matter") == [key]


def test_within_by_and_needs_bind_whoever_reopens(centre):
    centre.publish(
        reopening("{policy: continue, within: 2 days, by: role:leader, needs: reason}")
    )
    key = closed(centre)

    with pytest.raises(TicketRefused, match="only Leader"):
        reopen(centre, key)
    with pytest.raises(TicketRefused, match="a reason must be given"):
        reopen(centre, key, by="dora", reason=" ")
    assert reopen(centre, key, by="dora").state == "second"
    centre.fire(key, "close")
    centre.clock.set(centre.clock.now().replace(day=4, minute=1))

    with pytest.raises(TicketRefused, match="open a new ticket"):
        reopen(centre, key, by="dora")


def test_a_reopened_child_is_open_for_its_parent_again(centre):
    centre.publish(reopening("continue"))
    parent = centre.open(tags=["a", "b"])
    first, _ = centre.fire(parent, "send").opened
    centre.fire(first, "finish", by="ben")

    reopen(centre, first, by="ben")

    assert centre.ticket(parent).children_open == 2
    assert centre.last(parent).kind == "ChildReopened"
    centre.fire(first, "finish", by="ben")
    assert centre.ticket(parent).children_open == 1
    assert centre.ticket(parent).children_count == 2


# --- withdraw ----------------------------------------------------------------------------------


def test_withdrawing_takes_the_open_children_and_theirs_along(centre):
    centre.publish(reopening("continue"))
    root = centre.open(tags=["a"])
    (inner,) = centre.fire(root, "nest").opened
    (deep,) = centre.fire(inner, "send").opened
    (done,) = centre.fire(root, "send").opened
    centre.fire(done, "finish", by="ben")

    withdraw(centre, root)

    assert [centre.ticket(key).state for key in (root, inner, deep, done)] == [
        "withdrawn",
        "withdrawn",
        "withdrawn",
        "closed",
    ]
    assert [centre.ticket(key).children_open for key in (root, inner, deep)] == [0, 0, 0]
    assert len({event.at for event in (centre.last(root), centre.last(deep))}) == 1
    assert centre.is_whole()


def test_a_withdrawn_child_is_closed_for_its_parent(centre):
    centre.publish(reopening("continue"))
    root = centre.open(tags=["a"])
    (child,) = centre.fire(root, "send").opened

    withdraw(centre, child)

    assert centre.ticket(root).children_open == 0
    assert centre.ticket(root).state == "first"


def test_withdrawing_needs_an_identity_check_and_a_reason_and_an_open_ticket(centre):
    centre.publish(reopening("continue"))
    key = centre.open()

    with pytest.raises(IdentityUnchecked):
        withdraw(centre, key, checked=False)
    with pytest.raises(TicketRefused, match="a reason"):
        withdraw(centre, key, reason="")
    withdraw(centre, key)
    with pytest.raises(TicketRefused, match="the ticket is closed"):
        withdraw(centre, key)

    assert len(centre.history(key)) == 2


def test_a_withdrawn_ticket_comes_back_where_it_was(centre):
    centre.publish(reopening("continue"))
    key = centre.open()
    centre.fire(key, "go")
    withdraw(centre, key)

    assert reopen(centre, key).state == "second"


# --- merge -------------------------------------------------------------------------------------


def test_a_merge_moves_children_watchers_and_links_and_cancels_what_waits(centre):
    centre.publish(reopening("continue"))
    gone, left, third = centre.open(tags=["a", "b"]), centre.open(tags=["c"]), centre.open()
    closed_child, open_child = centre.fire(gone, "send").opened
    centre.fire(closed_child, "finish", by="ben")
    centre.fire(left, "send")
    for person, key in (("ben", gone), ("cleo", gone), ("cleo", left)):
        centre.desk.execute(WatchTicket(actor=person, ticket=key))
    for other in (third, left):
        centre.desk.execute(LinkTickets(actor="ana", ticket=gone, other=other, role="twin"))

    centre.desk.execute(AssignTicket(actor="ana", ticket=gone, handler="dora"))
    centre.desk.execute(SuperviseTicket(actor="ana", ticket=gone, reason="it takes too long"))
    assert waiting(centre, gone) == ["dora", "olga"]

    merged = merge(centre, gone, left, reason="the same")

    old, kept = centre.ticket(gone), centre.ticket(left)
    assert (merged.state, old.merged_into, old.open) == ("merged", left, False)
    assert (old.children_open, old.children_count) == (0, 0)
    assert (kept.children_open, kept.children_count) == (2, 3)
    assert {centre.ticket(key).parent for key in (closed_child, open_child)} == {left}
    assert set(kept.watchers) == {"ben", "cleo"}
    assert kept.links == (("twin", gone), ("twin", third), ("merged", gone))
    assert ("twin", left) in centre.ticket(third).links
    assert waiting(centre, gone) == []
    assert centre.is_whole()


def test_a_merged_child_is_closed_for_its_parent_and_one_may_merge_into_the_parent(centre):
    centre.publish(reopening("continue"))
    root = centre.open(tags=["a"])
    (inner,) = centre.fire(root, "nest").opened
    (deep,) = centre.fire(inner, "send").opened

    merge(centre, inner, root)

    ticket = centre.ticket(root)
    assert (ticket.children_open, ticket.children_count) == (1, 2)
    assert centre.ticket(deep).parent == root
    centre.fire(deep, "finish", by="ben")
    assert centre.ticket(root).children_open == 0
    assert centre.is_whole()


@pytest.mark.parametrize(
    ("into", "why"),
    [
        ("itself", "into itself"),
        ("child", "into its own child"),
        ("errand", "tickets of one workflow"),
        ("closed", "the ticket is closed"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_left_alone(centre, into, why):
    centre.publish(reopening("continue"))
    key = centre.open(tags=["a"])
    targets = {"itself": key, "closed": closed(centre)}
    (targets["child"],) = centre.fire(key, "nest").opened
    (targets["errand"],) = centre.fire(key, "send").opened
    before = centre.ticket(key)

    with pytest.raises(TicketRefused, match=why):
        merge(centre, key, targets[into])

    assert centre.ticket(key) == before


def test_a_merged_ticket_is_reopened_as_the_one_that_took_it(centre):
    centre.publish(reopening("continue"))
    gone, left = centre.open(), centre.open()
    merge(centre, gone, left)

    with pytest.raises(TicketRefused, match=f"reopen {left} instead"):
        reopen(centre, gone)


# --- link --------------------------------------------------------------------------------------


def test_a_link_is_known_on_both_sides_and_made_once(centre):
    centre.publish(reopening("continue"))
    one, other = centre.open(), centre.open()
    link = LinkTickets(actor="ana", ticket=one, other=other)

    centre.desk.execute(link)

    assert centre.ticket(one).links == (("related", other),)
    assert centre.ticket(other).links == (("related", one),)
    with pytest.raises(NothingChanges):
        centre.desk.execute(LinkTickets(actor="ana", ticket=other, other=one))
    with pytest.raises(TicketRefused, match="with itself"):
        centre.desk.execute(LinkTickets(actor="ana", ticket=one, other=one))
    with pytest.raises(NotFound) as refusal:
        centre.desk.execute(LinkTickets(actor="ana", ticket=one, other="MAT-2026-999999"))
    assert refusal.value.name == "MAT-2026-999999"
    assert [len(centre.history(key)) for key in (one, other)] == [2, 2]


def test_attempts_and_children_of_the_state_begin_anew_with_every_entry(centre):
    centre.publish(reopening("continue"))
    key = centre.open(tags=["a"])
    centre.fire(key, "send")
    centre.desk.execute(RecordContact(actor="ana", ticket=key, kind="attempt"))
    ticket = centre.ticket(key)
    assert (ticket.tried.calls, ticket.children_since_entry) == (1, 1)

    centre.fire(key, "go")

    ticket = centre.ticket(key)
    assert (ticket.tried.calls, ticket.children_since_entry, ticket.children_count) == (0, 0, 1)
