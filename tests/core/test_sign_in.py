"""Signing in at the desk: passwords, what failed tries cost, sessions, and the first password of a workspace."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from casewright.access import hashing_slots, passwords, tokens
from casewright.commands import EndSessions, MakeToken, SavePerson, SetPassword
from casewright.desk import open_desk
from casewright.desk.people.backoff import FREE, LONGEST_WAIT, wait_after
from casewright.errors import CommandRefused, NotAllowed, NotSignedIn, SignInRefused
from casewright.queries import GetAccessReport, WhoAmI
from casewright.settings.access import AccessSettings
from casewright.store.database import Database

fcntl = pytest.importorskip("fcntl")

BOSS = "gu_min"
CORE = Path(__file__).resolve().parents[2] / "core"
PASSWORD = "four words make one"
WRONG = "four words make two"
HOSTILE = {
    "nothing": "",
    "NUL": "chen_jing\0",
    "half a character": "\ud800",
    "turned around": "\u202egnij_nehc",
    "escape": "\x1b]52;c;AAAA\x07",
    "a log line": "chen_jing\n2026-01-01 signed_in gu_min",
    "SQL": "' OR 1=1 --",
    "very long": "x" * 1_000_000,
    "the system": "system",
    "the clock": "system:timer",
}


@pytest.fixture
def hashes(monkeypatch):
    """The verifiers that passwords were tried against; each try is the whole work of argon2."""
    tried = []
    verify = PasswordHasher.verify

    def counted(self, verifier, password):
        tried.append(verifier)
        return verify(self, verifier, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return tried


@pytest.fixture
def known(desk):
    """The desk, where Chen Jing has a password."""
    entrance = desk.entrance
    for name in (BOSS, "chen_jing"):
        verifier = entrance.verifier(name, PASSWORD)
        desk.execute(SetPassword(actor=BOSS, name=name, verifier=verifier))
    return desk


def refusal(desk, name, password=WRONG):
    with pytest.raises(SignInRefused) as refused:
        desk.entrance.sign_in(name, password)
    return refused.value


def fail(desk, name, times):
    return [refusal(desk, name) for _ in range(times)]


def rows(desk, kind):
    return desk.ask(GetAccessReport(actor="yin_xue", kind=kind)).rows


# --- who gets in -----------------------------------------------------------------------------------


def test_who_has_the_password_gets_a_session_and_comes_in_as_nobody_else(known):
    signed = known.entrance.sign_in("chen_jing", PASSWORD)
    door = known.entrance.session(signed.token)

    assert (signed.person.name, door.actor, door.only) == ("chen_jing", "chen_jing", None)
    with known.through(door):
        assert known.ask(WhoAmI(actor="chen_jing")).password is True
        with pytest.raises(NotAllowed, match="came in as chen_jing"):
            known.ask(WhoAmI(actor=BOSS))


def test_every_refusal_is_the_same_answer_and_the_same_work(known, hashes):
    known.execute(SavePerson(actor=BOSS, name="li_na", active=False))
    hashes.clear()

    said = [
        refusal(known, name) for name in ("chen_jing", "nobody", "zhao_lei", "li_na", "system")
    ]

    assert len({(one.code, one.reason.text) for one in said}) == 1
    assert len(hashes) == len(said)
    assert {one.split("$")[1:4] == passwords.NOBODYS.split("$")[1:4] for one in hashes} == {
        True
    }


def test_what_is_tried_for_nobody_is_as_much_work_as_for_anybody(desk):
    real = desk.entrance.verifier("chen_jing", PASSWORD).split("$")
    nobodys = passwords.NOBODYS.split("$")

    assert [*map(len, nobodys)] == [*map(len, real)]
    assert not passwords.outdated(passwords.NOBODYS)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_is_refused_like_any_other_and_kept_nowhere(known, hashes, name):
    hashes.clear()

    refusal(known, name)

    assert len(hashes) == 1
    (row,) = rows(known, "sign_in_refused")
    assert (row.actor, row.subject) == ("", "password")


@pytest.mark.parametrize("password", ["", "\0", "\ud800" * 12, "x" * 1_000_000, WRONG + "\n"])
def test_a_hostile_password_is_wrong_and_nothing_more(known, password):
    assert refusal(known, "chen_jing", password).wait_seconds == 0


def test_neither_a_password_nor_what_was_typed_for_a_name_is_in_any_file(known):
    refusal(known, "my-secret-in-the-wrong-field", "another-secret-typed")
    known.entrance.sign_in("chen_jing", PASSWORD)
    folder = known.entrance.path.parent

    stored = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())

    for typed in ("my-secret-in-the-wrong-field", "another-secret-typed", PASSWORD):
        assert typed.encode() not in stored


def test_a_keyboard_that_writes_it_otherwise_writes_the_same_password(desk):
    verifier = desk.entrance.verifier("chen_jing", "\ufb01ve \uff57ords make one")
    desk.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier))

    assert desk.entrance.sign_in("chen_jing", "five words make one").token


def test_signing_in_and_out_and_refusals_are_on_record(known):
    signed = known.entrance.sign_in("chen_jing", PASSWORD)
    refusal(known, "chen_jing")
    known.entrance.sign_out(signed.token)

    for kind in ("signed_in", "sign_in_refused", "signed_out"):
        assert [one.actor for one in rows(known, kind)] == ["chen_jing"]


def test_whoever_invents_a_token_keeps_nobody_who_writes_waiting(known, monkeypatch):
    monkeypatch.setattr(Database, "write", None)

    assert known.entrance.sign_out("cws_invented") is False


# --- what a password may be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "10 to 256 characters"),
        ("x y" * 100, "10 to 256 characters"),
        ("x" * 1_000_000, "10 to 256 characters"),
        ("four\0words make", "control characters"),
        ("four words \ud800 make", "half characters"),
        ("Chen_Jingchen_jing", "login name"),
        ("aaaaaaaaaaaa", "one of the first"),
        ("Password1234", "one of the first"),
    ],
)
def test_what_can_be_no_password_is_refused_without_repeating_it(desk, password, said):
    with pytest.raises(CommandRefused, match=said) as refused:
        desk.entrance.verifier("chen_jing", password)

    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "verifier",
    [
        "plain text",
        "$argon2id$v=19$m=4194304,t=2,p=1$Y2FzZXdyaWdodC1ub2JvZA$" + "A" * 43,
        "$argon2id$v=19$m=8,t=1,p=1$Y2FzZXdyaWdodC1ub2JvZA$" + "A" * 43,
        "$argon2id$" + "x" * 5000,
    ],
)
def test_a_verifier_that_is_weak_or_would_take_gigabytes_is_refused(desk, verifier):
    with pytest.raises(CommandRefused, match="argon2id"):
        desk.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier))


def test_everybody_sets_their_own_password_and_only_some_that_of_others(known):
    verifier = known.entrance.verifier("chen_jing", "another four words")

    with pytest.raises(NotAllowed):
        known.execute(SetPassword(actor="li_na", name="chen_jing", verifier=verifier))
    known.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier))

    assert known.entrance.sign_in("chen_jing", "another four words").token


def test_a_verifier_of_former_parameters_is_renewed_by_signing_in(known):
    former = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with known._database.write():
        known._database.execute(
            "UPDATE credential SET verifier = ? WHERE person = 'chen_jing'", (former,)
        )

    known.entrance.sign_in("chen_jing", PASSWORD)

    (stored,) = known._database.execute(
        "SELECT verifier FROM credential WHERE person = 'chen_jing'"
    ).fetchone()
    assert stored != former
    assert not passwords.outdated(stored)
    assert known.entrance.sign_in("chen_jing", PASSWORD).token


# --- tries that fail -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chen_jing", "nobody"])
def test_whoever_fails_waits_longer_each_time_whether_or_not_the_name_is_known(
    known, clock, hashes, name
):
    fail(known, name, FREE)
    worked = len(hashes)

    waits = []
    for _ in range(4):
        refused = refusal(known, name)
        waits.append(refused.wait_seconds)
        clock.advance(timedelta(seconds=refused.wait_seconds))
        assert refusal(known, name).wait_seconds == 0

    assert waits == [1, 2, 4, 8]
    assert len(hashes) == worked + 4


def test_the_right_password_waits_too_and_ends_the_waiting(known, clock):
    fail(known, "chen_jing", FREE)
    assert refusal(known, "chen_jing", PASSWORD).wait_seconds == 1

    clock.advance(timedelta(seconds=1))
    known.entrance.sign_in("chen_jing", PASSWORD)

    assert {one.wait_seconds for one in fail(known, "chen_jing", FREE)} == {0}


def test_nobody_is_kept_out_longer_than_a_quarter_of_an_hour_however_often_others_try(
    known, clock
):
    for _ in range(30):
        wait = refusal(known, "chen_jing").wait_seconds
        clock.advance(timedelta(seconds=wait))
    first = refusal(known, "chen_jing").wait_seconds or refusal(known, "chen_jing").wait_seconds
    clock.advance(timedelta(minutes=5))
    fail(known, "chen_jing", 20)

    later = refusal(known, "chen_jing").wait_seconds

    assert first == LONGEST_WAIT.total_seconds()
    assert later == first - 300
    clock.advance(timedelta(seconds=later))
    assert known.entrance.sign_in("chen_jing", PASSWORD).token


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_is_bounded(failures):
    assert timedelta() <= wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def test_failures_of_one_name_cost_no_other_and_a_new_password_or_an_hour_ends_them(
    known, clock
):
    fail(known, "chen_jing", FREE + 3)
    fail(known, "nobody", FREE)

    assert known.entrance.sign_in(BOSS, PASSWORD).token
    verifier = known.entrance.verifier("chen_jing", "set by the boss today")
    known.execute(SetPassword(actor=BOSS, name="chen_jing", verifier=verifier))
    assert known.entrance.sign_in("chen_jing", "set by the boss today").token
    clock.advance(timedelta(hours=1, seconds=1))
    assert {one.wait_seconds for one in fail(known, "nobody", FREE)} == {0}


def test_failed_tries_are_counted_in_the_database_not_in_the_process(known, clock):
    fail(known, "chen_jing", FREE)

    (kept,) = known._database.execute(
        "SELECT failures FROM sign_in_failure WHERE name = 'chen_jing'"
    ).fetchone()

    assert kept == FREE


def test_tries_at_the_same_moment_are_counted_one_by_one(known, clock, hashes):
    def try_it(_):
        with open_desk(known._config, clock=clock) as desk:
            return refusal(desk, "chen_jing").wait_seconds

    with ThreadPoolExecutor(12) as pool:
        waits = sorted(pool.map(try_it, range(12)))

    assert (len(hashes), waits) == (FREE, [0] * FREE + [1] * (12 - FREE))


# --- at most two at once ---------------------------------------------------------------------------

_CHILD = """
import sys
from pathlib import Path
from casewright.access import hashing_slots
hashing_slots.SLOTS = int(sys.argv[2])
with hashing_slots.slot(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.readline()
"""


class Holder:
    """A process of its own that takes a slot and keeps it until it is let go."""

    def __init__(self, database: Path, slots: int = hashing_slots.SLOTS) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(database), str(slots)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(CORE)},
            text=True,
        )

    def is_in(self) -> bool:
        assert self._process.stdout
        return self._process.stdout.readline() == "in\n"

    def let_go(self) -> None:
        self._process.communicate("\n")


def test_two_processes_at_once_work_out_passwords_and_a_third_is_told_to_come_again(
    known, monkeypatch
):
    database = known.entrance.path
    holders = [Holder(database), Holder(database)]
    assert [one.is_in() for one in holders] == [True, True]
    monkeypatch.setattr(hashing_slots, "PATIENCE", 0.0)

    assert "too many people" in str(refusal(known, "chen_jing", PASSWORD))
    holders[0].let_go()

    assert known.entrance.sign_in("chen_jing", PASSWORD).token
    holders[1].let_go()


def test_a_slot_more_is_a_third_at_once_so_the_files_are_what_holds_them_back(known):
    holders = [Holder(known.entrance.path, slots=3) for _ in range(3)]

    assert [one.is_in() for one in holders] == [True, True, True]
    for one in holders:
        one.let_go()


def test_a_process_that_is_killed_gives_its_slot_back(known):
    holders = [Holder(known.entrance.path), Holder(known.entrance.path)]
    assert all(one.is_in() for one in holders)
    for one in holders:
        one._process.kill()
        one._process.communicate()

    assert known.entrance.sign_in("chen_jing", PASSWORD).token


def test_the_files_of_the_slots_are_for_nobody_else(known):
    known.entrance.sign_in("chen_jing", PASSWORD)

    modes = {
        one.stat().st_mode & 0o777
        for one in hashing_slots.slot_files(known.entrance.path)
        if one.exists()
    }

    assert modes == {0o600}


# --- sessions --------------------------------------------------------------------------------------


def over(desk, token):
    with pytest.raises(NotSignedIn, match=r"casewright login|no longer active"):
        desk.entrance.session(token)
    return True


def test_a_session_is_over_after_its_hours_even_when_it_is_used(known, clock):
    token = known.entrance.sign_in("chen_jing", PASSWORD).token
    for _ in range(23):
        clock.advance(timedelta(minutes=30))
        known.entrance.session(token)

    clock.advance(timedelta(minutes=30))

    assert over(known, token)


def test_a_session_is_over_when_it_is_not_used(known, clock):
    token = known.entrance.sign_in("chen_jing", PASSWORD).token
    clock.advance(timedelta(minutes=59))
    known.entrance.session(token)
    clock.advance(timedelta(minutes=59))
    known.entrance.session(token)

    clock.advance(timedelta(minutes=60))

    assert over(known, token)


@pytest.mark.parametrize("how", ["signed out", "new password", "disabled", "ended"])
def test_what_ends_a_session_ends_it_at_once(known, how):
    entrance = known.entrance
    token = entrance.sign_in("chen_jing", PASSWORD).token
    verifier = entrance.verifier("chen_jing", "another four words")

    if how == "signed out":
        assert [entrance.sign_out(token), entrance.sign_out(token)] == [True, False]
    elif how == "new password":
        known.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier))
    elif how == "disabled":
        known.execute(SavePerson(actor=BOSS, name="chen_jing", active=False))
    else:
        known.execute(EndSessions(actor=BOSS, name="chen_jing"))

    assert over(known, token)


@pytest.mark.parametrize("how", ["new password", "ended"])
def test_what_a_stolen_session_made_ends_with_it(known, clock, how):
    entrance = known.entrance
    door = entrance.session(entrance.sign_in("chen_jing", PASSWORD).token)
    made = tokens.new_token()
    with known.through(door):
        known.execute(
            MakeToken(
                actor="chen_jing",
                name="chen_jing",
                label="mine",
                digest=tokens.digest_of(made),
                only=("*",),
                expires_at=clock.now() + timedelta(days=300),
            )
        )
    verifier = entrance.verifier("chen_jing", "another four words")

    if how == "new password":
        ending = SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier)
    else:
        ending = EndSessions(actor="chen_jing", name="chen_jing")

    assert known.execute(ending).answer == {"sessions": "1", "tokens": "1"}
    with pytest.raises(NotSignedIn):
        entrance.token(made)


def test_who_came_in_before_is_out_when_the_session_is_over(known, clock):
    entrance = known.entrance
    door = entrance.session(entrance.sign_in("chen_jing", PASSWORD).token)
    with known.through(door):
        known.ask(WhoAmI(actor="chen_jing"))

        clock.advance(timedelta(hours=12))

        with pytest.raises(NotSignedIn, match="is over"):
            known.ask(WhoAmI(actor="chen_jing"))
        with pytest.raises(NotSignedIn, match="is over"):
            known.execute(EndSessions(actor="chen_jing", name="chen_jing"))


def test_the_database_does_not_know_the_token_of_a_session(known):
    token = known.entrance.sign_in("chen_jing", PASSWORD).token

    found = known._database.execute("SELECT * FROM session").fetchall()

    assert token not in repr(found)
    assert over(known, found[0][0])


@pytest.mark.parametrize("token", ["", "cws_", "\0", "\ud800", "x" * 1_000_000, "' OR 1=1 --"])
def test_what_is_no_token_of_a_session_lets_nobody_in(known, token):
    assert over(known, token)


# --- the first password ----------------------------------------------------------------------------


def test_the_first_password_is_an_administrators_and_there_is_only_one_first(desk):
    entrance = desk.entrance
    verifier = entrance.verifier("x", PASSWORD)

    with pytest.raises(CommandRefused, match="administrator"):
        entrance.set_first_password("chen_jing", verifier)
    entrance.set_first_password(BOSS, verifier)

    assert entrance.sign_in(BOSS, PASSWORD).token
    with pytest.raises(NotSignedIn):
        entrance.set_first_password(BOSS, verifier)


def test_the_last_password_of_an_administrator_is_not_taken_away(known):
    with pytest.raises(CommandRefused, match="set a new one instead"):
        known.execute(SetPassword(actor=BOSS, name=BOSS, verifier=""))
    assert known.entrance.awaits_first_password() is False

    known.execute(SetPassword(actor=BOSS, name="chen_jing", verifier=""))
    refusal(known, "chen_jing", PASSWORD)
    known.execute(SavePerson(actor=BOSS, name="chen_jing", roles=("administrator",)))
    again = known.entrance.verifier("chen_jing", PASSWORD)
    known.execute(SetPassword(actor=BOSS, name="chen_jing", verifier=again))
    known.execute(SetPassword(actor="chen_jing", name=BOSS, verifier=""))
    with pytest.raises(CommandRefused, match="only administrator"):
        known.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=""))


def test_the_first_password_is_not_that_of_somebody_who_left(desk):
    desk.execute(SavePerson(actor=BOSS, name="chen_jing", roles=("administrator",)))
    desk.execute(SavePerson(actor=BOSS, name="chen_jing", active=False))

    with pytest.raises(CommandRefused, match="administrator"):
        desk.entrance.set_first_password(
            "chen_jing", desk.entrance.verifier("chen_jing", PASSWORD)
        )


def test_where_the_machine_says_who_one_is_nobody_sets_a_first_password(desk, clock):
    config = replace(desk._config, access=AccessSettings(sign_in="os_user"))
    with open_desk(config, clock=clock) as other:
        assert other.entrance.awaits_first_password() is False
    assert desk.entrance.awaits_first_password() is True
