"""How many and how often: connections, requests and wrong passwords, by whom they come and not by whom they name."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.datastructures import Headers

from casewright.access import hashing_slots
from casewright.server import callers, limits, sessions
from casewright.server.application import Part
from casewright.server.batch_api import BatchApi
from casewright.server.callers import Caller, behind_the_proxy, group_of
from casewright.server.credentials import Credentials
from casewright.server.rates import MOST_KEPT, Rates
from casewright.server.readers import Readers
from casewright.server.writer import Writer
from casewright.settings.server import ServerSettings

from .gate_site import PASSWORD, Site, site
from .raw_http import answers, head, sent, until_closed

FEW = {"requests_a_second": 0.01, "connections_of_one": 6, "connections": 8}
"""Next to none in the long run, so that what one has at once is all there is."""


@pytest.fixture
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("tight"), server={**FEW, "requests_a_second": 1}) as made:
        yield made


def test_whoever_asks_too_often_is_told_when_to_come_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    proxied = {"behind_proxy": True, "requests_a_second": 0.5}
    with site(tmp_path_factory.mktemp("often"), server=proxied) as here:
        bearer = {"Authorization": f"Bearer {here.token()}"}

        def ask(number: int) -> int:
            came = {"X_Forwarded_For": f"203.0.113.{number}", **bearer}
            return here.gated.ask("GET", "/v1/door", **came).status

        found = [ask(number) for number in range(4)]
        late = here.gated.ask(
            "GET", "/v1/door", X_Forwarded_For="203.0.113.9", Accept_Language="zh", **bearer
        )
        other = {"Authorization": f"Bearer {here.token('ben')}"}

        assert found == [200, 200, 429, 429]
        assert late.status == 429
        assert int(late.headers["retry-after"]) >= 1
        assert "请求过多" in late.data["detail"]
        assert here.gated.ask("GET", "/v1/door", **other).status == 200
        assert [here.gated.ask_here("GET", "/v1/door", **bearer).status for _ in range(9)] == [
            200
        ] * 9


def test_one_address_asks_only_so_often_whoever_it_says_it_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    proxied = {"behind_proxy": True, "requests_a_second": 0.5}
    with site(tmp_path_factory.mktemp("address"), server=proxied) as here:
        found = [
            here.gated.ask(
                "GET",
                "/v1/door",
                X_Forwarded_For=f"198.51.100.{number}, 203.0.113.1",
                Authorization=f"Bearer cw_{number}",
            ).status
            for number in range(12)
        ]
        elsewhere = here.gated.ask("GET", "/v1/door", X_Forwarded_For="203.0.113.2").status

    assert found == [401] * 8 + [429] * 4
    assert elsewhere == 401


def test_commands_said_together_count_as_several_requests(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    some = {"requests_a_second": 5}
    with site(tmp_path_factory.mktemp("batch"), server=some, parts=_batches) as here:
        bearer = {"Authorization": f"Bearer {here.token()}"}
        comment = {"name": "AddComment", "command": {"ticket": "X-1", "text": "x"}}
        said = {"commands": [comment] * 2000}

        here.gated.ask("POST", "/v1/batch", said, **bearer)
        after = here.gated.ask("GET", "/v1/door", **bearer)

    assert after.status == 429
    assert int(after.headers["retry-after"]) > 10


def _batches(credentials: Credentials, readers: Readers, writer: Writer) -> tuple[Part, ...]:
    return (BatchApi(writer, credentials),)


def test_wrong_passwords_from_one_address_lock_nobody_out(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FREE_FAILURES", 4)
    with site(tmp_path_factory.mktemp("locking"), server={"behind_proxy": True}) as here:

        def sign_in(address: str, password: str, name: str = "ana") -> int:
            return here.gated.ask(
                "POST",
                "/v1/session",
                {"name": name, "password": password},
                X_Forwarded_For=address,
            ).status

        with monkeypatch.context() as crowded:
            crowded.setattr(hashing_slots, "_taken", _taken_by_others)
            busy = [sign_in("203.0.113.1", PASSWORD, f"number {one}") for one in range(6)]
        assert busy == [503] * 6  # Nobody has looked at those passwords.

        # Who gets in costs the others of the same office nothing.
        assert [sign_in("203.0.113.1", PASSWORD) for _ in range(6)] == [200] * 6
        wrong = [sign_in("203.0.113.1", "wrong password") for _ in range(6)]

        assert wrong == [401] * 4 + [429] * 2
        assert sign_in("203.0.113.1", PASSWORD) == 429
        assert sign_in("203.0.113.2", PASSWORD) == 200


def _taken_by_others(*_: object) -> int:
    raise hashing_slots._busy()


def test_connections_beyond_what_one_address_may_have_are_refused(tight: Site) -> None:
    with contextlib.ExitStack() as closing:
        held = [closing.enter_context(tight.gated.raw()) for _ in range(6)]
        for one in held:
            one.sendall(head())
            assert next(answers(one.recv(65_536))).status == 200
        with tight.gated.raw() as beyond:
            (refused,) = answers(until_closed(beyond))

        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert tight.gated.ask_here("GET", "/v1/entrance").status == 200
    _until_served(tight)


def test_other_users_of_the_machine_are_limited_as_addresses_are(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"requests_a_second": 0.5, "connections_of_one": 1000}
    with site(tmp_path_factory.mktemp("users"), server=few) as here:
        ours = [here.gated.ask_here("GET", "/v1/entrance").status for _ in range(12)]
        monkeypatch.setattr(callers, "is_ours", lambda user: False)
        others = [here.gated.ask_here("GET", "/v1/entrance").status for _ in range(12)]

    assert ours == [200] * 12
    assert others == [200] * 8 + [429] * 4


def test_somebody_who_does_not_read_the_answer_loses_the_connection(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READ_WITHIN", 0.3)
    monkeypatch.setattr(limits, "MOST_WAITING", 1000)
    with site(tmp_path_factory.mktemp("deaf"), server={"connections_of_one": 1}) as here:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", here.gated.port))
            deaf.sendall(head("GET /openapi.json", "Accept: application/json") * 300)
            _until_served(here)
            octets = until_closed(deaf)

    assert octets.count(b"HTTP/1.1 200 OK") < 300


def _until_served(tight: Site) -> None:
    """The places of connections that were closed are free again."""
    for _ in range(2000):
        with contextlib.suppress(ConnectionError):
            found = sent(tight.gated.raw(), head("GET /v1/entrance", "Connection: close"))
            if [one.status for one in found] == [200]:
                return
    raise AssertionError("nobody is let in any more")


def test_behind_a_proxy_nobody_else_is_answered_over_the_network(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    elsewhere = {"behind_proxy": True, "proxy": "192.0.2.1"}
    with site(tmp_path_factory.mktemp("proxied"), server=elsewhere) as here:
        assert here.gated.ask("GET", "/v1/entrance").status == 403
        assert here.gated.ask_here("GET", "/v1/entrance").status == 200


# --- from where ----------------------------------------------------------------------------------

PROXIED = ServerSettings(
    behind_proxy=True, proxy="127.0.0.1,10.0.0.1", url="https://desk.example.org"
)
HERE = Caller(address="127.0.0.1")


def _seen(
    headers: dict[str, str], caller: Caller = HERE, settings: ServerSettings = PROXIED
) -> str:
    found = behind_the_proxy(caller, Headers(headers), settings)
    assert not found.is_local or not headers
    return found.address


def test_a_callers_address_is_the_last_that_no_proxy_of_ours_has() -> None:
    assert _seen({}) == "127.0.0.1"
    assert _seen({"X-Forwarded-For": "203.0.113.7"}) == "203.0.113.7"
    assert _seen({"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}) == "203.0.113.7"
    assert _seen({"X-Forwarded-For": "203.0.113.7, 10.0.0.1"}) == "203.0.113.7"
    assert _seen({"X-Forwarded-For": "ana"}) == "?"
    assert _seen({"X-Forwarded-For": "127.0.0.1"}) == "?"
    assert _seen({"X-Real-IP": "203.0.113.7"}) == "?"


def test_whoever_is_no_proxy_of_ours_says_in_vain_from_where_somebody_comes() -> None:
    claimed = {"X-Forwarded-For": "203.0.113.7"}

    assert _seen(claimed, Caller(address="192.0.2.9")) == "192.0.2.9"
    assert _seen(claimed, HERE, replace(PROXIED, behind_proxy=False)) == "127.0.0.1"
    assert _seen(claimed, Caller(user=1000), replace(PROXIED, behind_proxy=False)) == "?"
    assert _seen(claimed, Caller(user=1000)) == "203.0.113.7"


def test_addresses_of_ipv6_are_counted_by_the_network_that_one_customer_has() -> None:
    def group(address: str) -> str:
        return group_of(Caller(address=address))

    assert group("2001:db8:1:2::1") == group("2001:db8:1:2:ffff::9")
    assert group("2001:db8:1:2::1") != group("2001:db8:1:3::1")
    assert group("203.0.113.7") == "203.0.113.7"
    assert group("?") == "?"


# --- buckets -------------------------------------------------------------------------------------


def test_a_bucket_is_emptied_and_fills_again_with_time() -> None:
    now = [0.0]
    rates = Rates(a_second=2, at_once=3, moment=lambda: now[0])

    assert [rates.take("ana") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rates.take("ben") == 0
    now[0] += 0.5
    assert [rates.take("ana"), rates.take("ana")] == [0, 0.5]
    rates.give_back("ana")
    assert rates.take("ana") == 0
    now[0] += 1000
    assert [rates.take("ana") for _ in range(4)] == [0, 0, 0, 0.5]


def test_no_more_buckets_are_kept_than_fit() -> None:
    rates = Rates(a_second=1, at_once=1, moment=lambda: 0.0)

    for number in range(MOST_KEPT + 10):
        rates.take(str(number))

    assert len(rates._left) == MOST_KEPT
    assert rates.take("0") == 0
    assert rates.take(str(MOST_KEPT + 9)) > 0
