"""The knowledge base on a server: what it had in a file is found there, and it goes on."""

from uuid import uuid4

import pytest

from casewright.config import read_config
from casewright.desk import open_desk
from casewright.desk.moving import move, name_the_server
from casewright_knowledge.queries import GetReport

from ..knowledge.library import AGENT, Library, founded
from ..knowledge.test_living import ROUTER
from .own_server import Server


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return founded(tmp_path_factory.mktemp("knowledge") / "template")


def test_articles_move_to_a_server_and_live_on_there(template, tmp_path, server: Server):
    library = Library(template, tmp_path / "w")
    moved = library.published(**ROUTER)
    library.use(library.inquiry("红灯"), moved)
    library.close()
    address = server.address(f"s{uuid4().hex}")
    move(read_config(library.root), address)
    name_the_server(library.root, address)
    library.config = read_config(library.root)
    library.desk = open_desk(library.config)
    try:
        assert library.keys("红灯") == [moved]
        assert library.article(moved).used == 1
        new = library.published(
            subject="Invoice",
            title_zh="发票开具",
            title_en="Invoices",
            body_en="Download it in the app.",
        )
        assert library.keys("发票") == [new]
        assert library.keys("where do I get a receipt?", language="en") == [new]
        assert library.search("invioces").instead == "invoices"
        assert library.keys("發票", AGENT) == [new]
        ticket = library.inquiry("modem", "猫上红灯一直闪")
        assert library.suggest(ticket)[0].article == moved
        library.use(ticket, moved)
        report = library.desk.ask(GetReport(actor="sun_wei"))
        assert (report.articles, report.uses) == (2, 2)
        assert [(one.article, one.used) for one in report.most_used] == [(moved, 2)]
        assert {one.article for one in library.search("", AGENT).hits} == {moved, new}
        library.fire(moved, "archive", reason="old")
        assert library.keys("红灯") == []
        assert library.is_whole()
    finally:
        library.close()
