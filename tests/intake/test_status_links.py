"""The link to its status page in what customers are written: whose matter it shows, and where there is none."""

import re

import pytest

from casewright.commands import EraseCustomer, MergeCustomers, ReplyToCustomer, SaveCustomer
from casewright.config import read_config
from casewright.desk.pages_secret import sealer_of
from casewright.errors import NotFound
from casewright.model import INTAKE
from casewright.pages.status_links import opened_link
from casewright.queries import GetStatusPage, PreviewReply

from .letters import LI, letter
from .mailbox_centre import RULES, MailboxCentre

URL = "https://desk.centre.example"
PAGES = """\
pages:
  matter: {channel: mail, workflow: matter, title: {en: Ask us, zh: 咨询}, fields: [subject, what]}
"""
LINK = re.compile(re.escape(URL) + r"/s/(\S+)")


@pytest.fixture
def centre(workspace, clock):
    made = MailboxCentre(workspace, clock, rules=RULES + PAGES)
    with (workspace / "casewright.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[server]\nurl = "{URL}"\n')
    made.desk.close()
    made.reopen(read_config(workspace, {}))
    yield made
    made.desk.close()


def shown(centre, text):
    """What stands on the page that a text leads to."""
    (token,) = LINK.findall(text)
    link = opened_link(sealer_of(centre.config), token, now=centre.clock.now())
    assert link is not None
    return centre.desk.ask_as_system(GetStatusPage(actor=INTAKE, **link.named))


def answered(centre, key):
    """The words of an answer as they go out."""
    centre.desk.execute(ReplyToCustomer(actor="ana", ticket=key, text="It is mended."))
    working = centre.desk.working()
    working.open_channels()
    working.gather()
    (found,) = [one for one in centre.outgoing() if one["nature"] == "reply"]
    return found["text"]


def test_a_confirmation_leads_to_the_page_of_its_matter(centre):
    key = centre.receives(letter("宽带断了", subject="宽带")).row.ticket

    (confirmation,) = centre.outgoing()

    assert "办理进度" in confirmation["text"]
    assert shown(centre, confirmation["text"]).ticket == key


def test_an_answer_leads_there_too_and_nobody_on_the_staff_reads_the_link(centre):
    key = centre.receives(letter("It broke", subject="Line")).row.ticket

    preview = centre.desk.ask(PreviewReply(actor="ana", ticket=key, text="It is mended."))
    text = answered(centre, key)

    assert shown(centre, text).ticket == key
    assert f"{URL}/s/…" in preview.text
    assert preview.text.partition(URL)[0] == text.partition(URL)[0]
    assert not any(URL in str(event.private) for event in centre.history(key))


def test_a_link_follows_its_customer_and_ends_with_their_erasure(centre):
    key = centre.receives(letter("It broke", subject="Line")).row.ticket
    text, customer = answered(centre, key), centre.ticket(key).customer
    saved = SaveCustomer(actor="system", id="C-known", name="Li Wei")
    centre.desk.execute_as_system(saved)

    merged = MergeCustomers(
        actor="system", customer=customer, into="C-known", reason="the same person"
    )
    centre.desk.execute_as_system(merged)
    assert shown(centre, text).ticket == key

    erased = EraseCustomer(actor="ana", customer="C-known", reason="asked", also_open=True)
    centre.desk.execute(erased)
    with pytest.raises(NotFound):
        shown(centre, text)


def test_where_customers_have_no_pages_nothing_is_added(workspace, clock):
    centre = MailboxCentre(workspace, clock)

    centre.receives(letter("It broke", subject="Line"))

    (confirmation,) = centre.outgoing()
    assert confirmation["address"] == LI
    assert "/s/" not in confirmation["text"]
    centre.desk.close()
