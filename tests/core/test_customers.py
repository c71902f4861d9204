"""Customers: what is kept of them, by what they are found, how two become one, and contacts with them."""

import json
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.addresses import phone_fault, phones_meant
from casewright.commands import (
    LogContact,
    MergeCustomers,
    OpenTicket,
    RecordContact,
    ResolveContact,
    SaveCustomer,
    WithdrawTicket,
)
from casewright.errors import (
    CommandRefused,
    CommandReused,
    NotAllowed,
    NotFound,
    TransitionRefused,
)
from casewright.model import SYSTEM, Identity
from casewright.queries import (
    FindCustomers,
    GetCustomerView,
    GetTicket,
    ListContacts,
    ListCustomers,
    ListTickets,
)
from casewright.store import customers, migrate
from casewright.store.contacts import page as contacts_of
from casewright.store.database import Database
from casewright.store.migrate import migrations
from casewright.store.reaching import EVERY
from casewright.testing.desk import MOMENT

from .small_centre import CLOSED, HEAD, OPEN

CUSTOMERS = 4
"""The migration that brought customers their own tables."""
AGENT = "chen_jing"
LEADER = "wu_min"
AUDITOR = "long_teng"
PHONE = "+8613900000001"
INQUIRY = {"subject": "Price", "question": "What does it cost?"}
COMPLAINT = {"subject": "Late", "description": "Three days late", "demand": "a refund"}


def crm(value):
    return Identity(kind="crm", value=value)


def save(desk, customer, **more):
    desk.execute(SaveCustomer(actor=AGENT, id=customer, **more))


def merge(desk, customer, into, reason="the same person", **more):
    return desk.execute(
        MergeCustomers(actor=LEADER, customer=customer, into=into, reason=reason, **more)
    )


def view(desk, customer, actor=AGENT):
    return desk.ask(GetCustomerView(actor=actor, customer=customer))


def found(desk, *words, **more):
    page = desk.ask(FindCustomers(actor=AGENT, sought=" ".join(words), **more))
    return [one.id for one in page.customers]


def listed(desk, **filters):
    return [one.id for one in desk.ask(ListCustomers(actor=AGENT, **filters)).customers]


def contacts(desk, customer, actor=AGENT, **more):
    return desk.ask(ListContacts(actor=actor, customer=customer, **more)).contacts


def opened(desk, customer, workflow="inquiry", fields=INQUIRY, actor=AGENT):
    command = OpenTicket(actor=actor, workflow=workflow, customer=customer, fields=fields)
    return desk.execute(command)


def log(desk, customer, **more):
    said = {"actor": AGENT, "channel": "call", **more}
    receipt = desk.execute(LogContact(customer=customer, **said))
    return int(receipt.answer["contact"])


# --- what is kept ----------------------------------------------------------------------------------


def test_a_customer_keeps_what_was_said_and_what_is_not_given_stays(desk):
    save(desk, "BANK", name="华夏银行", kind="client")
    save(
        desk,
        "c1",
        name="王女士",
        client="BANK",
        tier="vip",
        brand="gold",
        tags=("late", "north"),
    )
    save(desk, "c1", phone=PHONE, known_by=(crm("4711"),))
    save(desk, "c1", tier="", known_by=(Identity(kind="phone", value="+861012345678"),))

    kept = view(desk, "c1").customer

    assert (kept.name, kept.client, kept.kind, kept.tier, kept.brand) == (
        "王女士",
        "BANK",
        "end",
        "",
        "gold",
    )
    assert kept.tags == ("late", "north")
    assert [(one.kind, one.value) for one in kept.known_by] == [
        ("phone", PHONE),
        ("crm", "4711"),
        ("phone", "+861012345678"),
    ]
    assert view(desk, "c1").client.name == "华夏银行"
    assert view(desk, "BANK").end_customers == 1


def test_what_a_customer_is_no_longer_known_by_is_not_found_any_more(desk):
    save(desk, "c1", known_by=(crm("4711"), crm("4712")))

    save(desk, "c1", no_longer_by=(crm("4711"),))

    assert (found(desk, "4711"), found(desk, "4712")) == ([], ["c1"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "friend"}, "no kind of customer: end or client"),
        ({"client": "NOBODY"}, "no client organisation 'NOBODY'"),
        ({"client": "c2"}, "c2 is an end customer"),
        ({"kind": "client", "client": "BANK"}, "only an end customer belongs"),
        ({"phone": "139"}, "'139' is no phone number: write"),
        ({"email": "two, words"}, "not one email address"),
        ({"language": "Chinese!"}, "no language tag"),
        ({"name": "x" * 201}, "1 to 200 printable characters"),
        ({"name": "left\u202eright"}, "1 to 200 printable characters"),
        ({"tags": tuple(map(str, range(31)))}, "at most 30 tags"),
        ({"tier": " vip"}, "no blank at its ends"),
        ({"known_by": (Identity(kind="CRM!", value="1"),)}, "no kind of identity"),
        ({"known_by": (Identity(kind="crm", value="a\nb"),)}, "an id of crm has"),
        ({"known_by": (Identity(kind="phone", value="12"),)}, "is no phone number"),
        ({"known_by": (crm("taken"),)}, "crm taken is c2's already"),
        ({"known_by": tuple(crm(str(one)) for one in range(51))}, "at most 50 identities"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(desk, given, said):
    save(desk, "BANK", kind="client")
    save(desk, "c2", known_by=(crm("taken"),))

    with pytest.raises(CommandRefused, match=said):
        save(desk, "c1", **given)

    with pytest.raises(NotFound):
        view(desk, "c1")


def test_a_client_with_end_customers_stays_a_client(desk):
    save(desk, "BANK", kind="client")
    save(desk, "c1", client="BANK")

    with pytest.raises(CommandRefused, match="end customers belong to BANK"):
        save(desk, "BANK", kind="end")


def test_only_those_who_may_read_customers_see_them(desk):
    save(desk, "c1")

    with pytest.raises(NotAllowed):
        view(desk, "c1", actor="lin_tao")
    with pytest.raises(NotAllowed):
        desk.execute(SaveCustomer(actor=AUDITOR, id="c1", name="x"))
    with pytest.raises(NotAllowed):
        log(desk, "c1", actor=AUDITOR)


# --- by what they are found ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["139 0000 0001", "13900000001", "+86 139-0000-0001", "0086 139 0000 0001", "8613900000001", "(139)0000.0001",
     "\uff11\uff13\uff19\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11"],
)  # fmt: skip
def test_a_number_finds_its_customers_however_people_type_it(desk, typed):
    save(desk, "c1", phone=PHONE)
    save(desk, "c2", known_by=(Identity(kind="phone", value=PHONE),))
    save(desk, "c3", phone="+8613900000002")

    assert found(desk, typed) == ["c1", "c2"]
    assert found(desk, typed, kind="phone") == ["c1", "c2"]


def test_a_landline_is_found_with_and_without_its_leading_zero(desk):
    save(desk, "c1", phone="+861012345678")

    assert found(desk, "010-12345678") == found(desk, "+86 10 1234 5678") == ["c1"]


@given(st.text(max_size=40))
def test_whatever_is_typed_stands_for_numbers_or_for_none(text):
    assert all(phone_fault(one) is None for one in phones_meant(text, "86"))


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ("c1", ["c1"]),
        ("wang@example.org", ["c1"]),
        ("WANG@Example.org", ["c1"]),
        ("wx_881", ["c2"]),
        ("王", ["c1", "c3"]),
        ("王 强", ["c3"]),
        ("li hong", ["c2"]),
        ("100%", []),
        ("nobody", []),
        ("   ", []),
        ("", []),
    ],
)
def test_a_customer_is_found_by_id_address_foreign_id_or_name(desk, sought, expected):
    save(desk, "c1", name="王女士", email="Wang@example.org")
    save(desk, "c2", name="Li Hong", known_by=(Identity(kind="wechat", value="wx_881"),))
    save(desk, "c3", name="王强")

    assert found(desk, sought) == expected


def test_one_kind_of_identity_can_be_asked_for(desk):
    save(desk, "c1", known_by=(crm("881"),))
    save(desk, "c2", known_by=(Identity(kind="account", value="881"),))

    assert found(desk, "881") == ["c1", "c2"]
    assert found(desk, "881", kind="account") == ["c2"]
    assert found(desk, "c1", kind="account") == []


def test_lists_are_filtered_and_come_page_by_page(desk):
    save(desk, "BANK", kind="client", name="Bank")
    for number in range(5):
        save(
            desk,
            f"c{number}",
            name=f"Name {number}",
            client="BANK" if number % 2 else "",
            tier="vip" if number == 3 else "",
            brand="gold",
            tags=("north",) if number == 4 else (),
        )

    page = desk.ask(ListCustomers(actor=AGENT, limit=4))
    rest = desk.ask(ListCustomers(actor=AGENT, limit=4, after=page.after))

    assert [one.id for one in (*page.customers, *rest.customers)] == [
        "BANK",
        *(f"c{number}" for number in range(5)),
    ]
    assert (page.after, rest.after) == ("c2", None)
    assert listed(desk, client="BANK") == ["c1", "c3"]
    assert listed(desk, tier="vip") == ["c3"]
    assert listed(desk, kind="client") == ["BANK"]
    assert listed(desk, tag="north") == ["c4"]
    assert listed(desk, brand="gold", text="name 2") == ["c2"]


# --- two are one -----------------------------------------------------------------------------------


def test_after_a_merge_everything_is_found_under_the_one_who_stays(desk):
    save(desk, "c1", name="王女士", phone=PHONE, tags=("late",))
    save(desk, "c2", phone="+8613900000002", email="w@example.org", tier="vip",
         tags=("north",), known_by=(crm("4711"),))  # fmt: skip
    ticket = opened(desk, "c2").ticket
    number = log(desk, "c2", summary="asked")

    merge(desk, "c2", "c1")

    one = view(desk, "c2")
    assert (one.customer.id, one.asked, one.merged) == ("c1", "c2", ("c2",))
    assert (one.customer.name, one.customer.phone, one.customer.tier) == (
        "王女士",
        PHONE,
        "vip",
    )
    assert one.customer.tags == ("late", "north")
    assert [matter.key for matter in one.open_matters] == [ticket]
    assert [contact.number for contact in one.contacts] == [number]
    for sought in ("c2", "+8613900000002", "w@example.org", "4711", PHONE):
        assert found(desk, sought) == ["c1"], sought
    assert listed(desk) == ["c1"]


def test_a_ticket_goes_on_naming_the_id_it_was_opened_with_and_is_found_by_either(desk):
    save(desk, "c1")
    save(desk, "c2")
    before, other = opened(desk, "c2").ticket, opened(desk, "c1").ticket

    merge(desk, "c2", "c1")
    later = opened(desk, "c2")

    assert desk.ask(GetTicket(actor=AGENT, ticket=before)).customer == "c2"
    assert desk.ask(GetTicket(actor=AGENT, ticket=later.ticket)).customer == "c1"
    assert set(later.duplicates) == {before, other}
    for id in ("c1", "c2"):
        page = desk.ask(ListTickets(actor=AGENT, customer=id))
        assert {one.key for one in page.tickets} == {before, other, later.ticket}


def test_a_chain_of_merges_ends_at_the_one_who_stays(desk):
    for id in ("c1", "c2", "c3", "c4"):
        save(desk, id, known_by=(crm(id.upper()),))

    merge(desk, "c1", "c2")
    merge(desk, "c2", "c3")
    merge(desk, "c4", "c1")

    assert all(view(desk, id).customer.id == "c3" for id in ("c1", "c2", "c3", "c4"))
    assert view(desk, "c3").merged == ("c1", "c2", "c4")
    assert found(desk, "C1") == found(desk, "C4") == ["c3"]


@pytest.mark.parametrize(
    ("customer", "into", "said"),
    [
        ("c1", "c1", "would be merged into itself"),
        ("c1", "c2", "c2 was merged into c1: they are one customer already"),
        ("c2", "c1", "c2 is merged into c1 already"),
        ("c2", "c3", "c2 was merged into c1: merge that one"),
        ("c1", "BANK", "never the same"),
        ("c3", "c4", "c3 belongs to BANK and c4 to SHOP"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(desk, customer, into, said):
    save(desk, "BANK", kind="client")
    save(desk, "SHOP", kind="client")
    save(desk, "c1")
    save(desk, "c2")
    save(desk, "c3", client="BANK")
    save(desk, "c4", client="SHOP")
    merge(desk, "c2", "c1")

    with pytest.raises(CommandRefused, match=said):
        merge(desk, customer, into)


def test_a_merge_needs_a_reason_and_two_customers(desk):
    save(desk, "c1")
    save(desk, "c2")

    with pytest.raises(CommandRefused, match="a reason must be given"):
        merge(desk, "c2", "c1", reason=" ")
    with pytest.raises(NotFound):
        merge(desk, "nobody", "c1")
    with pytest.raises(NotFound):
        merge(desk, "c1", "nobody")


def test_agents_keep_customers_and_only_their_leaders_merge_them(desk):
    for id in ("c1", "c2"):
        save(desk, id)

    with pytest.raises(NotAllowed, match=r"customer\.merge"):
        desk.execute(MergeCustomers(actor=AGENT, customer="c2", into="c1", reason="the same"))
    merge(desk, "c2", "c1")


def test_a_number_is_kept_in_full_however_people_type_it(desk):
    command = SaveCustomer(
        actor=AGENT,
        id="c1",
        phone="139 0000 0001",
        known_by=(Identity(kind="phone", value="010-8888 6666"),),
    )

    assert desk.execute(command).answer == {"done": "added"}
    assert [one.value for one in view(desk, "c1").customer.known_by] == [PHONE, "+861088886666"]
    again = desk.execute(SaveCustomer(actor=AGENT, id="c1", phone="13900000001"))
    assert again.answer == {"done": "unchanged"}
    gone = (Identity(kind="phone", value="01088886666"),)
    changed = desk.execute(SaveCustomer(actor=AGENT, id="c1", no_longer_by=gone))
    assert changed.answer == {"done": "changed"}
    assert [one.value for one in view(desk, "c1").customer.known_by] == [PHONE]


def test_a_merge_happens_once_under_one_id(desk):
    for id in ("c1", "c2", "c3"):
        save(desk, id)

    merge(desk, "c2", "c1", command_id="m1")

    assert merge(desk, "c2", "c1", command_id="m1").repeated
    with pytest.raises(CommandReused):
        merge(desk, "c3", "c1", command_id="m1")


def test_one_who_was_merged_is_not_changed_any_more(desk):
    save(desk, "c1")
    save(desk, "c2")
    merge(desk, "c2", "c1")

    with pytest.raises(CommandRefused, match="c2 was merged into c1"):
        save(desk, "c2", name="x")


def test_when_clients_merge_their_end_customers_go_with_them(desk):
    save(desk, "BANK", kind="client")
    save(desk, "OLD", kind="client")
    save(desk, "c1", client="OLD")

    merge(desk, "OLD", "BANK")
    save(desk, "c2", client="OLD")

    assert listed(desk, client="BANK") == ["c1", "c2"]


def test_conditions_go_by_the_customer_who_stays(centre):
    guard = "customer.id == 'c1' && customer.kind == 'end' && customer.brand == 'gold'"
    centre.publish(
        f"{HEAD}states:\n  first:\n    {OPEN}\n    transitions:\n"
        f'      go: {{to: closed, by: anyone, when: "{guard}"}}\n{CLOSED}'
    )
    run = centre.desk.execute_as_system
    run(SaveCustomer(actor=SYSTEM, id="c1", brand="gold"))
    run(SaveCustomer(actor=SYSTEM, id="c2"))
    key = run(OpenTicket(actor=SYSTEM, workflow="matter", customer="c2")).ticket

    with pytest.raises(TransitionRefused):
        centre.fire(key, "go")
    run(MergeCustomers(actor=SYSTEM, customer="c2", into="c1", reason="the same"))

    assert centre.fire(key, "go").state == "closed"


# --- contacts --------------------------------------------------------------------------------------


def test_a_contact_is_kept_with_all_that_was_said_of_it(desk, clock):
    save(desk, "c1")
    ticket = opened(desk, "c1").ticket
    began = clock.now() - timedelta(minutes=9)

    log(
        desk,
        "c1",
        channel="chat",
        direction="out",
        agent="li_na",
        started_at=began,
        duration=timedelta(minutes=4),
        summary=" about the bill ",
        tickets=(ticket,),
        resolved="yes",
    )

    (one,) = contacts(desk, "c1")
    assert (one.channel, one.direction, one.agent, one.at) == ("chat", "out", "li_na", began)
    assert (one.duration, one.summary) == (timedelta(minutes=4), "about the bill")
    assert (one.tickets, one.resolved, one.kind) == ((ticket,), "yes", "")


def test_a_contact_on_a_ticket_is_its_customers_too_and_stands_only_in_the_history(desk):
    save(desk, "c1")
    ticket, others = opened(desk, "c1").ticket, opened(desk, "c2").ticket
    for key in (ticket, others):
        command = RecordContact(
            actor="li_na", ticket=key, kind="query", text="How does it stand?", channel="call"
        )
        desk.execute(command)
    desk.execute(RecordContact(actor=AGENT, ticket=ticket, kind="attempt", channel="sms"))

    attempt, query = contacts(desk, "c1")

    assert (query.kind, query.direction, query.agent) == ("query", "in", "li_na")
    assert (query.summary, query.tickets) == ("How does it stand?", (ticket,))
    assert (attempt.kind, attempt.direction, attempt.channel) == ("attempt", "out", "sms")
    with sqlite3.connect(_path(desk)) as database:
        rows = database.execute("SELECT record FROM customer_contact").fetchall()
    assert "How does" not in str(rows)


def test_contacts_come_page_by_page_newest_first(desk, clock):
    save(desk, "c1")
    numbers = []
    for _ in range(5):
        numbers.append(log(desk, "c1"))
        clock.advance(timedelta(minutes=1))

    page = desk.ask(ListContacts(actor=AGENT, customer="c1", limit=3))
    rest = desk.ask(ListContacts(actor=AGENT, customer="c1", limit=3, after=page.after))

    assert [one.number for one in (*page.contacts, *rest.contacts)] == numbers[::-1]
    assert rest.after is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channel": "Phone call"}, "not a single word"),
        ({"direction": "up"}, "in or out"),
        ({"resolved": "maybe"}, "yes, no or unknown"),
        ({"duration": timedelta(hours=25)}, "24 hours at most"),
        ({"duration": timedelta(seconds=-1)}, "24 hours at most"),
        ({"summary": "x" * 4001}, "more than 4000 characters"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(desk, given, said):
    save(desk, "c1")

    with pytest.raises(CommandRefused, match=said):
        log(desk, "c1", **given)

    assert contacts(desk, "c1") == ()


def test_a_contact_is_noted_when_it_is_over(desk, clock):
    save(desk, "c1")

    with pytest.raises(CommandRefused, match="in the future"):
        log(desk, "c1", started_at=clock.now() + timedelta(minutes=1))
    with pytest.raises(CommandRefused, match="in the future"):
        log(desk, "c1", started_at=clock.now(), duration=timedelta(minutes=1))
    log(desk, "c1", duration=timedelta(minutes=1))

    assert contacts(desk, "c1")[0].at == clock.now() - timedelta(minutes=1)


def test_a_contact_is_with_somebody_known_by_somebody_known_about_tickets_one_may_see(desk):
    save(desk, "c1")
    hidden = {**COMPLAINT, "subject_of_complaint": AGENT}
    ticket = opened(desk, "c1", "complaint", hidden, actor="li_na").ticket

    with pytest.raises(NotFound, match="no customer 'c9'"):
        log(desk, "c9")
    with pytest.raises(NotFound, match="no person 'li_naa'; did you mean 'li_na'"):
        log(desk, "c1", agent="li_naa")
    with pytest.raises(NotFound, match=f"no ticket '{ticket}'"):
        log(desk, "c1", tickets=(ticket,))

    assert contacts(desk, "c1") == ()


def test_what_was_left_unresolved_is_settled_by_its_ticket_or_by_saying_so(desk):
    save(desk, "c1")
    ticket = opened(desk, "c1").ticket
    on_ticket = log(desk, "c1", tickets=(ticket,), resolved="no")
    plain = log(desk, "c1", resolved="no")
    log(desk, "c1", resolved="yes")

    def unresolved():
        return [one.number for one in view(desk, "c1").unresolved]

    assert unresolved() == [plain, on_ticket]
    desk.execute(ResolveContact(actor=AGENT, contact=plain))
    assert unresolved() == [on_ticket]
    _answered(desk, ticket)
    assert unresolved() == []
    with pytest.raises(CommandRefused, match="was not left unresolved"):
        desk.execute(ResolveContact(actor=AGENT, contact=plain))
    with pytest.raises(NotFound):
        desk.execute(ResolveContact(actor=AGENT, contact=999))


def _answered(desk, ticket):
    command = WithdrawTicket(actor=AGENT, ticket=ticket, reason="done", identity_checked=True)
    desk.execute(command)


# --- databases of before ---------------------------------------------------------------------------


def test_customers_and_contacts_of_an_older_database_are_found_after_migrating(tmp_path):
    database = Database(tmp_path / "older.db")
    for migration in migrations():
        if migration.number < CUSTOMERS:
            migrate._apply(database, migration, MOMENT)
    record = {
        "name": "王",
        "tier": "vip",
        "language": "zh",
        "phone": PHONE,
        "email": "W@example.org",
    }
    body = {"ticket": "X-1", "sequence": 2, "kind": "ContactRecorded", "at": 1, "actor": "li_na",
            "version": 1, "facts": {"contact": "query", "channel": "call"}}  # fmt: skip
    with database.write():
        insert = database.execute
        insert("INSERT INTO customer (id, record) VALUES ('c1', ?)", (json.dumps(record),))
        insert(
            "INSERT INTO customer (id, record) VALUES ('c2', ?)", (json.dumps({"name": "Li"}),)
        )
        insert("INSERT INTO bundle VALUES ('d', 'x', x'', 0, '')")
        insert(
            "INSERT INTO ticket VALUES (1, 'X-1', 'x', 'd', 0, NULL, 'li_na', 'c1', NULL, 'X-1',"
            " NULL, 's', 'normal', 1, 2, 0, x'', '{}', '{}')"
        )
        insert("INSERT INTO event VALUES (1, 1, 2, 'k', ?, x'')", (json.dumps(body),))
        insert(
            "INSERT INTO event_value VALUES (1, 2, ?)", (json.dumps({"text": ["s", "Well?"]}),)
        )

    migrate.migrate(database, at=MOMENT, path="older.db")

    one, other = customers.get(database, "c1"), customers.get(database, "c2")
    assert (one.name, one.tier, one.language, one.phone) == ("王", "vip", "zh", PHONE)
    assert (other.name, other.phone, other.kind) == ("Li", "", "end")
    assert customers.known_by(database, PHONE) == (one,)
    assert customers.known_by(database, "w@EXAMPLE.org", kind="email") == (one,)
    (said,), _ = contacts_of(database, "c1", seen=EVERY, after=None, limit=5)
    assert (said.summary, said.kind, said.agent, said.tickets) == (
        "Well?",
        "query",
        "li_na",
        ("X-1",),
    )
    database.close()


def _path(desk):
    return desk._database.execute("PRAGMA database_list").fetchone()[2]
