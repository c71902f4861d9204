"""The web door with a real WebSocket and a real browser: login, Origin, words, and no request to anybody else."""

import asyncio
import shutil
from collections.abc import Coroutine
from typing import Any

import aiohttp
import pytest

from ..server.served import PATIENCE, eventually
from .door_site import AGENT, CLUMSY, OTHER, PASSWORD, DoorSite

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NOBODY = {"name": AGENT, "password": "wrong"}


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def browser(site: DoorSite, origin: str | None = None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        site.web,
        headers={"Origin": origin or site.web},
        cookie_jar=aiohttp.CookieJar(unsafe=True),
    )


def who(site: DoorSite) -> dict[str, str]:
    return {"name": AGENT, "password": PASSWORD, "code": site.code(AGENT)}


def test_whoever_has_not_signed_in_sees_nothing_but_the_login(site):
    async def work():
        async with browser(site) as client:
            async with client.get("/") as page:
                assert str(page.url).endswith("/sign-in?lang=en")
                assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
            async with client.get("/ws") as refused:
                assert refused.status == 401
            async with client.post("/sign-in", data=NOBODY) as wrong:
                assert wrong.status == 401
                assert "is not right" in await wrong.text()
            newcomer = {"name": CLUMSY, "password": PASSWORD}
            async with client.post("/sign-in", data=newcomer) as needed:
                assert needed.status == 401
                assert "Begin one by SSH" in await needed.text()

    run(work())


def test_a_foreign_page_can_neither_sign_in_nor_open_a_terminal(site):
    async def work():
        async with browser(site) as client:
            async with client.post("/sign-in", data=who(site)) as page:
                assert page.status == 200, await page.text()
            cookie = next(iter(client.cookie_jar))
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
            for origin in ("http://evil.example", "null", site.web.replace("http:", "https:")):
                foreign = {"Origin": origin}
                async with client.get("/ws", headers=foreign) as refused:
                    assert refused.status == 403
                async with client.post("/sign-in", data=NOBODY, headers=foreign) as refused:
                    assert refused.status == 403
            async with client.get("/", headers={"Host": "evil.example"}) as refused:
                assert refused.status == 421

    run(work())


LEAVE = "\x11"
"""What Ctrl-Q sends."""


def test_a_terminal_is_that_of_whoever_signed_in_and_ends_with_its_socket(site):
    before = len(site.rows("session_ended"))

    async def work():
        async with browser(site) as client:
            await (await client.post("/sign-in", data=who(site))).read()
            async with client.ws_connect("/ws?width=100&height=30") as terminal:
                await _shown(terminal, "Chen Jing")
                await terminal.send_json(["resize", {"width": 120, "height": 40}])
                await _shown(terminal, "\x1b[40;")
                await terminal.send_str(
                    "[]"
                )  # what is no message of the protocol ends the terminal, not the door
            async with client.ws_connect("/ws") as terminal:
                await _shown(terminal, "Chen Jing")
                await terminal.send_json(["stdin", LEAVE])
                async for _ in terminal:
                    pass
            async with client.ws_connect("/ws") as terminal:
                await _shown(terminal, "Chen Jing")
                await (await client.post("/sign-out")).read()
                async for _ in terminal:  # Whoever signs out may leave the machine to others.
                    pass
            async with client.get("/ws") as refused:
                assert refused.status == 401

    run(work())
    eventually(lambda: len(site.rows("session_ended")) >= before + 3)
    actor, how, door = site.rows("session_began")[0]
    assert (actor, how, door) == (AGENT, "password 127.0.0.1", "web")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here (Debian: chromium)")
def test_a_browser_signs_in_and_works_by_keyboard_and_asks_nobody_else(site):
    playwright = pytest.importorskip("playwright.sync_api")
    asked: set[str] = set()
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(locale="zh-CN")
        page.on("request", lambda request: asked.add(request.url.split("/")[2]))
        frames: list[str] = []
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda data: frames.append(_text(data))),
        )
        page.goto(site.web)
        assert page.inner_text("h1") == "登录 casewright"
        for word in (OTHER, "Tab", PASSWORD, "Tab", site.code(OTHER), "Enter"):
            page.keyboard.press(word) if word in ("Tab", "Enter") else page.keyboard.type(word)
        page.wait_for_selector(
            "body.-first-byte .xterm-helper-textarea:focus", state="attached"
        )
        _until(page, lambda: "何萍" in "".join(frames))
        before = len(frames)
        page.keyboard.press("3")  # the third view
        _until(page, lambda: "全部" in "".join(frames[before:]))
        chromium.close()

    assert asked == {site.web.partition("://")[2]}


def _until(page: Any, holds: Any) -> None:
    for _ in range(int(PATIENCE * 20)):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it was never shown")


def _text(data: Any) -> str:
    return data if isinstance(data, str) else bytes(data).decode("utf-8", "replace")


async def _shown(terminal: aiohttp.ClientWebSocketResponse, wanted: str) -> None:
    """Read until a text is shown, whatever stands between."""
    seen = ""
    while wanted not in seen:
        message = await terminal.receive(PATIENCE)
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (
            message,
            seen,
        )
        seen += _text(message.data)
