"""Status pages: what a customer sees behind the signed link, does there, and nobody else can."""

from datetime import UTC, datetime, timedelta

import pytest

from casewright.commands import AddComment, FireTransition
from casewright.desk.pages_secret import sealer_of
from casewright.model import INTAKE
from casewright.pages.status_links import ticket_link
from casewright.queries import GetAccessReport, GetHistory, GetTicket

from .reading import by_id, faults_of_access
from .site import AGENT, reference

HANDLER, OFFICER = "zhao_lei", "yin_xue"


@pytest.fixture
def matter(site):
    """A complaint of its own, its key and the address of its status page."""
    done = site.complain()
    return reference(done), site.link(done)


def acted(site, link, action, words="", **more):
    """Do something on a status page, as its own form says it."""
    shown = site.ask(link)
    key = next(
        key
        for key, name in zip(shown.hidden("form_key"), shown.hidden("action"), strict=True)
        if name == action
    )
    return site.send(link, {"form_key": key, "action": action, "words": words, **more})


def contacts(site, key):
    with site.desk() as desk:
        history = desk.ask(GetHistory(actor=AGENT, ticket=key))
    found = [one for one in history if one.kind == "ContactRecorded"]
    return [(one.facts["contact"], one.private.get("text", "")) for one in found]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_customer_sees_the_words_for_customers_and_no_others(site, matter, lang):
    key, link = matter
    with site.desk() as desk:
        desk.execute(AddComment(actor=AGENT, ticket=key, text="An inner remark."))
        desk.execute(
            AddComment(actor=AGENT, ticket=key, text="We look into it.", internal=False)
        )

    shown = site.ask(link.split("?")[0], lang=lang)

    assert shown.status == 200
    assert faults_of_access(shown.text) == []
    assert {"en": "Received", "zh": "已受理"}[lang] in shown.words
    assert "We look into it." in shown.words
    assert "An inner remark." not in shown.text
    for inner in ("Registered", "已登记", "chen_jing", "Chen Jing", "陈静", "parcel"):
        assert inner not in shown.text


def test_opening_it_is_the_query_on_record_once_a_day_and_each_look_is_in_the_access_log(
    site, matter
):
    key, link = matter

    for _ in range(3):
        site.ask(link)

    assert contacts(site, key) == [("query", "")]
    with site.desk(OFFICER) as desk:
        rows = desk.ask(GetAccessReport(actor=OFFICER, ticket=key)).rows
    looks = [(one.actor, one.door) for one in rows if one.kind == "look"]
    assert looks.count((INTAKE, "status page")) == 3
    assert looks.count((INTAKE, "web form")) == 1


def test_what_a_customer_adds_reaches_the_ticket_and_is_shown(site, matter):
    key, link = matter

    answer = acted(site, link, "supplement", "The parcel came at last,\r\n<b>broken</b>.")

    assert answer.status == 303
    shown = site.ask(answer.where)
    assert "has reached whoever works on it" in shown.words
    assert ("supplement", "The parcel came at last,\n<b>broken</b>.") in contacts(site, key)
    assert "<b>broken</b>" in shown.words


def test_what_is_sent_twice_is_on_record_once_and_a_used_key_takes_nothing_else(site, matter):
    key, link = matter
    shown = site.ask(link)
    sent = {"form_key": shown.hidden("form_key")[0], "action": "supplement", "words": "Once."}

    assert [site.send(link, sent).status for _ in range(2)] == [303, 303]
    other = site.send(link, {**sent, "words": "Something else."})

    assert other.status == 422
    assert "on record" in other.words
    assert [one for one in contacts(site, key) if one[0] == "supplement"] == [
        ("supplement", "Once.")
    ]


def test_a_key_serves_one_link_and_one_action(site, matter):
    _, link = matter
    another = site.link(site.complain())
    key = site.ask(link).hidden("form_key")[0]

    assert (
        site.send(another, {"form_key": key, "action": "supplement", "words": "x"}).status
        == 422
    )
    assert site.send(link, {"form_key": key, "action": "chase", "words": "x"}).status == 422
    assert (
        site.send(link, {"form_key": "x", "action": "supplement", "words": "x"}).status == 422
    )


def test_there_is_an_end_to_what_can_be_done_in_a_day(site, matter):
    key, link = matter

    statuses = [acted(site, link, "chase").status for _ in range(5)]
    shown = site.ask(link)

    assert statuses == [303] * 5
    assert not shown.page.all("textarea")
    assert len([one for one in contacts(site, key) if one[0] == "chase"]) == 5


def test_to_take_a_matter_back_one_says_why_and_confirms_it(site, matter):
    key, link = matter

    unsure = acted(site, link, "withdraw", "It came after all.")
    silent = acted(site, link, "withdraw", "", sure="yes")
    done = acted(site, link, "withdraw", "It came after all.", sure="yes")

    assert (unsure.status, silent.status, done.status) == (422, 422, 303)
    assert "withdraw-sure-error" in by_id(unsure.page)
    assert "withdraw-words-error" in by_id(silent.page)
    with site.desk() as desk:
        assert desk.ask(GetTicket(actor=AGENT, ticket=key)).state == "withdrawn"
    shown = site.ask(link)
    assert "Withdrawn by you" in shown.words
    assert not shown.page.all("form")


def test_what_is_asked_of_the_customer_is_shown_while_it_waits(site, matter):
    key, link = matter
    accepted = {"category": "broadband_fault_slow", "severity": "minor"}
    with site.desk(HANDLER) as desk:
        for name, form in (
            ("accept", accepted),
            ("ask_customer", {"asked_for": "The number on the parcel."}),
        ):
            desk.execute(FireTransition(actor=HANDLER, ticket=key, transition=name, form=form))

    shown = site.ask(link)

    assert "Waiting for you" in shown.words
    assert "The number on the parcel." in shown.words
    assert "We need something more from you" in shown.words


def test_a_link_in_a_mail_leads_to_the_ticket_of_the_customer_whom_it_was_sent_to(site):
    done = site.complain(customer_phone="13900004444", customer_name="Han Mei")
    with site.desk() as desk:
        customer = desk.ask(GetTicket(actor=AGENT, ticket=reference(done))).customer
    sealer, now = sealer_of(site.served.config), datetime.now(UTC)

    def status(whose):
        token = ticket_link(
            sealer, reference(done), customer=whose, now=now, valid=timedelta(days=1)
        )
        return site.ask(f"/s/{token}")

    theirs, others = status(customer), status("somebody else")
    nobodys = site.ask("/s/nothing")

    assert theirs.status == 200
    assert reference(done) in theirs.words
    assert (others.status, others.text) == (404, nobodys.text)


def test_an_altered_link_is_refused_like_one_that_never_was(site, matter):
    _, link = matter
    path = link.split("?")[0]
    nothing = site.ask("/s/nothing")

    for altered in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        path + "A",
        path[:-8],
        path.replace(".", ".."),
    ):
        shown = site.ask(altered)

        assert (shown.status, shown.text) == (404, nothing.text)
        assert site.send(altered, {"action": "chase"}).status == 404
