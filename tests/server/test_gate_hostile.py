"""Slow, huge, deep and malformed: each gets its error, nobody else notices."""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from casewright.access import passwords
from casewright.desk import open_desk
from casewright.server import body_sizes, limits, posted, sign_in_lane
from casewright.store.database import library

from .gate_site import PASSWORD, Site, site
from .gated import gated
from .raw_http import answers, head, sent, until_closed

SOON = 1.5
"""Seconds for what takes ten or more otherwise."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("HEAD_WITHIN", "BODY_WITHIN", "IDLE_WITHIN", "READ_WITHIN"):
            patched.setattr(limits, name, SOON)
        patched.setattr(limits, "LINGER", 0.1)
        folder = tmp_path_factory.mktemp("hostile")
        with site(folder, server={"requests_a_second": 1000.0}) as made:
            yield made


CHUNKED = "Transfer-Encoding: chunked"
POST = "POST /v1/session"
MALFORMED: dict[str, tuple[bytes, int]] = {
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a length and chunks": (head(POST, "Content-Length: 6", CHUNKED) + b"0\r\n\r\nX", 400),
    "chunks and a length": (head(POST, CHUNKED, "Content-Length: 6") + b"0\r\n\r\nX", 400),
    "two lengths": (head(POST, "Content-Length: 1", "Content-Length: 2") + b"{}", 400),
    "a length with a sign": (head(POST, "Content-Length: +2") + b"{}", 400),
    "a length that is none": (head(POST, "Content-Length: 2x") + b"{}", 400),
    "a length beyond all": (head(POST, "Content-Length: 99999999999999999999") + b"{}", 400),
    "a blank before the colon": (head(POST, "Content-Length : 2") + b"{}", 400),
    "a coding before chunks": (head(POST, "Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n", 501),
    "a coding unknown": (head(POST, "Transfer-Encoding: xchunked") + b"0\r\n\r\n", 501),
    "chunks twice": (head(POST, CHUNKED, CHUNKED) + b"0\r\n\r\n", 400),
    "chunks in HTTP/1.0": (b"POST /v1/session HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    "a chunk without a length": (head(POST, CHUNKED) + b"zz\r\n", 400),
    "a chunk beyond all": (head(POST, CHUNKED) + b"fffffffffffffffff\r\n", 400),
    "lines without a return": (b"GET / HTTP/1.1\nHost: localhost\n\n", 400),
    "a folded header": (head("GET /", "A: b\r\n c"), 400),
    "NUL in a header": (head("GET /", "A: b\0c"), 400),
    "a lone return in a header": (head("GET /", "A: b\rX: c"), 400),
    "NUL in the path": (b"GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "a method unknown": (head("BREW /"), 400),
    "a method for proxies": (head("CONNECT localhost:80"), 400),
    "another version": (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
    "the beginning of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "an address without end": (head("GET /" + "a" * 10_000), 414),
    "a header without end": (head("GET /", "A: " + "b" * 100_000), 431),
    "a header line without end": (b"GET / HTTP/1.1\r\nA: " + b"b" * 300_000, 431),
    "a header name without end": (b"GET / HTTP/1.1\r\n" + b"b" * 300_000, 431),
    "too many headers": (head("GET /", *(f"X-{one}: 1" for one in range(200))), 431),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_refused_once_and_the_connection_closed(
    here: Site, name: str
) -> None:
    octets, status = MALFORMED[name]

    found = sent(here.gated.raw(), octets)

    assert [one.status for one in found] == [status]
    assert found[0].headers["content-type"] == "application/problem+json"
    assert found[0].data["status"] == status


def test_a_refusal_before_the_application_is_told_in_the_readers_language(here: Site) -> None:
    asked = head("GET /", "Accept-Language: zh-CN", "A: " + "b" * 50_000)

    (answer,) = sent(here.gated.raw(), asked)

    assert answer.data["detail"].startswith("服务拒绝了请求")


HOSTS = {
    "no host": (b"GET /v1/entrance HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    "two hosts": (head("GET /v1/entrance", "Host: localhost", "Connection: close"), 400),
    "another host": (head("GET /v1/entrance", "Connection: close", host="evil.example.com"), 421),
    "another host by its end": (head("GET /v1/entrance", "Connection: close", host="localhost.evil.com"), 421),
    "an address": (head("GET /v1/entrance", "Connection: close", host="192.0.2.7:8090"), 200),
    "this machine": (head("GET /v1/entrance", "Connection: close", host="LocalHost:1"), 200),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTS)
def test_only_names_of_this_server_are_answered(here: Site, name: str) -> None:
    octets, status = HOSTS[name]

    assert [one.status for one in sent(here.gated.raw(), octets)] == [status]


# --- bodies --------------------------------------------------------------------------------------


def test_a_body_is_refused_by_its_length_before_it_is_sent(here: Site) -> None:
    connection = here.gated.raw()
    with connection:
        connection.sendall(head(POST, "Content-Length: 9999999999", "Expect: 100-continue"))
        answer = next(answers(connection.recv(65_536)))

    assert (answer.status, answer.data["code"]) == (413, "server.refused")


def test_a_body_in_chunks_is_refused_where_it_grows_too_large(here: Site) -> None:
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
    connection = here.gated.raw()
    with connection:
        connection.sendall(head(POST, CHUNKED, "Content-Type: application/json") + 4 * chunk)
        answer = next(answers(connection.recv(65_536)))

        assert answer.status == 413
        # What still comes of it is let pass, and the connection serves on.
        connection.sendall(chunk + b"0\r\n\r\n" + head("GET /v1/entrance"))
        assert next(answers(connection.recv(65_536))).status == 200


def test_what_stands_behind_a_body_is_no_header(here: Site) -> None:
    behind = f"Authorization: Bearer {_session(here)}\r\nX-Forwarded-For: 203.0.113.1\r\n"
    asked = head("POST /v1/queries/ListTickets", CHUNKED, "Connection: close")

    found = sent(here.gated.raw(), asked + b"2\r\n{}\r\n0\r\n" + behind.encode() + b"\r\n")

    assert [one.status for one in found] == [401]


def test_a_body_that_no_path_wants_is_not_kept(here: Site) -> None:
    token = here.session()
    large = b" " * 5_000_000
    bearer = {"Authorization": f"Bearer {token}"}

    answer = here.gated.ask("POST", "/v1/commands/AddComment", large, **bearer)

    assert answer.status == 413


def test_no_more_is_held_of_all_bodies_than_fits(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    bearer = {"Authorization": f"Bearer {_session(here)}"}
    monkeypatch.setattr(body_sizes, "MOST_HELD", 100_000)
    large = json.dumps({"text": "a" * 200_000}).encode()

    refused = here.gated.ask("POST", "/v1/queries/ListTickets", large, **bearer)

    assert refused.status == 503
    assert int(refused.headers["retry-after"]) >= 1
    assert here.gated.ask("POST", "/v1/queries/ListTickets", {}, **bearer).status == 200


def test_whoever_sends_much_keeps_nobody_from_sending_little(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _session(here)
    monkeypatch.setattr(body_sizes, "MOST_HELD", 240_000)
    monkeypatch.setattr(limits, "BODY_WITHIN", 60)
    with here.gated.raw() as much:
        much.sendall(_upload(token, 500_000) + b"a" * body_sizes.ALWAYS_TAKEN)
        _until(lambda: here.ask(token, text="a" * 100_000).status == 503)

        assert here.ask(token).status == 200
        assert here.session()
    _until(lambda: here.ask(token, text="a" * 100_000).status != 503)


def test_a_body_that_began_fast_buys_no_long_pause(here: Site) -> None:
    with here.gated.raw() as connection:
        connection.sendall(_upload(_session(here), 2_000_000) + b"a" * 1_900_000)
        answer = next(answers(until_closed(connection)))

    assert answer.status == 408


def _upload(token: str, length: int) -> bytes:
    bearer = f"Authorization: Bearer {token}"
    return head("PUT /v1/files?ticket=X-1", bearer, f"Content-Length: {length}")


def test_reading_a_long_body_holds_nobody_up(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, begun, go_on = _session(here), threading.Event(), threading.Event()
    real = posted.strict_json.loads

    def held(octets: bytes, **how: Any) -> object:
        if len(octets) > 40_000:
            begun.set()
            go_on.wait(30)
        return real(octets, **how)

    monkeypatch.setattr(posted.strict_json, "loads", held)
    found: list[int] = []
    long = {"text": "a" * 50_000}
    thread = threading.Thread(target=lambda: found.append(here.ask(token, **long).status))
    thread.start()
    try:
        assert begun.wait(30)
        served = [here.ask(token).status for _ in range(3)]
    finally:
        go_on.set()
        thread.join()

    assert served == [200] * 3
    assert found == [200]


@pytest.mark.parametrize("path", ["/v1/entrance", "/v1/door", "/nothing", "/openapi.json"])
def test_every_answer_tells_browsers_to_run_frame_guess_and_keep_nothing(
    here: Site, path: str
) -> None:
    said = here.gated.ask("GET", path).headers

    assert said["x-content-type-options"] == "nosniff"
    assert said["x-frame-options"] == "DENY"
    assert "default-src 'none'" in said["content-security-policy"]
    assert said["referrer-policy"] == "no-referrer"
    assert said["cache-control"] in (
        "no-store",
        "private, no-cache",
        "no-cache",
        "public, no-cache",
    )
    assert "server" not in said
    assert "access-control-allow-origin" not in said


def test_a_compressed_body_is_not_unpacked(here: Site) -> None:
    for coding in ("gzip", "deflate", "br", "identity, gzip"):
        answer = here.gated.ask("POST", "/v1/session", b"x", Content_Encoding=coding)
        assert answer.status == 415


BODIES: dict[str, bytes] = {
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "a list of lists": b'{"workflow":' + b"[" * 40 + b"]" * 40 + b"}",
    "NaN": b'{"limit": NaN}',
    "an infinity": b'{"limit": 1e999}',
    "a number beyond 64 bits": b'{"limit": 99999999999999999999}',
    "a key twice": b'{"limit": 1, "limit": 2}',
    "half a character": b'{"text": "\\ud800"}',
    "NUL": b'{"text": "a\\u0000b"}',
    "no UTF-8": b'{"text": "\xff\xfe"}',
    "nothing": b"",
    "half": b'{"limit": 1',
    "two values": b"{}{}",
    "a list": b"[]",
    "a number": b"1",
    "a name unknown": b'{"nothing_like_it": 1}',
    "a kind wrong": b'{"limit": "many"}',
    "a tag unknown": b'{"$": "os.system", "limit": 1, "x": {"$": "os.system"}}',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_says_nothing_sound_is_a_bad_request(here: Site, name: str) -> None:
    bearer = {"Authorization": f"Bearer {_session(here)}"}

    answer = here.gated.ask("POST", "/v1/queries/ListTickets", BODIES[name], **bearer)

    assert answer.status == 400, answer.data
    assert answer.data["code"] in ("json.refused", "wire.refused")


WORDS = (
    "'; DROP TABLE ticket; --", '" OR 1=1 --', "a' UNION SELECT * FROM credential --", '"a" AND NEAR(',
    "*", "^", "(", "%_%", "a:b", "-a", "NOT", "\\", "$1", "{ticket}", "a" * 10_000,
)  # fmt: skip


def test_words_that_are_looked_for_are_words_and_no_statement(here: Site) -> None:
    token = _session(here)
    for words in WORDS:
        found = [
            here.ask(token, "queries/ListTickets", text=words),
            here.ask(token, "queries/FindCustomers", sought=words),
            here.ask(token, "queries/ListPeople"),
        ]
        assert [one.status for one in found[:2]] in ([200, 200], [422, 422], [200, 422]), words
        assert len(found[2].data) == 3


def test_the_name_of_a_file_that_was_sent_names_no_place_and_no_header(here: Site) -> None:
    token = _session(here)
    bearer = {"Authorization": f"Bearer {token}"}
    opened = here.ask(token, "commands/OpenTicket", workflow="errand", fields={"subject": "x"})
    key = opened.data["ticket"]
    for name in (
        "../../../etc/passwd",
        "/etc/passwd",
        'a"\r\nX-Evil: 1',
        "a;b=c",
        "名.html",
        "..",
    ):
        place = f"/v1/files?ticket={key}&filename={quote(name, safe='')}"
        octets = f"<script>{name}</script>".encode()
        kept = here.gated.ask("PUT", place, octets, **bearer)
        assert kept.status == 200, kept.data
        said = {
            "ticket": key,
            "digest": kept.data["digest"],
            "filename": name,
            "size": len(octets),
        }
        here.ask(token, "commands/AttachFile", **said)
    given = [
        here.gated.ask("GET", f"/v1/tickets/{key}/files/{number}", **bearer)
        for number in range(1, 9)
    ]

    files = [one for one in given if one.status == 200]
    assert files
    for one in files:
        assert one.headers["content-disposition"].startswith("attachment;")
        assert one.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in one.headers["content-security-policy"]
        assert "x-evil" not in one.headers
    folder = here.gated.config.attachments
    stored = [str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()]
    assert len(stored) == 6
    assert [one for one in stored if not re.fullmatch("[0-9a-f]{2}/[0-9a-f]{62}", one)] == []


_KEPT: dict[int, str] = {}


def _session(here: Site) -> str:
    return _KEPT.setdefault(id(here), here.session())


# --- slow ones -----------------------------------------------------------------------------------


def test_many_slow_callers_are_shown_out_while_others_are_served(here: Site) -> None:
    begun: list[bytes] = [
        b"",
        b"GET /v1/entr",
        head("GET /v1/entrance")[:-4],
        head(POST, "Content-Length: 1000", "Content-Type: application/json"),
        head(POST, CHUNKED, "Content-Type: application/json") + b"5\r\n",
    ]
    slow = [(here.gated.raw(), one) for one in begun for _ in range(30)]
    for connection, octets in slow:
        connection.sendall(octets)
    stop = threading.Event()
    dribbling = [(one, b" " if len(octets) > 60 else b"a") for one, octets in slow[30:]]
    thread = threading.Thread(target=_dribble, args=(dribbling, stop))
    thread.start()
    try:
        token = here.session()
        served = [here.ask(token).status for _ in range(50)]
        found = [until_closed(connection) for connection, _ in slow]
    finally:
        stop.set()
        thread.join()
        for connection, _ in slow:
            connection.close()

    assert set(served) == {200}
    said = {one.status for octets in found for one in answers(octets)}
    assert said <= {408, 400}
    assert sum(1 for octets in found if b" 408 " in octets[:20]) >= len(slow) // 2


def _dribble(connections: list[tuple[socket.socket, bytes]], stop: threading.Event) -> None:
    """Send a byte to each now and then, as a caller does who wants to hold a server up."""
    while not stop.wait(SOON / 5):
        for connection, octet in connections:
            with contextlib.suppress(OSError):
                connection.send(octet)


def test_a_connection_that_says_nothing_more_is_closed(here: Site) -> None:
    with here.gated.raw() as connection:
        connection.sendall(head())
        octets = until_closed(connection)

    assert [one.status for one in answers(octets)] == [200]


def test_line_ends_alone_keep_no_connection_open(here: Site) -> None:
    stop = threading.Event()
    with here.gated.raw() as connection:
        connection.sendall(head())
        thread = threading.Thread(target=_dribble, args=([(connection, b"\r\n")], stop))
        thread.start()
        octets = until_closed(connection)
        stop.set()
        thread.join()

    assert next(answers(octets)).status == 200


def test_requests_behind_each_other_are_answered_in_order_and_not_without_end(
    here: Site,
) -> None:
    few = head() * 4 + head("GET /v1/entrance", "Connection: close")
    assert [one.status for one in sent(here.gated.raw(), few)] == [200] * 5

    many = sent(here.gated.raw(), head() * 1000)
    assert {one.status for one in many} == {200}
    assert len(many) < 1000


def test_a_request_that_came_whole_is_answered_though_nonsense_follows_it(here: Site) -> None:
    found = sent(here.gated.raw(), head() + b"\0nonsense\r\n\r\n")

    assert [one.status for one in found] == [200]


# --- passwords and queries -----------------------------------------------------------------------


def test_passwords_being_worked_out_hold_up_nobody_and_no_more_than_some_wait(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, token = threading.Event(), here.session()
    real = passwords.fits

    def held(verifier: str, password: str) -> bool:
        go_on.wait(30)
        return real(verifier, password)

    monkeypatch.setattr(passwords, "fits", held)
    monkeypatch.setattr(sign_in_lane, "MOST_WAITING", 4)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(here.sign_in().status)) for _ in range(8)
    ]
    for one in threads:
        one.start()
    served = [here.ask(token).status for _ in range(20)]
    _until(lambda: len(found) == 4)
    refused = [*found]
    go_on.set()
    for one in threads:
        one.join()

    assert served == [200] * 20
    assert refused == [503] * 4
    assert sorted(found) == [200] * 4 + [503] * 4


def _until(done: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(600):
        if done():
            return
        waiting.wait(0.05)
    raise AssertionError("it did not come to it")


ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
)


class _Endless(library().Connection):  # type: ignore[misc,name-defined]
    """A connection on which looking at tickets takes for ever."""

    def execute(self, sql: str, *parameters: Any) -> Any:
        slow = sql.lstrip().startswith("SELECT") and "FROM ticket" in sql
        return super().execute(ENDLESS) if slow else super().execute(sql, *parameters)


def _endless(path: Path) -> Any:
    return library().connect(str(path), isolation_level=None, factory=_Endless)


def test_a_query_without_end_is_given_up_and_the_reader_serves_on(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with site(tmp_path_factory.mktemp("endless"), server={"answer_seconds": 0.2}) as made:
        opener = partial(
            open_desk, made.gated.config, owned=True, clock=made.clock, driver=_endless
        )
        normal = partial(open_desk, made.gated.config, owned=True, clock=made.clock)
        made.gated.path.unlink()
        with gated(made.gated.config, opener, writing=normal) as slow:
            bearer = {"Authorization": f"Bearer {made.session()}"}
            late = [slow.ask("POST", "/v1/queries/ListTickets", {}, **bearer) for _ in range(6)]
            fine = slow.ask("POST", "/v1/queries/ListPeople", {}, **bearer)

    assert [(one.status, one.data["code"]) for one in late] == [(504, "query.too_late")] * 6
    assert fine.status == 200


def test_a_password_is_in_no_answer_and_in_no_log(here: Site) -> None:
    for body in (
        {"name": "ana", "password": PASSWORD, "nonsense": 1},
        {"name": "ana", "password": [PASSWORD]},
        [PASSWORD],
    ):
        answer = here.gated.ask("POST", "/v1/session", json.dumps(body).encode())
        assert answer.status == 400
        assert PASSWORD.encode() not in answer.body
    log = here.gated.config.log_file
    assert not log.exists() or PASSWORD not in log.read_text()
