"""Who sees and does what: departments and their orders, avoidance, deputies, tokens, and tickets named on the side."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casewright.clock import SetClock
from casewright.commands import (
    AddComment,
    AssignTicket,
    EditFields,
    EndAbsence,
    HandOver,
    LinkTickets,
    LogContact,
    MakeToken,
    MergeTickets,
    OpenTicket,
    PublishTables,
    RecordContact,
    ReleaseNotices,
    ResolveContact,
    RetryNotice,
    SaveCustomer,
    SavePerson,
    SetAbsence,
    SetPassword,
    WatchTicket,
)
from casewright.desk import Desk, open_desk
from casewright.desk.door import Door
from casewright.errors import NotAllowed, NotFound
from casewright.model import SYSTEM
from casewright.queries import (
    ExportTickets,
    GetAccessReport,
    GetActions,
    GetBoard,
    GetClocks,
    GetCustomerView,
    GetHistory,
    GetLedger,
    GetNotice,
    GetTicket,
    GetWorkload,
    ListAssignable,
    ListContacts,
    ListNotices,
    ListPeople,
    ListTickets,
    ListTimers,
    ListUnhandled,
    Query,
    VerifyAudit,
)
from casewright.store import held, outbox, reaching
from casewright.testing.plugged_desk import plugin_desk

COMPLAINT = """\
workflow: complaint
title: {en: Complaint, zh: 投诉}
prefix: CMP
form: matter
owner: user:olga
queue: complaints
exclude: "=fields.subject"
start: open
promises:
  answer:
    title: {en: Answer, zh: 答复}
    from: opened
    until: [finish]
    within: 2 hours
ladder:
  answer: [{at: 100%, tell: [owner]}]
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
ORDER = """\
workflow: order
title: {en: Order, zh: 工单}
prefix: ORD
form: matter
owner: user:olga
department: "=fields.place"
start: open
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
RULING = """\
workflow: ruling
title: {en: Ruling, zh: 裁定}
prefix: RUL
form: matter
owner: user:olga
exclude: "=lookup('places', fields.place).head"
start: open
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
FORM = """\
x-title: {en: Matter, zh: 事项}
type: object
properties:
  subject: {type: string, x-title: {en: Subject, zh: 对象}}
  place: {type: string, x-lookup: places, x-title: {en: Place, zh: 部门}}
  words: {type: string, x-title: {en: Words, zh: 内容}}
"""
PLACES = """\
table: places
title: {en: Places, zh: 部门}
columns: {head: {en: Head, zh: 负责人}}
rows:
  billing: {en: Billing, zh: 账务, head: hana}
  repairs: {en: Repairs, zh: 维修, head: rolf}
"""
ROLES = """\
roles:
  agent: {title: {en: Agent, zh: 座席}, permissions: [ticket.*, customer.*, audit.verify, notice.retry]}
  handler:
    title: {en: Handler, zh: 部门办理人}
    permissions: {department: [ticket.read, ticket.comment, ticket.edit], all: [ticket.open]}
  clerk:
    title: {en: Clerk, zh: 后台处理员}
    permissions: {all: [ticket.read, customer.contact], team: [ticket.comment, ticket.hand_over], queues: [ticket.comment]}
  client:
    title: {en: Client, zh: 客户代表}
    permissions:
      own: [ticket.open, ticket.read, ticket.comment, ticket.link, ticket.merge, ticket.assign, ticket.watch, ticket.contact]
  watcher: {title: {en: Watcher, zh: 关注人}, permissions: [ticket.watch]}
  auditor: {title: {en: Auditor, zh: 审计员}, permissions: [access.read]}
  administrator: {title: {en: Administrator, zh: 管理员}, permissions: [people.edit, audit.verify, notice.retry]}
"""
PEOPLE = {
    "olga": ("agent", {"team": "front"}),
    "sam": ("agent", {"team": "front", "phone": "+8613800000001", "email": "sam@example.org"}),
    "dan": ("handler", {"department": "billing"}),
    "hana": ("handler", {"department": "billing"}),
    "rolf": ("handler", {"department": "repairs"}),
    "cleo": ("clerk", {"team": "back", "queues": ("complaints",)}),
    "carl": ("clerk", {"team": "back"}),
    "kim": ("client", {}),
    "lee": ("client", {}),
    "boss": ("administrator", {}),
}


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A desk with complaints, orders and rulings, and people of every reach."""
    files = {"workflows/complaint.yaml": COMPLAINT, "workflows/order.yaml": ORDER}
    files |= {"workflows/ruling.yaml": RULING, "forms/matter.yaml": FORM}
    files |= {"tables/places.yaml": PLACES, "roles.yaml": ROLES}
    made = plugin_desk(tmp_path, plugins=[], files=files, clock=clock)
    for name, (role, more) in PEOPLE.items():
        command = SavePerson(actor=SYSTEM, name=name, roles=(role,), **more)  # type: ignore[arg-type]
        made.execute_as_system(command)
    made.execute_as_system(SaveCustomer(actor=SYSTEM, id="c1", name="Wang"))
    yield made
    made.close()


def opened(
    desk: Desk, workflow: str, by: str = "olga", customer: str | None = None, **fields: str
) -> str:
    command = OpenTicket(actor=by, workflow=workflow, fields=fields, customer=customer)
    return desk.execute(command).ticket


def listed(desk: Desk, actor: str, **asked: str) -> list[str]:
    page = desk.ask(ListTickets(actor=actor, **asked))  # type: ignore[arg-type]
    return [one.key for one in page.tickets]


def told_of(desk: Desk, ticket: str) -> int:
    """Somebody was told of the ticket, and nobody handles it any more; the number of the notice."""
    for handler in ("cleo", None):
        desk.execute(AssignTicket(actor="olga", ticket=ticket, handler=handler))
    return desk.ask_as_system(ListNotices(actor=SYSTEM, ticket=ticket)).notices[0].number


# --- departments, queues, one's own ----------------------------------------------------------------


def test_a_department_sees_its_order_and_not_the_complaint(desk: Desk) -> None:
    complaint = opened(desk, "complaint", words="late parcel")
    order = opened(desk, "order", place="billing", words="late parcel")
    opened(desk, "order", place="repairs")

    assert desk.ask(GetTicket(actor="dan", ticket=order)).key == order
    assert listed(desk, "dan") == [order]
    assert listed(desk, "dan", text="parcel") == [order]
    assert sum(row.tickets for row in desk.ask(GetBoard(actor="dan"))) == 1
    with pytest.raises(NotFound):
        desk.ask(GetTicket(actor="dan", ticket=complaint))


def test_an_order_that_moves_to_another_department_is_seen_there_from_then_on(
    desk: Desk,
) -> None:
    order = opened(desk, "order", place="billing")

    desk.execute(EditFields(actor="dan", ticket=order, fields={"place": "repairs"}))

    assert listed(desk, "rolf") == [order]
    with pytest.raises(NotFound):
        desk.ask(GetTicket(actor="dan", ticket=order))


def test_what_one_sees_one_may_not_always_change_and_is_told_how_far_one_may(
    desk: Desk,
) -> None:
    order = opened(desk, "order", place="billing")
    before = desk.ask(GetTicket(actor="olga", ticket=order))

    with pytest.raises(
        NotAllowed,
        match="you see this ticket, but may do this only within your team, your queues",
    ):
        desk.execute(AddComment(actor="cleo", ticket=order, text="mine?"))

    assert desk.ask(GetTicket(actor="olga", ticket=order)) == before


def test_whoever_serves_a_queue_works_on_what_is_in_it(desk: Desk) -> None:
    complaint = opened(desk, "complaint")

    desk.execute(AddComment(actor="cleo", ticket=complaint, text="on it"))

    with pytest.raises(NotAllowed):
        desk.execute(AddComment(actor="carl", ticket=complaint, text="me too"))


def test_a_watcher_reads_until_they_stop_watching_and_does_no_more(desk: Desk) -> None:
    order = opened(desk, "order", by="kim")
    desk.execute(WatchTicket(actor="sam", ticket=order))
    desk.execute_as_system(SavePerson(actor=SYSTEM, name="sam", roles=("client",)))

    assert listed(desk, "sam") == [order]
    with pytest.raises(NotAllowed, match="only within"):
        desk.execute(AddComment(actor="sam", ticket=order, text="x"))
    desk.execute(WatchTicket(actor="sam", ticket=order, watching=False))
    assert listed(desk, "sam") == []


def test_whoever_watches_a_ticket_of_another_team_has_no_more_say_in_it(desk: Desk) -> None:
    order = opened(desk, "order")
    seer = SavePerson(actor=SYSTEM, name="carl", roles=("clerk", "watcher"), team="back")
    desk.execute_as_system(seer)

    desk.execute(WatchTicket(actor="carl", ticket=order))

    with pytest.raises(NotAllowed, match="only within"):
        desk.execute(AddComment(actor="carl", ticket=order, text="x"))


# --- avoidance -------------------------------------------------------------------------------------


def test_a_complaint_is_nowhere_for_the_person_it_is_about(desk: Desk, clock: SetClock) -> None:
    complaint = opened(desk, "complaint", customer="c1", subject="sam", words="late parcel")
    other = opened(desk, "order", by="sam", customer="c1")
    desk.execute(
        RecordContact(actor="olga", ticket=complaint, kind="query", text="where is it")
    )
    notice = told_of(desk, complaint)
    named: list[Query] = [
        kind(actor="sam", ticket=complaint)
        for kind in (GetTicket, GetHistory, GetActions, GetClocks, GetLedger, VerifyAudit)
    ]
    named += [
        ListNotices(actor="sam", ticket=complaint),
        ListTimers(actor="sam", ticket=complaint),
    ]
    named += [GetNotice(actor="sam", notice=notice), ListTickets(actor="sam", after=complaint)]

    for query in named:
        with pytest.raises(NotFound):
            desk.ask(query)

    assert listed(desk, "sam") == [other]
    assert listed(desk, "sam", text="parcel") == listed(desk, "sam", text=complaint) == []
    assert [one.key for one in desk.ask(ExportTickets(actor="sam")).tickets] == [other]
    assert {row.workflow for row in desk.ask(GetBoard(actor="sam"))} == {"order"}
    assert complaint not in {one.ticket for one in desk.ask(ListUnhandled(actor="sam"))}
    assert desk.ask(ListAssignable(actor="sam", tickets=(complaint,))) == ()
    assert complaint not in {one.ticket for one in desk.ask(ListNotices(actor="sam")).notices}
    assert complaint not in {one.ticket for one in desk.ask(ListTimers(actor="sam"))}
    view = desk.ask(GetCustomerView(actor="sam", customer="c1"))
    assert [one.key for one in view.open_matters] == [other]
    assert view.contacts == desk.ask(ListContacts(actor="sam", customer="c1")).contacts == ()
    assert len(desk.ask(ListContacts(actor="olga", customer="c1")).contacts) == 1


def test_what_is_handled_is_not_counted_for_whom_it_is_hidden_from(desk: Desk) -> None:
    complaint = opened(desk, "complaint", subject="sam")
    desk.execute(AssignTicket(actor="olga", ticket=complaint, handler="olga"))

    assert desk.ask(GetWorkload(actor="olga")) == {"olga": 1}
    assert desk.ask(GetWorkload(actor="sam")) == {}


def test_a_hint_at_a_duplicate_does_not_tell_of_a_hidden_complaint(desk: Desk) -> None:
    complaint = opened(desk, "complaint", customer="c1", subject="sam")
    again = OpenTicket(actor="olga", workflow="complaint", customer="c1")
    assert desk.execute(again).duplicates == (complaint,)

    seen = desk.execute(OpenTicket(actor="sam", workflow="complaint", customer="c1"))

    assert complaint not in seen.duplicates


def test_pages_are_full_whatever_is_hidden(desk: Desk) -> None:
    for number in range(30):
        opened(desk, "complaint", **({"subject": "sam"} if number % 3 else {}))
    wanted = listed(desk, "olga")[0::1]
    found, after = list[str](), None
    while True:
        page = desk.ask(ListTickets(actor="sam", limit=4, after=after))
        found += [one.key for one in page.tickets]
        assert len(page.tickets) == 4 or page.after is None
        after = page.after
        if after is None:
            break

    assert len(found) == len(set(found)) == 10
    assert set(found) < set(wanted)


def test_a_shift_is_handed_over_without_what_the_one_who_does_it_may_not_see(
    desk: Desk,
) -> None:
    complaint = opened(desk, "complaint", subject="sam")
    order = opened(desk, "order", place="billing")
    for key in (complaint, order):
        desk.execute(AssignTicket(actor="olga", ticket=key, handler="olga"))

    receipt = desk.execute(HandOver(actor="sam", handler="olga", to="sam"))

    assert receipt.ticket == order
    assert desk.ask(GetTicket(actor="olga", ticket=complaint)).handler == "olga"


# --- tickets named on the side ---------------------------------------------------------------------


def test_both_tickets_are_judged_where_two_are_named(desk: Desk) -> None:
    mine, foreign = opened(desk, "order", by="kim"), opened(desk, "order", by="lee")
    before = desk.ask(GetHistory(actor="olga", ticket=foreign))

    for command in (
        LinkTickets(actor="kim", ticket=mine, other=foreign),
        LinkTickets(actor="kim", ticket=foreign, other=mine),
        MergeTickets(actor="kim", ticket=mine, into=foreign),
        MergeTickets(actor="kim", ticket=foreign, into=mine),
        WatchTicket(actor="kim", ticket=foreign),
    ):
        with pytest.raises(NotFound, match=foreign):
            desk.execute(command)

    assert desk.ask(GetHistory(actor="olga", ticket=foreign)) == before
    assert desk.ask(GetTicket(actor="kim", ticket=mine)).links == ()


def test_a_contact_is_not_noted_on_a_ticket_that_is_hidden(desk: Desk) -> None:
    complaint = opened(desk, "complaint", customer="c1", subject="sam")
    command = LogContact(actor="sam", customer="c1", channel="call", tickets=(complaint,))

    with pytest.raises(NotFound):
        desk.execute(command)

    assert desk.ask(ListContacts(actor="olga", customer="c1")).contacts == ()


def test_a_notice_of_a_hidden_ticket_is_not_there_to_be_sent_again(desk: Desk) -> None:
    complaint = opened(desk, "complaint", subject="sam")
    number = told_of(desk, complaint)

    with pytest.raises(NotFound) as hidden:
        desk.execute(RetryNotice(actor="sam", notice=number))
    with pytest.raises(NotFound) as missing:
        desk.execute(RetryNotice(actor="sam", notice=number + 1000))

    assert hidden.value.kind == missing.value.kind
    assert complaint not in str(hidden.value)


def noted(desk: Desk, *tickets: str, summary: str = "he shouted") -> int:
    """The number of a contact that is noted with those tickets; what it was about is not resolved."""
    command = LogContact(
        actor="olga",
        customer="c1",
        channel="call",
        summary=summary,
        resolved="no",
        tickets=tickets,
    )
    answer = desk.execute(command).answer
    assert answer is not None
    return int(answer["contact"])


def test_a_contact_about_hidden_tickets_alone_is_not_told_nor_counted_nor_resolved(
    desk: Desk,
) -> None:
    complaint = opened(desk, "complaint", customer="c1", subject="sam")
    order = opened(desk, "order", by="sam", customer="c1")
    hidden, both = noted(desk, complaint), noted(desk, complaint, order, summary="both")
    neither = noted(desk, summary="neither")

    page = desk.ask(ListContacts(actor="sam", customer="c1"))
    view = desk.ask(GetCustomerView(actor="sam", customer="c1"))
    assert [one.number for one in page.contacts] == [neither, both]
    assert page.contacts[1].tickets == (order,)
    assert "shouted" not in str(view)
    assert (len(view.contacts), len(view.unresolved), view.more) == (2, 2, {})
    assert len(desk.ask(ListContacts(actor="olga", customer="c1")).contacts) == 3

    with pytest.raises(NotFound) as kept:
        desk.execute(ResolveContact(actor="sam", contact=hidden))
    with pytest.raises(NotFound) as missing:
        desk.execute(ResolveContact(actor="sam", contact=hidden + 1000))
    assert kept.value.kind == missing.value.kind
    desk.execute(ResolveContact(actor="sam", contact=both))
    desk.execute(ResolveContact(actor="olga", contact=hidden))


def test_nobody_learns_who_looked_at_a_ticket_that_is_hidden_from_them(desk: Desk) -> None:
    complaint, order = opened(desk, "complaint", subject="sam"), opened(desk, "order")
    for key in (complaint, order):
        desk.ask(GetTicket(actor="olga", ticket=key))
    for name in ("sam", "cleo"):
        role = SavePerson(actor=SYSTEM, name=name, roles=("agent", "auditor"))
        desk.execute_as_system(role)

    def told(actor: str, **about: str) -> set[str]:
        rows = desk.ask(GetAccessReport(actor=actor, **about)).rows  # type: ignore[arg-type]
        return {row.ticket for row in rows if row.actor == "olga"}

    assert told("sam", person="olga") == {order}
    assert told("sam", ticket=complaint) == set()
    assert told("cleo", person="olga") == {complaint, order}


def test_held_notices_of_hidden_tickets_are_left_by_whoever_releases_all(desk: Desk) -> None:
    complaint, order = opened(desk, "complaint", subject="sam"), opened(desk, "order")
    of_complaint, of_order = told_of(desk, complaint), told_of(desk, order)
    with desk._database.write():
        for number in (of_complaint, of_order):
            outbox.advance(desk._database, number, held.HELD, 0)

    def states() -> tuple[str, str]:
        found = desk.ask_as_system(ListNotices(actor=SYSTEM)).notices
        by_number = {one.number: one.state for one in found}
        return by_number[of_complaint], by_number[of_order]

    desk.execute(ReleaseNotices(actor="sam", send=False))
    assert states() == ("held", "cancelled")
    desk.execute(ReleaseNotices(actor="olga", send=False))
    assert states() == ("cancelled", "cancelled")


# --- deputies, tokens, doors -----------------------------------------------------------------------


def test_a_deputy_reaches_what_the_absent_have_for_as_long_as_they_are_away(
    desk: Desk, clock: SetClock
) -> None:
    order = opened(desk, "order", by="kim")
    assert listed(desk, "lee") == []

    desk.execute(SetAbsence(actor="kim", name="kim", deputy="lee"))
    assert listed(desk, "lee") == [order]
    desk.execute(AddComment(actor="lee", ticket=order, text="I stand in"))

    clock.advance(timedelta(hours=1))
    desk.execute(EndAbsence(actor="kim", name="kim"))
    clock.advance(timedelta(hours=1))
    assert listed(desk, "lee") == []


def test_a_token_may_do_no_more_than_it_is_for(desk: Desk) -> None:
    order = opened(desk, "order")

    with desk.through(Door(name="api", actor="olga", only=("ticket.read",))):
        assert listed(desk, "olga") == [order]
        with pytest.raises(NotAllowed, match="the token that you came with is not for this"):
            desk.execute(AddComment(actor="olga", ticket=order, text="x"))


def test_a_token_for_one_thing_serves_where_its_owner_reads(desk: Desk) -> None:
    order, foreign = opened(desk, "order", by="kim"), opened(desk, "order", by="lee")

    with desk.through(Door(name="api", actor="kim", only=("ticket.comment",))):
        desk.execute(AddComment(actor="kim", ticket=order, text="by a program"))
        with pytest.raises(NotFound):
            desk.execute(AddComment(actor="kim", ticket=foreign, text="by a program"))
        with pytest.raises(NotAllowed):
            desk.ask(GetTicket(actor="kim", ticket=order))


def test_a_token_makes_no_further_token_and_no_password(desk: Desk, clock: SetClock) -> None:
    wider = MakeToken(
        actor="olga",
        name="olga",
        label="wider",
        digest="0" * 64,
        only=("ticket.*",),
        expires_at=clock.now() + timedelta(days=1),
    )
    with desk.through(Door(name="api", actor="olga", only=("ticket.read",))):
        for command in (wider, SetPassword(actor="olga", name="olga", verifier="")):
            with pytest.raises(NotAllowed):
                desk.execute(command)


def test_whoever_came_in_as_somebody_speaks_for_nobody_else(desk: Desk) -> None:
    opened(desk, "order")

    with desk.through(Door(name="api", actor="kim")):
        with pytest.raises(NotAllowed, match="you came in as kim"):
            desk.ask(ListTickets(actor="olga"))


# --- people ----------------------------------------------------------------------------------------


def test_how_colleagues_are_reached_is_shown_to_who_runs_the_staff_and_to_oneself(
    desk: Desk,
) -> None:
    def sam(actor: str) -> tuple[str, str]:
        people = {one.name: one for one in desk.ask(ListPeople(actor=actor))}
        return people["sam"].phone, people["sam"].email

    assert sam("sam") == sam("boss") == ("+8613800000001", "sam@example.org")
    assert sam("olga") == ("", "")


def test_a_shift_is_handed_over_only_for_those_whom_the_scope_has(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="olga is not among those"):
        desk.execute(HandOver(actor="cleo", handler="olga", to="carl"))


# --- the index -------------------------------------------------------------------------------------


def test_an_index_of_an_older_making_is_made_anew_when_the_desk_opens(
    desk: Desk, clock: SetClock
) -> None:
    keys = [opened(desk, "complaint", subject="sam"), opened(desk, "order", place="billing")]
    database, config = desk._database, desk._config

    def places() -> list[object]:
        with database.read():
            return [sorted(reaching.places_of(database, key) or ()) for key in keys]

    before = places()
    with database.write():
        database.execute("DELETE FROM ticket_reach")
        reaching.made(database, 0)
    assert places() != before

    open_desk(config, clock=clock).close()

    assert places() == before


def test_a_table_that_says_otherwise_hides_from_somebody_else_at_once(desk: Desk) -> None:
    desk.execute_as_system(SavePerson(actor=SYSTEM, name="hana", roles=("agent",)))
    desk.execute_as_system(SavePerson(actor=SYSTEM, name="rolf", roles=("agent",)))
    ruling = opened(desk, "ruling", place="billing")
    assert (listed(desk, "hana"), listed(desk, "rolf")) == ([], [ruling])
    table = {
        "title": {"en": "Places", "zh": "部门"},
        "columns": {"head": {"en": "Head", "zh": "负责人"}},
        "rows": {
            "billing": {"en": "Billing", "zh": "账务", "head": "rolf"},
            "repairs": {"en": "Repairs", "zh": "维修", "head": "hana"},
        },
    }

    roles = {
        name: {
            "title": {"en": one.title.en, "zh": one.title.zh},
            "permissions": dict(one.grants),
        }
        for name, one in desk._library.configuration().roles.items()
    }
    command = PublishTables(
        actor=SYSTEM, tables={"places": {"table": "places", **table}}, roles=roles
    )
    desk.execute_as_system(command)

    assert (listed(desk, "hana"), listed(desk, "rolf")) == ([ruling], [])
