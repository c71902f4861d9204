"""From where a request to the web door comes, and who is let near it."""

import asyncio
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from casewright.config import read_config
from casewright.doors.web_guard import WebGuard
from casewright.errors import ConfigRefused
from casewright.settings.server import ServerSettings

URL = "https://desk.example.org"
BEHIND = ServerSettings(behind_proxy=True, proxy="192.0.2.9", url=URL)


def asked(address: str, **headers: str) -> web.Request:
    transport = Mock()
    transport.get_extra_info = lambda name, default=None: (
        (address, 5) if name == "peername" else default
    )
    sent = {"Host": "desk.example.org", **headers}
    return make_mocked_request("GET", "/sign-in", headers=sent, transport=transport)


def status_of(settings: ServerSettings, request: web.Request) -> int:
    async def answer(request: web.Request) -> web.Response:
        return web.Response()

    guard = WebGuard(settings, frozenset({URL}))
    try:
        return asyncio.run(guard.let_in(request, answer)).status
    except web.HTTPException as refused:
        return refused.status


def test_behind_a_proxy_everybody_has_their_own_address_and_not_that_of_the_proxy():
    guard = WebGuard(BEHIND, frozenset({URL}))
    forwarded = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1, 192.0.2.9"}

    assert guard.caller_of(asked("192.0.2.9", **forwarded)).address == "198.51.100.1"


def test_without_a_proxy_nobody_is_believed_to_come_from_elsewhere():
    guard = WebGuard(ServerSettings(), frozenset({URL}))

    found = guard.caller_of(asked("192.0.2.5", **{"X-Forwarded-For": "203.0.113.7"}))

    assert found.address == "192.0.2.5"


def test_behind_a_proxy_nobody_else_is_answered():
    assert status_of(BEHIND, asked("192.0.2.9")) == 200
    assert status_of(BEHIND, asked("192.0.2.5")) == 403


def test_only_our_own_name_is_answered():
    assert status_of(ServerSettings(), asked("192.0.2.5", Host="evil.example")) == 421


@pytest.mark.parametrize(
    "written",
    [
        '[web]\nurl = "https://desk.example.org/desk"',
        "[ssh]\nidle_minutes = 0",
        "[web]\nidle_minutes = -1",
    ],
)
def test_a_setting_under_which_nobody_would_get_in_is_refused(written, tmp_path):
    (tmp_path / "casewright.toml").write_text(written)

    with pytest.raises(ConfigRefused):
        read_config(tmp_path)
