"""Masking: what is shown of personal data, where it is masked, and that a mask never becomes a value."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.bilingual import Bilingual
from casewright.commands import EditFields, FireTransition, OpenTicket, SaveCustomer
from casewright.desk import open_desk
from casewright.desk.records.masked_answers import masked_value
from casewright.errors import CommandRefused, FormRefused, NothingChanges
from casewright.forms.spec import Field
from casewright.masking import MASK, SHOWN_DIGITS, is_masked, mask
from casewright.model import Identity
from casewright.queries import (
    ExportCustomers,
    ExportTickets,
    FindCustomers,
    GetCustomerView,
    GetHistory,
    GetNotice,
    GetTicket,
    ListAssignable,
    ListCustomers,
    ListTickets,
)

from .private_centre import ASKING, FORM, MASKED, PRIVATE
from .worker_site import WORKFLOW, WorkerSite

SHOWN = {
    "王小明": "王****",
    "Ana": "A****",
    "ana@example.org": "a****",
    "13900000001": "****0001",
    "+86 139-0000-0001": "****0001",
    "1234567": MASK,
    "12345678": "****5678",
    "王": MASK,
    "": MASK,
    "  ": MASK,
    7: MASK,
    13900000001: "****0001",
    True: MASK,
    1.5: MASK,
    "Main Street 12345678": "M****",
    "\u202eabc": MASK,
}


@pytest.mark.parametrize("value", SHOWN)
def test_enough_is_shown_to_know_it_again(value):
    assert mask(value) == SHOWN[value]


def test_nothing_stays_nothing_and_lists_are_masked_one_by_one():
    assert mask(None) is None
    assert mask(["王小明", "12345678"]) == ["王****", "****5678"]


def test_of_what_is_chosen_or_a_date_nothing_is_shown():
    title = Bilingual(en="x", zh="x")
    chosen = Field(name="x", title=title, kind="text", choices=("male", "female"))
    date = Field(name="x", title=title, kind="text", format="date")

    assert masked_value(chosen, "female") == MASK
    assert masked_value(date, "1990-05-12") == MASK


@given(st.text(max_size=40) | st.from_regex(r"\+?[0-9 -]{0,24}", fullmatch=True))
def test_never_more_than_four_characters_are_shown_and_never_all(text):
    shown = mask(text).replace(MASK, "")

    assert is_masked(mask(text))
    assert len(shown) <= SHOWN_DIGITS
    assert not text.strip() or shown != text.strip()


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_how_long_a_value_is_does_not_show(text, more):
    assert len(mask(text)) in (len(MASK), len(MASK) + 1, len(MASK) + SHOWN_DIGITS)


@pytest.fixture
def key(private):
    private.customer()
    command = OpenTicket(
        actor="ana", workflow="matter", fields={**PRIVATE, "note": "open"}, customer="C1"
    )
    return private.desk.execute(command).ticket


TICKETS = {
    "the ticket": lambda ask, key: ask(GetTicket(actor="ana", ticket=key)),
    "a list": lambda ask, key: ask(ListTickets(actor="ana")).tickets[0],
    "a search": lambda ask, key: ask(ListTickets(actor="ana", text="王小明")).tickets[0],
    "an export": lambda ask, key: ask(ExportTickets(actor="ana")).tickets[0],
    "who may handle it": lambda ask, key: (
        ask(ListAssignable(actor="ana", tickets=(key,)))[0].ticket
    ),
    "the customer view": lambda ask, key: ask(
        GetCustomerView(actor="ana", customer="C1")
    ).open_matters[0],
}


@pytest.mark.parametrize("where", TICKETS)
def test_personal_fields_are_masked_wherever_a_ticket_is(private, key, where):
    ticket = TICKETS[where](private.desk.ask, key)

    assert dict(ticket.fields) == {**MASKED, "note": "open"}


@pytest.mark.parametrize(
    "whole", ["王小明", "+8613900000001", "86 139-0000-0001", "王小明 open"]
)
def test_a_whole_personal_value_is_found_by_everybody_who_may_read(private, key, whole):
    found = private.desk.ask(ListTickets(actor="rita", text=whole)).tickets

    assert [one.key for one in found] == [key]
    assert private.rows()[-1].ticket == key


@pytest.mark.parametrize(
    "piece",
    ["王", "王小", "小明", "8", "86139", "861390000000", "1390000", "1990", "05", "open 8"],
)
def test_no_piece_of_a_personal_value_finds_its_ticket(private, key, piece):
    assert private.desk.ask(ListTickets(actor="rita", text=piece)).tickets == ()


def test_other_words_are_found_by_their_beginning(private, key):
    assert private.desk.ask(ListTickets(actor="rita", text="ope")).tickets


def test_an_index_of_an_older_making_is_made_anew(private, key):
    old = sqlite3.connect(private.config.database)
    old.execute("UPDATE ticket_text SET tokens = '王小 小明 明 8613900000001 open'")
    old.execute("UPDATE meta SET value = 1 WHERE name = 'reach'")
    old.commit()
    old.close()

    with open_desk(private.config, clock=private.clock) as desk:
        assert desk.ask(ListTickets(actor="rita", text="86139")).tickets == ()
        assert desk.ask(ListTickets(actor="rita", text="+8613900000001")).tickets


def test_they_are_masked_in_the_history(private, key):
    (opened,) = private.desk.ask(GetHistory(actor="ana", ticket=key))

    assert opened.private["fields.phone"] == MASKED["phone"]
    assert opened.private["fields.note"] == "open"
    assert not any(value in repr(opened) for value in PRIVATE.values())


def test_the_system_is_shown_everything(private, key):
    ticket = private.desk.ask_as_system(GetTicket(actor="system", ticket=key))

    assert dict(ticket.fields) == {**PRIVATE, "note": "open"}


def test_customers_are_masked_in_lists_and_shown_where_a_look_is_on_record(private, key):
    private.desk.execute(
        SaveCustomer(actor="ana", id="C1", known_by=(Identity(kind="crm", value="47110815"),))
    )

    (row,) = private.desk.ask(ListCustomers(actor="ana")).customers
    (taken,) = private.desk.ask(ExportCustomers(actor="ana", text="王")).customers
    assignable = private.desk.ask(ListAssignable(actor="ana", tickets=(key,)))[0].customer
    (found,) = private.desk.ask(FindCustomers(actor="ana", sought="C1")).customers
    (named,) = private.desk.ask(ListCustomers(actor="ana", text="王")).customers
    opened = private.desk.ask(GetCustomerView(actor="ana", customer="C1")).customer

    assert (row.id, row.name, row.phone, row.email) == ("C1", "王****", "****0001", "")
    assert row.identities == (Identity(kind="crm", value="****0815"),)
    assert row == taken == assignable
    assert (found.name, found.phone) == ("王小明", "+8613900000001")
    assert found == named == opened


def test_a_mask_that_comes_back_leaves_the_field_as_it_is(private, key):
    private.desk.execute(
        EditFields(actor="ana", ticket=key, fields={**MASKED, "note": "changed"})
    )

    ticket = private.desk.ask_as_system(GetTicket(actor="system", ticket=key))
    assert dict(ticket.fields) == {**PRIVATE, "note": "changed"}
    with pytest.raises(NothingChanges):
        private.desk.execute(EditFields(actor="ana", ticket=key, fields=MASKED))


def test_a_form_that_is_shown_masked_can_be_sent_as_it_is(private, key):
    private.publish(ASKING)
    command = OpenTicket(
        actor="ana", workflow="matter", fields={**PRIVATE, "names": ["王小明"]}
    )
    key = private.desk.execute(command).ticket
    shown = private.desk.ask(GetTicket(actor="ana", ticket=key)).fields

    private.desk.execute(
        FireTransition(actor="ana", ticket=key, transition="close", form=dict(shown))
    )

    ticket = private.desk.ask_as_system(GetTicket(actor="system", ticket=key))
    assert dict(ticket.fields) == {**PRIVATE, "names": ["王小明"]}


@pytest.mark.parametrize(
    "fields", [{"phone": "****0002"}, {"names": ["王****"]}, {"subject": "李****"}]
)
def test_any_other_mask_is_refused_and_changes_nothing(private, key, fields):
    before = private.desk.ask_as_system(GetTicket(actor="system", ticket=key))

    with pytest.raises((CommandRefused, FormRefused), match="masked"):
        private.desk.execute(EditFields(actor="ana", ticket=key, fields=fields))
    with pytest.raises(CommandRefused, match="masked"):
        private.desk.execute(OpenTicket(actor="ana", workflow="matter", fields=fields))

    assert private.desk.ask_as_system(GetTicket(actor="system", ticket=key)) == before
    assert len(private.keys("matter")) == 1


def test_what_is_not_personal_may_have_stars(private, key):
    private.desk.execute(EditFields(actor="ana", ticket=key, fields={"note": "**** off"}))

    assert private.ticket(key).fields["note"] == "**** off"


def test_a_masked_customer_is_not_saved_as_such(private):
    private.customer()

    for said in ({"name": "王****"}, {"known_by": (Identity(kind="crm", value="****0815"),)}):
        with pytest.raises(CommandRefused, match="is masked"):
            private.desk.execute(SaveCustomer(actor="ana", id="C1", **said))

    (kept,) = private.desk.ask(FindCustomers(actor="ana", sought="C1")).customers
    assert (kept.name, kept.identities) == ("王小明", ())


def test_a_notice_to_the_staff_is_masked_on_its_way_and_where_it_is_shown(workspace, clock):
    forms = workspace / "forms"
    forms.mkdir()
    (forms / "matter.yaml").write_text(FORM, "utf-8")
    site = WorkerSite(workspace, clock, WORKFLOW.replace("start:", "form: matter\nstart:", 1))

    key = site.open(fields={"subject": "王小明的账户"})
    site.fire(key, "call")
    site.work()

    (text,) = site.provider.to("olga")
    assert "王****" in text
    assert "小明" not in text + site.sms().text
    site.desk.close()


def test_a_message_about_several_tickets_is_masked_with_the_fields_of_each(workspace, clock):
    forms = workspace / "forms"
    forms.mkdir()
    (forms / "matter.yaml").write_text(FORM, "utf-8")
    site = WorkerSite(workspace, clock, WORKFLOW.replace("start:", "form: matter\nstart:", 1))
    site.open(fields={"subject": "call"})
    keys = [site.open(fields={"subject": subject}) for subject in ("王小明", "Call")]
    for key in keys:
        site.fire(key, "call")
    site.work()

    # The workflow's own word for the transition is what the second ticket's field holds.
    for number in (0, 1):
        text = [one for one in site.notices() if one.via == "sms"][number].number
        assert "Call" not in site.desk.ask(GetNotice(actor="olga", notice=text)).text
    site.desk.close()
