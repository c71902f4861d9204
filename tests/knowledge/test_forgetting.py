"""What customers are known by is forgotten by the knowledge base too."""

from casewright.commands import EraseCustomer, OpenTicket, SaveCustomer
from casewright_knowledge.commands import NoteNothingFound, RateArticle
from casewright_knowledge.queries import GetReport

from .library import AGENT, MANAGER
from .test_living import ROUTER


def test_a_search_for_an_erased_customer_and_what_was_said_with_their_ticket_is_gone(library):
    article = library.published(**ROUTER)
    library.desk.execute(
        SaveCustomer(actor=AGENT, id="C-77", name="诸葛小花", email="zhuge@example.com")
    )
    fields = {"subject": "红灯", "question": "红灯"}
    opened = OpenTicket(actor=AGENT, workflow="inquiry", customer="C-77", fields=fields)
    ticket = library.desk.execute(opened).ticket
    sought = "Zhuge@example.com 宽带"
    library.desk.execute(NoteNothingFound(actor=AGENT, text=sought))
    said = RateArticle(
        actor=AGENT,
        article=article,
        verdict="did_not_help",
        reason="诸葛小花说没用",
        about=ticket,
    )
    library.desk.execute(said)
    assert library.desk.ask(GetReport(actor=MANAGER)).nothing[0].text == sought
    library.desk.execute(
        EraseCustomer(actor="yin_xue", customer="C-77", reason="asked for it", also_open=True)
    )

    assert library.desk.ask(GetReport(actor=MANAGER)).nothing == ()
    rows = library.desk._database.execute("SELECT reason FROM knowledge_rating").fetchall()
    assert rows == [("",)]
