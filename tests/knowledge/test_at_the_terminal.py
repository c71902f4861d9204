"""Articles beside a ticket at the terminal: what fits is shown, and one key puts it into the answer."""

import pytest

from casewright.queries import GetHistory, ListTickets
from casewright_knowledge.queries import GetArticle, GetReport

from ..tui.seated import seated
from .library import AGENT, EDITOR, MANAGER
from .test_living import ROUTER

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_enter_puts_an_article_into_the_answer_links_it_and_counts_it(library, lang):
    key = library.published(**ROUTER)
    ticket = library.inquiry("网断了", "客户说猫上红灯一直闪，modem has a red light")
    async with seated(library.root, AGENT, lang=lang, size=(160, 50)) as one:
        await one.sees(ticket)
        await one.press("enter", "f6", "f6", "f6")
        await one.sees(
            "Red light" if lang == "en" else "光猫亮红灯", "Enter" if lang == "en" else "按回车"
        )
        await one.press("enter")
        said = (
            "Restart it, then check the fibre." if lang == "en" else "先断电重启，再检查光纤。"
        )
        await one.sees(said)

    found = library.desk.ask(GetArticle(actor=MANAGER, article=key))
    assert found.used == 1
    history = library.desk.ask(GetHistory(actor=AGENT, ticket=ticket))
    assert history[-1].facts["note"] == "UseArticle"


async def _goes_to(one, place):
    await one.press("f4")
    await one.type(place)
    await one.sees(place)
    await one.press("enter")
    await one.sees("KB-")


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_an_article_is_sought_read_and_judged_without_leaving_the_terminal(library, lang):
    key = library.published(**ROUTER)
    async with seated(library.root, AGENT, lang=lang, size=(80, 24)) as one:
        await _goes_to(one, "Find articles" if lang == "en" else "查找知识")
        await one.type("红灯" if lang == "zh" else "restrat fibre")
        await one.press("enter")
        await one.sees("restart" if lang == "en" else "光猫亮红灯", key)
        await one.press("enter")
        await one.sees(
            "check the" if lang == "en" else "再检查光纤",
            "it helped" if lang == "en" else "有帮助",
        )
        await one.press("h")
        await one.sees("Noted" if lang == "en" else "已记录")
        assert library.desk.ask(GetArticle(actor=AGENT, article=key)).helped == 1
        await one.press("w")
        await one.sees("What is wrong" if lang == "en" else "哪里有误")
        await one.type("电话号码不对")
        await one.press("enter")
        await one.sees(
            "Noted" if lang == "en" else "已记录", "it helped" if lang == "en" else "有帮助"
        )

    assert library.desk.ask(GetArticle(actor=AGENT, article=key)).read
    corrections = library.desk.ask(ListTickets(actor=EDITOR, text="电话号码不对")).tickets
    assert [one.workflow for one in corrections] == ["correction"]


async def test_what_is_sought_in_vain_is_told_to_editors(library):
    library.published(**ROUTER)
    async with seated(library.root, AGENT, size=(80, 24)) as one:
        await _goes_to(one, "Find articles")
        await one.type("satellite dish")
        await one.press("enter")
        await one.sees("Nothing was found")

    report = library.desk.ask(GetReport(actor=MANAGER))
    assert [each.text for each in report.nothing] == ["satellite dish"]


async def test_what_is_for_staff_is_linked_and_not_put_into_the_answer(library):
    library.published(**ROUTER | {"audience": "staff"})
    ticket = library.inquiry("网断了", "客户说猫上红灯一直闪，modem has a red light")
    async with seated(library.root, AGENT, size=(80, 24)) as one:
        await one.sees(ticket)
        await one.press("enter", "f6", "f6", "f6")
        await one.sees("Red light", "for all staff")
        await one.press("enter")
        await one.sees("It is linked to the ticket")
        await one.press("f6")
        await one.sees("Red light", "version 1, linked by Chen Jing")

    history = library.desk.ask(GetHistory(actor=AGENT, ticket=ticket))
    assert history[-1].facts["note"] == "UseArticle"
