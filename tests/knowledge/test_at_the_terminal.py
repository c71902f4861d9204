"""Articles beside a ticket at the terminal: what fits is shown, and one key puts it into the answer."""

import pytest

from casewright.queries import GetHistory
from casewright_knowledge.queries import GetArticle

from ..tui.seated import seated
from .library import AGENT, MANAGER
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
        print(one.text)

    found = library.desk.ask(GetArticle(actor=MANAGER, article=key))
    assert found.used == 1
    history = library.desk.ask(GetHistory(actor=AGENT, ticket=ticket))
    assert history[-1].facts["note"] == "UseArticle"
