"""Who is there: by a session, by a token, by the kernel's word, at their own; and what a browser's cookie is good for."""

import os
import pwd
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pyotp import TOTP

from casewright.access import second_factor
from casewright.commands import (
    EndSessions,
    RevokeToken,
    SavePerson,
    SetSecondFactor,
)
from casewright.model import SYSTEM
from casewright.queries import ListTokens
from casewright.redaction import redacted
from casewright.store import access_log
from casewright.store.database import Database

from .gate_site import NOON, PASSWORD, Site, site

LOGIN = pwd.getpwuid(os.geteuid()).pw_name
SAME = {"Sec_Fetch_Site": "same-origin"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    server = {"url": "http://desk.example.org", "requests_a_second": 1000.0}
    with site(tmp_path_factory.mktemp("who"), server=server) as made:
        yield made


@pytest.fixture
def here(shared: Site) -> Site:
    shared.clock.set(max(shared.clock.now() + timedelta(hours=2), NOON))
    return shared


def _rows(here: Site) -> list[tuple[str, str, str]]:
    database = Database(here.gated.config.database)
    try:
        rows = access_log.page(database, limit=1000)[::-1]
        return [(one.actor, one.kind, one.door) for one in rows]
    finally:
        database.close()


# --- sessions ------------------------------------------------------------------------------------


def test_somebody_signs_in_asks_and_signs_out(here: Site) -> None:
    begun = here.sign_in("ana")
    token = begun.data["token"]

    assert begun.status == 200
    assert begun.data["person"]["name"] == "ana"
    assert here.ask(token).data == {"tickets": [], "after": None}
    door = here.gated.ask("GET", "/v1/door", Authorization=f"Bearer {token}").data
    assert (door["actor"], door["name"]) == ("ana", "api")
    ended = here.gated.ask("DELETE", "/v1/session", Authorization=f"Bearer {token}")
    assert ended.data == {"ended": True}
    assert here.ask(token).status == 401
    assert _rows(here)[-2:] == [("ana", "signed_in", "api"), ("ana", "signed_out", "api")]


def test_a_wrong_password_and_an_unknown_name_are_told_alike(here: Site) -> None:
    wrong = {"name": "ana", "password": "not the password"}
    nobody = {"name": "nobody-here", "password": "not the password"}
    answers = [here.gated.ask("POST", "/v1/session", one) for one in (wrong, nobody)]

    assert [one.status for one in answers] == [401, 401]
    assert answers[0].body == answers[1].body
    assert b"not the password" not in answers[0].body


def test_a_session_ends_when_it_is_idle_when_its_time_is_over_and_by_a_new_password(
    here: Site,
) -> None:
    idle = here.session()
    here.clock.advance(timedelta(minutes=61))
    assert here.ask(idle).status == 401

    used = here.session()
    for _ in range(24):
        assert here.ask(used).status == 200
        here.clock.advance(timedelta(minutes=30))
    assert here.ask(used).status == 401

    before = here.session("ben")
    verifier = here.gated.ask(
        "POST",
        "/v1/verifier",
        {"name": "ben", "password": PASSWORD},
        Authorization=f"Bearer {before}",
    ).data["verifier"]
    said = here.ask(before, "commands/SetPassword", name="ben", verifier=verifier)
    assert said.status == 200
    assert here.ask(before).status == 401

    ended = here.session("ben")
    here.desk.execute(EndSessions(actor="ana", name="ben"))
    assert here.ask(ended).status == 401


def test_a_session_of_somebody_who_was_disabled_opens_nothing(here: Site) -> None:
    token = here.session("ned")
    api = here.token("ned")
    saving = SavePerson(actor=SYSTEM, name="ned", roles=("agent",), active=False)
    here.desk.execute_as_system(saving)
    try:
        answers = [here.ask(token).status, here.ask(api).status, here.sign_in("ned").status]
    finally:
        here.desk.execute_as_system(SavePerson(actor=SYSTEM, name="ned", active=True))

    assert answers == [401, 401, 401]


def test_the_second_factor_is_asked_for_and_a_code_serves_once(here: Site) -> None:
    secret = second_factor.new_secret()
    setting = SetSecondFactor(actor="ben", name="ben", secret=secret)
    here.desk.execute_as_system(setting)
    here.clock.advance(timedelta(minutes=5))
    try:
        code = TOTP(secret).at(here.clock.now())
        asked = here.sign_in("ben")
        right, again = here.sign_in("ben", code=code), here.sign_in("ben", code=code)
    finally:
        here.desk.execute_as_system(SetSecondFactor(actor=SYSTEM, name="ben", secret=""))

    assert (asked.status, asked.data["code"]) == (401, "sign_in.code_needed")
    assert asked.data["error"]["enrolled"] is True
    assert (right.status, again.status) == (200, 401)


def test_the_entrance_tells_how_people_get_in_and_strangers_nothing_more(here: Site) -> None:
    assert here.gated.ask("GET", "/v1/entrance").data == {
        "sign_in": "password",
        "awaits_first_password": False,
    }
    stranger = {"name": "ana", "password": PASSWORD}
    assert here.gated.ask("POST", "/v1/verifier", stranger).status == 401


# --- tokens --------------------------------------------------------------------------------------


def test_a_token_does_what_it_is_for_and_nothing_when_it_expired_or_was_revoked(
    here: Site,
) -> None:
    token = here.token("ana", "ticket.read")
    assert here.ask(token).status == 200
    assert here.ask(token, "queries/ListCustomers").status == 403
    assert here.ask(token, "commands/EndSessions", name="ana").status == 403

    here.clock.advance(timedelta(days=2))
    assert here.ask(token).status == 401

    revoked = here.token("ben")
    for one in here.desk.ask(ListTokens(actor="ben", name="ben")):
        here.desk.execute(RevokeToken(actor="ana", token=one.number))
    assert here.ask(revoked).status == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YW5hOng=", "Bearer cw_" + "a" * 43, "Bearer \xff"],
)
def test_what_is_no_token_opens_nothing(here: Site, header: str) -> None:
    assert here.gated.ask("GET", "/v1/door", Authorization=header).status == 401


def test_a_token_in_the_address_is_none(here: Site) -> None:
    token = here.session()
    for name in ("token", "access_token", "Authorization", "session"):
        assert here.gated.ask("GET", f"/v1/door?{name}={token}").status == 401


def test_no_line_of_a_log_shows_a_token(here: Site) -> None:
    for token in (here.session(), here.token()):
        said = redacted({"what": f"GET /v1/door with {token} came", "list": [token]})
        assert token not in str(said)


# --- names that are claimed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Casewright-Actor", "X-Forwarded-User", "X-Remote-User", "Remote-User", "REMOTE_USER",
        "X-Authenticated-User", "X-Forwarded-Email", "From", "X-Original-User", "X-Real-IP",
        "Casewright-Door",
    ],
)  # fmt: skip
def test_nobody_is_let_in_by_a_header_with_a_name(here: Site, header: str) -> None:
    assert here.gated.ask("GET", "/v1/door", **{header: "ana"}).status == 401
    assert here.gated.ask_here("GET", "/v1/door", **{header: "ana"}).status == 401


def test_nobody_speaks_for_another(here: Site) -> None:
    token = here.session("ned")

    said = here.ask(token, "commands/EndSessions", actor="ana", name="ana")
    asked = here.ask(token, "queries/WhoAmI", actor="ana")

    assert (said.status, asked.status) == (403, 403)
    for system in ("system", "system:intake", "system:replay"):
        assert here.ask(token, "queries/WhoAmI", actor=system).status == 403


@pytest.mark.parametrize("name", ["TimerFired", "EraseTicket", "NoteTicket", "PublishWorkflow"])
def test_what_only_the_system_says_cannot_be_said(here: Site, name: str) -> None:
    token = here.session()

    assert here.ask(token, f"commands/{name}").status == 404


def test_no_path_names_a_file(here: Site) -> None:
    token = here.session()
    for path in (
        "/v1/forms/../../people.yaml",
        "/v1/forms/..%2f..%2fpeople.yaml",
        "/v1/workflows/%2e%2e%2fcasewright",
        "/v1/tickets/..%2f..%2fx/files/1",
        "//etc/passwd",
        "/v1/forms/matter%00.yaml",
        "/v1/forms/%ff%fe",
    ):
        answer = here.gated.ask("GET", path, Authorization=f"Bearer {token}")
        assert answer.status in (400, 404), path
        assert b"root:" not in answer.body


def test_a_header_cannot_be_slipped_into_an_answer(here: Site) -> None:
    answer = here.gated.ask("GET", "/v1/forms/x%0d%0aSet-Cookie:%20casewright=x")

    assert "set-cookie" not in answer.headers
    assert answer.status in (400, 401)


# --- the cookie of a browser ---------------------------------------------------------------------


def _cookie(here: Site) -> str:
    begun = here.gated.ask(
        "POST", "/v1/session", {"name": "ana", "password": PASSWORD, "cookie": True}, **SAME
    )
    assert begun.data["token"] == ""
    said = begun.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {one.strip() for one in said.split(";")}
    return said.partition(";")[0]


def test_a_cookie_serves_our_own_pages_and_no_others(here: Site) -> None:
    cookie, list_them = _cookie(here), "/v1/queries/ListTickets"
    origin = "http://desk.example.org"

    def posted(**headers: str) -> int:
        return here.gated.ask("POST", list_them, {}, Cookie=cookie, **headers).status

    assert posted(**SAME) == 200
    assert posted(Origin=origin) == 200
    assert posted() == 403
    assert posted(Origin="http://evil.example.com") == 403
    assert posted(Origin="null") == 403
    assert posted(Origin="https://desk.example.org") == 403
    assert posted(Sec_Fetch_Site="cross-site") == 403
    assert posted(Sec_Fetch_Site="same-site") == 403
    assert posted(Sec_Fetch_Site="none") == 403
    assert posted(Sec_Fetch_Site="same-origin", Origin="http://evil.example.com") == 403


def test_a_form_of_another_page_posts_nothing(here: Site) -> None:
    cookie = _cookie(here)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = here.gated.ask(
            "POST", "/v1/queries/ListTickets", {}, Cookie=cookie, Content_Type=kind, **SAME
        )
        assert answer.status == 415


def test_a_cookie_reads_for_our_pages_and_is_ended_with_its_session(here: Site) -> None:
    cookie = _cookie(here)
    assert here.gated.ask("GET", "/v1/door", Cookie=cookie, **SAME).data["actor"] == "ana"
    foreign = here.gated.ask("GET", "/v1/door", Cookie=cookie, Sec_Fetch_Site="cross-site")
    assert foreign.status == 403

    ended = here.gated.ask("DELETE", "/v1/session", Cookie=cookie, **SAME)

    assert ended.data == {"ended": True}
    assert 'casewright-session=""' in ended.headers["set-cookie"]
    assert here.gated.ask("GET", "/v1/door", Cookie=cookie).status == 401


def test_signing_in_for_a_cookie_is_for_our_pages_too(here: Site) -> None:
    asked = {"name": "ana", "password": PASSWORD, "cookie": True}

    assert here.gated.ask("POST", "/v1/session", asked).status == 403
    evil = {"Origin": "http://evil.example.com"}
    assert here.gated.ask("POST", "/v1/session", asked, **evil).status == 403


def test_a_cookie_that_was_made_up_opens_nothing(here: Site) -> None:
    for value in ("cws_" + "a" * 43, "x", '"', "a" * 4000):
        answer = here.gated.ask("GET", "/v1/door", Cookie=f"casewright-session={value}", **SAME)
        assert answer.status == 401


def test_no_other_origin_is_allowed_to_read(here: Site) -> None:
    asked = {"Origin": "http://evil.example.com", "Access_Control_Request_Method": "POST"}
    answer = here.gated.ask("OPTIONS", "/v1/queries/ListTickets", **asked)

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.status == 405


# --- the machine's users -------------------------------------------------------------------------


def test_the_access_log_names_the_door_that_our_own_processes_say(here: Site) -> None:
    asked = {"name": "ana", "password": PASSWORD}
    here.gated.ask_here("POST", "/v1/session", asked, Casewright_Door="command line")
    here.gated.ask_here("POST", "/v1/session", asked, Casewright_Door="plugin routing")
    here.gated.ask("POST", "/v1/session", asked, Casewright_Door="command line")

    assert [door for _, _, door in _rows(here)[-3:]] == ["command line", "api", "api"]


def test_at_a_workspace_that_trusts_people_are_who_they_say_on_this_machine_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    trusting = '[access]\nsign_in = "trusted"\n'
    with site(tmp_path_factory.mktemp("trusted"), settings=trusting) as here:
        claimed = {"Casewright_Actor": "ana"}
        assert here.gated.ask_here("GET", "/v1/door", **claimed).data["actor"] == "ana"
        assert here.gated.ask_here("GET", "/v1/door").status == 401
        assert here.gated.ask("GET", "/v1/door", **claimed).status == 401
        passed_on = here.gated.ask_here(
            "GET", "/v1/door", X_Forwarded_For="203.0.113.7", **claimed
        )
        assert passed_on.status == 401


def test_a_user_of_the_machine_is_who_the_kernel_says(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    by_login = '[access]\nsign_in = "os_user"\n'
    with site(tmp_path_factory.mktemp("logins"), settings=by_login) as here:
        assert here.gated.ask_here("GET", "/v1/door").status == 401
        here.desk.execute_as_system(SavePerson(actor=SYSTEM, name=LOGIN, roles=("agent",)))

        assert here.gated.ask_here("GET", "/v1/door").data["actor"] == LOGIN
        assert here.gated.ask_here("GET", "/v1/door", Casewright_Actor="ana").status == 401
        assert here.gated.ask("GET", "/v1/door").status == 401


def test_where_nobody_has_a_password_yet_only_this_machine_is_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with site(tmp_path_factory.mktemp("first")) as here:
        here.desk._database.execute("UPDATE credential SET verifier = ''")
        first = {"name": "ana", "password": PASSWORD}
        assert here.gated.ask_here("GET", "/v1/entrance").data["awaits_first_password"] is True
        assert here.gated.ask("GET", "/v1/entrance").data["awaits_first_password"] is False
        assert here.gated.ask_here("POST", "/v1/verifier", first).status == 200
        assert here.gated.ask("POST", "/v1/verifier", first).status == 401
