"""The API as a program meets it: refusals as problems in its language, one command at most once, pages, tags."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from casewright import errors
from casewright.commands import new_id
from casewright.config import Config
from casewright.errors import ServerRefused, SignInRefused, message
from casewright.server.application import application
from casewright.server.examples import COMMANDS
from casewright.server.languages import chosen
from casewright.server.problems import problem
from casewright.server.statuses import STATUS, status_of
from casewright.texts import Texts
from casewright.wire.codec import read
from casewright.wire.kinds import every_error
from casewright.wire.said import STREAMED

from ..conftest import ROOT
from .described import client_at

PROBLEM = "application/problem+json"


def refused(response: httpx.Response, status: int, code: str) -> dict:
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    told = response.json()
    assert (told["status"], told["code"]) == (status, code)
    return told


def opened(client: httpx.Client, **more) -> str:
    body = {**COMMANDS["OpenTicket"], **more}
    return client.post("/v1/commands/OpenTicket", json=body).raise_for_status().json()["ticket"]


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [one for one in every_error() if one.__module__ == errors.__name__],
    ids=lambda one: one.__name__,
)
def test_every_refusal_has_a_status(kind):
    assert kind in STATUS or kind is ServerRefused


def test_a_refusal_of_a_plugin_is_understood_and_refused():
    strange = type("Strange", (errors.CommandRefused,), {})

    assert status_of(strange(reason=message("no"))) == 422


def test_a_refusal_is_told_in_the_readers_language_and_can_be_read_back(desk_client):
    asked = {"name": "GetTicket", "json": {"ticket": "CMP-1999-000001"}}

    told = {
        language: refused(
            desk_client.post(
                f"/v1/queries/{asked['name']}",
                json=asked["json"],
                headers={"Accept-Language": language},
            ),
            404,
            "not_found",
        )
        for language in ("en", "zh-CN,zh;q=0.9,en;q=0.1")
    }

    english, chinese = told.values()
    assert english["detail"] == "There is no ticket 'CMP-1999-000001'."
    assert re.search("[\u4e00-\u9fff]", chinese["detail"])
    assert str(read(english["error"])) == english["detail"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-Hant-TW", "zh"),
        ("fr, zh;q=0.5", "zh"),
        ("fr", "en"),
        ("en;q=0.3, zh;q=0.4", "zh"),
        ("zh;q=0.3, en;q=0.4", "en"),
        ("zh;q=0", "en"),
        ("*, zh;q=0", "en"),
        ("en;q=0, *", "zh"),
        ("zh;q=2", "en"),
        (";;;,,=", "en"),
        ("ZH_CN", "en"),
        ("zh ; q=0.8 , de", "zh"),
    ],
)
def test_the_language_is_the_one_that_is_given_most_weight(header, language):
    assert chosen(header) == language


@pytest.mark.parametrize(
    ("method", "path", "content", "kind", "status", "code"),
    [
        ("GET", "/v1/nothing", None, None, 404, "server.refused"),
        ("GET", "/v1/commands/OpenTicket", None, None, 405, "server.refused"),
        ("DELETE", "/v1/tickets", None, None, 405, "server.refused"),
        ("POST", "/v1/commands/OpenTicket", b"x=1", "text/plain", 415, "server.refused"),
        ("POST", "/v1/commands/OpenTicket", b"", "application/json", 400, "json.refused"),
        ("POST", "/v1/commands/OpenTicket", b"[]", "application/json", 400, "wire.refused"),
        ("POST", "/v1/commands/OpenTicket", b"[" * 99, "application/json", 400, "json.refused"),
        ("POST", "/v1/commands/OpenTiket", b"{}", "application/json", 404, "not_found"),
        ("POST", "/v1/commands/TimerFired", b"{}", "application/json", 404, "not_found"),
        ("POST", "/v1/queries/ExportAudit", b"{}", "application/json", 404, "not_found"),
        ("GET", "/v1/tickets?limit=many", None, None, 400, "wire.refused"),
        ("GET", "/v1/tickets?limit=1&limit=2", None, None, 400, "wire.refused"),
        ("GET", "/v1/tickets?colour=red", None, None, 400, "wire.refused"),
        ("GET", "/v1/tickets?limit=9223372036854775808", None, None, 400, "wire.refused"),
        ("GET", "/v1/forms/nothing", None, None, 404, "not_found"),
        ("GET", "/v1/tickets/", None, None, 404, "server.refused"),
    ],
)
def test_what_no_path_takes_is_a_problem_too(
    desk_client, method, path, content, kind, status, code
):
    headers = {"Content-Type": kind} if kind else {}

    response = desk_client.request(method, path, content=content, headers=headers)

    refused(response, status, code)


def test_what_a_path_takes_is_told_with_the_refusal(desk_client):
    assert desk_client.get("/v1/queries/WhoAmI").headers["allow"] == "POST"


def test_whoever_is_not_known_is_asked_to_sign_in(desk_client):
    response = desk_client.post("/v1/queries/WhoAmI", json={}, headers={"Casewright-Actor": ""})

    told = refused(response, 401, "not_signed_in")
    assert response.headers["www-authenticate"] == "Bearer"
    assert "/v1/session" in told["detail"]


def test_nobody_speaks_for_somebody_else(desk_client):
    body = {**COMMANDS["OpenTicket"], "actor": "chen_jing"}

    refused(desk_client.post("/v1/commands/OpenTicket", json=body), 403, "not_allowed")


def test_who_has_to_wait_is_told_for_how_long():
    waiting = SignInRefused(reason=message("wait"), wait_seconds=7)

    assert problem(waiting, Texts("en")).headers["retry-after"] == "7"


def test_a_refusal_that_holds_what_json_cannot_say_is_a_refusal_all_the_same():
    odd = errors.ExtensionRefused(ticket="A-1", promise=Decimal("9.90"), reason=message("no"))

    response = problem(odd, Texts("en"))

    told = json.loads(response.body)
    assert (response.status_code, told["code"]) == (status_of(odd), "extension.refused")
    assert told["detail"] in str(read(told["error"])) + "."


def test_a_bug_is_told_by_an_id_under_which_the_log_has_it_and_by_nothing_else(tmp_path):
    secret = "13800138000"

    class Broken:
        def routes(self):
            from starlette.routing import Route

            async def broken(request):
                raise ZeroDivisionError(secret)

            return (Route("/v1/customers/{customer}", broken, methods=["GET"]),)

    config = Config(root=tmp_path, database=tmp_path / "x.db", attachments=tmp_path / "a")
    with client_at(application([Broken()], config)) as client:
        told = refused(client.get(f"/v1/customers/{secret}"), 500, "incident")

    log = config.log_file.read_text()
    assert json.loads(log)["id"] == told["incident"]
    assert told["incident"] in told["detail"]
    assert set(told) == {"type", "title", "status", "detail", "code", "incident"}
    assert secret not in log + json.dumps(told)


# --- at most once ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["in the body", "in the header", "in quotation marks"])
def test_a_command_that_is_said_twice_happens_once(desk_client, way):
    body, number = dict(COMMANDS["OpenTicket"]), new_id()
    headers = {} if way == "in the body" else {"Idempotency-Key": number}
    if way == "in the body":
        body["command_id"] = number
    if way == "in quotation marks":
        headers["Idempotency-Key"] = f'"{number}"'

    first, again = (
        desk_client.post("/v1/commands/OpenTicket", json=body, headers=headers).json()
        for _ in range(2)
    )

    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["ticket"] == again["ticket"]


def test_another_command_under_the_same_id_is_refused(desk_client):
    number = {"Idempotency-Key": new_id()}
    body = dict(COMMANDS["OpenTicket"])
    desk_client.post("/v1/commands/OpenTicket", json=body, headers=number).raise_for_status()

    other = desk_client.post(
        "/v1/commands/OpenTicket", json={**body, "channel": "email"}, headers=number
    )

    refused(other, 409, "command.reused")


# --- looking up --------------------------------------------------------------------------------


def test_what_is_looked_up_is_what_the_query_answers(desk_client):
    key = opened(desk_client)

    by_path = desk_client.get(f"/v1/tickets/{key}").json()

    assert by_path == desk_client.post("/v1/queries/GetTicket", json={"ticket": key}).json()


def test_who_has_it_as_it_is_gets_nothing_until_it_changes(desk_client):
    key = opened(desk_client)
    first = desk_client.get(f"/v1/tickets/{key}")
    known = {"If-None-Match": first.headers["etag"]}

    unchanged = desk_client.get(f"/v1/tickets/{key}", headers=known)
    desk_client.post("/v1/commands/AddComment", json={"ticket": key, "text": "x"})
    changed = desk_client.get(f"/v1/tickets/{key}", headers=known)

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


def test_pages_lead_from_one_to_the_next_until_the_end(desk_client):
    keys = {opened(desk_client, channel="email") for _ in range(5)}
    address, seen = "/v1/tickets?limit=2&open=true&workflow=inquiry", []

    while address:
        page = desk_client.get(address).raise_for_status()
        seen += [one["key"] for one in page.json()["tickets"]]
        address = page.links.get("next", {}).get("url", "")

    assert keys <= set(seen)
    assert len(seen) == len({*seen})


def test_a_form_is_the_schema_of_what_is_entered(desk_client):
    import jsonschema_rs

    listed = desk_client.get("/v1/forms").json()
    form = desk_client.get("/v1/forms/inquiry").json()
    validator = jsonschema_rs.Draft202012Validator(form)

    assert {"name": "inquiry", "workflow": "inquiry", "opens": True} == {
        key: one
        for one in listed
        if one["name"] == "inquiry"
        for key, one in one.items()
        if key != "title"
    }
    assert validator.is_valid(COMMANDS["OpenTicket"]["fields"])
    assert not validator.is_valid({"subject": 7})
    assert form["properties"]["customer_phone"]["x-personal"] is True
    assert form["properties"]["subject"]["x-title"]["zh"] == "主题"


def test_a_moment_may_be_said_in_an_address(desk_client):
    when = datetime.now(UTC) - timedelta(days=1)
    page = desk_client.post(
        "/v1/queries/GetAccessReport", json={"since": when.isoformat().replace("+00:00", "Z")}
    )

    assert page.status_code == 200


# --- examples ----------------------------------------------------------------------------------

STORY = (
    "SaveCustomer",
    "LogContact",
    "OpenTicket",
    "AddComment",
    "EditFields",
    "RecordContact",
    "WatchTicket",
    "FireTransition",
    "ReopenTicket",
    "AssignTicket",
    "SavePerson",
    "SetAbsence",
    "PublishAnnouncement",
    "ReadAnnouncement",
    "WithdrawAnnouncement",
    "MakeToken",
    "ImportCustomers",
    "MergeCustomers",
)
"""Commands whose examples one can say one after the other, in a new demonstration."""


def test_the_examples_can_be_said_one_after_the_other(desk_client):
    key = ""
    for name in STORY:
        body = {**COMMANDS[name]}
        body |= {"ticket": key} if "ticket" in body else {}
        response = desk_client.post(f"/v1/commands/{name}", json=body)
        assert response.status_code == 200, (name, response.text)
        key = response.json()["ticket"] or key


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="the page's examples are said with curl"
)
@pytest.mark.parametrize("page", ["api.md", "api.zh.md"])
def test_the_page_says_what_happens(desk_client, desk_root, page):
    told = (ROOT / "docs" / page).read_text("utf-8")
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", told, re.MULTILINE | re.DOTALL))

    done = subprocess.run(
        ["bash", "-euc", script], cwd=desk_root, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("urn:casewright:") == 1, done.stdout
    for shown in (
        '"repeated":true',
        '"name":"answer"',
        '"kind":"TransitionFired"',
        "etag: ",
        '"x-form":"inquiry"',
        '"until":',
        "缺少“ticket”",
    ):
        assert shown in done.stdout


def test_what_is_streamed_has_a_path_of_its_own(desk_client):
    paths = desk_client.get("/openapi.json").json()["paths"]

    assert {one.__name__ for one in STREAMED} == {
        "ExportAudit",
        "PrepareBackup",
        "PrepareExport",
    }
    assert {"/v1/audit-export", "/v1/backup", "/v1/export"} <= set(paths)
