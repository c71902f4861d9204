"""Forms as customers send them, through the server: a ticket with a number, or the form again with what is wrong."""

import pytest

from casewright.queries import GetHistory, GetTicket

from .reading import by_id, faults_of_access
from .site import AGENT, COMPLAINT, reference


def ticket(site, key):
    with site.desk() as desk:
        return desk.ask(GetTicket(actor=AGENT, ticket=key))


def contacts(site, key):
    with site.desk() as desk:
        history = desk.ask(GetHistory(actor=AGENT, ticket=key))
    found = [one for one in history if one.kind == "ContactRecorded"]
    return [
        (one.facts["contact"], one.private.get("text", ""))
        for one in found
        if one.facts["contact"] != "query"
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", ["complaint", "question"])
def test_a_page_is_usable_without_eyes_and_without_a_mouse(site, page, lang):
    shown = site.ask(f"/f/{page}", lang=lang)

    assert shown.status == 200
    assert faults_of_access(shown.text) == []
    assert shown.page.all("html")[0].attributes["lang"].startswith(lang)


def test_a_form_becomes_a_ticket_and_its_sender_is_told_the_number(site):
    done = site.complain(customer_phone="13900001111")

    assert faults_of_access(done.text) == []
    found = ticket(site, reference(done))
    assert (found.workflow, found.state, found.channel) == ("complaint", "registered", "web")
    assert found.fields["subject"] == COMPLAINT["subject"]
    assert "You will hear from us by" in done.words


def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(site):
    typed = {"subject": "", "description": "It came late", "customer_phone": "no number"}

    shown = site.send("/f/complaint", {"form_key": site.key(), **typed})

    assert shown.status == 422
    assert faults_of_access(shown.text) == []
    ids = by_id(shown.page)
    assert {"subject-error", "demand-error", "customer_phone-error"} <= set(ids)
    assert ids["description"].text.strip() == typed["description"]
    assert ids["customer_phone"].attributes["value"] == typed["customer_phone"]
    again = {**COMPLAINT, "form_key": shown.hidden("form_key")[0]}
    assert site.send("/f/complaint", again).status == 303


def test_the_language_is_changed_without_losing_what_was_typed(site):
    sent = {"form_key": site.key(), "subject": "Late", "switch_to": "zh"}

    shown = site.send("/f/complaint?lang=en", sent)

    assert shown.status == 200
    assert shown.page.all("h1")[0].text == "我要投诉"
    assert by_id(shown.page)["subject"].attributes["value"] == "Late"
    assert "summary" not in by_id(shown.page)


def test_a_form_that_is_sent_twice_is_one_ticket(site):
    sent = {**COMPLAINT, "form_key": site.key()}

    first, second = (site.ask(site.send("/f/complaint", sent).where) for _ in range(2))

    assert reference(first) == reference(second)


def test_a_form_that_was_changed_after_it_was_sent_is_not_taken_for_the_same(site):
    sent = {**COMPLAINT, "form_key": site.key()}
    first = site.ask(site.send("/f/complaint", sent).where)

    changed = site.send("/f/complaint", {**sent, "subject": "Changed"})

    assert changed.status == 422
    assert "was sent before" in changed.words
    assert by_id(changed.page)["subject"].attributes["value"] == "Changed"
    key = changed.hidden("form_key")[0]
    again = site.send("/f/complaint", {**sent, "subject": "Changed", "form_key": key})
    assert reference(site.ask(again.where)) != reference(first)


def test_a_file_keeps_waiting_in_a_form_whatever_it_is_called(site):
    name = "\N{CJK UNIFIED IDEOGRAPH-20000}" * 196 + ".pdf"

    shown = site.upload("/f/complaint", {"form_key": site.key()}, (name, b"%PDF-1.4"))
    kept = next(
        one.attributes["value"]
        for one in shown.page.all("input")
        if one.attributes.get("name") == "kept_file"
    )
    again = site.send("/f/complaint", {"form_key": site.key(), "kept_file": kept})

    assert name in again.text


def test_files_come_with_it_and_stay_when_something_else_was_wrong(site):
    bill = ("C:\\papers\\bill.pdf", b"%PDF-1.4 the bill")
    shown = site.upload(
        "/f/complaint", {**COMPLAINT, "subject": "", "form_key": site.key()}, bill
    )
    kept = [
        one.attributes["value"]
        for one in shown.page.all("input")
        if one.attributes.get("name") == "kept_file"
    ]

    sent = {**COMPLAINT, "form_key": shown.hidden("form_key")[0], "kept_file": kept[0]}
    done = site.ask(site.upload("/f/complaint", sent, ("more.txt", b"more")).where)

    with site.desk() as desk:
        history = desk.ask(GetHistory(actor=AGENT, ticket=reference(done)))
    files = [one.private["file"] for one in history if one.kind == "FileAttached"]
    assert sorted(files) == ["bill.pdf", "more.txt"]


@pytest.mark.parametrize(
    "files",
    [
        [("virus.exe", b"MZ")],
        [("bill", b"no ending")],
        [("empty.pdf", b"")],
        [("large.pdf", bytes(5 * 1024 * 1024 + 1))],
        [(f"{one}.pdf", b"x") for one in range(4)],
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_a_reason(site, files):
    shown = site.upload("/f/complaint", {**COMPLAINT, "form_key": site.key()}, *files)

    assert shown.status == 422
    assert faults_of_access(shown.text) == []
    assert "files-error" in by_id(shown.page)


def test_who_fills_in_what_nobody_sees_is_asked_again(site):
    shown = site.send(
        "/f/complaint", {**COMPLAINT, "form_key": site.key(), "website": "http://x"}
    )

    assert shown.status == 422
    assert "one field is for nobody" in shown.words.lower()


@pytest.mark.parametrize("key", ["", "x", "a.b", "é"])
def test_a_form_without_a_key_of_ours_is_asked_for_once_more(site, key):
    shown = site.send("/f/complaint", {**COMPLAINT, "form_key": key})

    assert shown.status == 422
    assert "open for too long" in shown.words
    assert by_id(shown.page)["subject"].attributes["value"] == COMPLAINT["subject"]


def test_a_key_of_another_page_is_none_for_this_one(site):
    sent = {**COMPLAINT, "form_key": site.key("question")}

    assert site.send("/f/complaint", sent).status == 422


def test_a_page_of_somebody_else_cannot_send_a_form(site):
    sent = {**COMPLAINT, "form_key": site.key()}

    assert site.send("/f/complaint", sent, Origin="https://elsewhere.example").status == 403
    assert site.send("/f/complaint", sent, Sec_Fetch_Site="cross-site").status == 403


@pytest.mark.parametrize(
    "path", ["/f/nothing", "/f/UPPER", "/f/%2e%2e", "/f/complaint/sent/x", "/s/x"]
)
def test_an_address_that_leads_nowhere_says_so_calmly(site, path):
    shown = site.ask(path)

    assert shown.status == 404
    assert faults_of_access(shown.text) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="subject"\r\n\r\nhalf'),
        ("multipart/form-data; boundary=x", b"--x\r\nX: " + b"y" * 10_000),
        ("application/json", b"{}"),
        ("text/plain", b"subject=x"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % one for one in range(2_000))),
        ("application/x-www-form-urlencoded", b"subject=%ff%fe&description=\xff"),
        ("application/x-www-form-urlencoded", b"subject=" + b"%41" * 1_000_000),
        ("", b""),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused_and_is_no_bug(site, kind, body):
    shown = site.ask("/f/complaint", body, Content_Type=kind)

    assert shown.status in (400, 413, 415, 422)
    assert "incident" not in (site.root / "casewright.log").read_text(encoding="utf-8")


def test_every_answer_forbids_what_is_not_ours(site):
    for path in ("/f/complaint", "/f/nothing", "/s/x"):
        policy = site.ask(path).headers["content-security-policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert site.ask(path).headers["cache-control"] == "no-store"


def test_whoever_names_somebody_elses_number_sees_nothing_of_their_matter(site):
    phone = "13900002222"
    mine = site.complain(customer_phone=phone)

    theirs = site.complain(customer_phone=phone, description="Something else entirely.")

    assert contacts(site, reference(mine)) == [
        ("supplement", f"Something else entirely.\n\n{COMPLAINT['demand']}")
    ]
    assert reference(theirs).startswith("IN-")
    for shown in (theirs, site.ask(site.link(theirs))):
        assert reference(mine) not in shown.text
        assert "parcel" not in shown.words
        assert not shown.page.all("textarea")
