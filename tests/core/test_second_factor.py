"""The second factor: the codes of RFC 6238, each accepted once, and how one is begun and ended."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from casewright.access import second_factor
from casewright.commands import SetPassword, SetSecondFactor
from casewright.desk import open_desk
from casewright.errors import (
    CommandRefused,
    NotAllowed,
    NotSignedIn,
    SecondFactorNeeded,
    SignInRefused,
)
from casewright.settings.access import AccessSettings

BOSS = "gu_min"
CORE = Path(__file__).resolve().parents[2] / "core"
PASSWORD = "four words make one"
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""`12345678901234567890` in base 32, the secret of RFC 6238's vectors for SHA-1."""
STEP = timedelta(seconds=second_factor.SECONDS)


@pytest.fixture
def known(desk):
    """The desk, where Chen Jing has a password."""
    verifier = desk.entrance.verifier("chen_jing", PASSWORD)
    desk.execute(SetPassword(actor="chen_jing", name="chen_jing", verifier=verifier))
    return desk


@pytest.fixture
def secret(known, clock):
    """The secret of Chen Jing's second factor, whose first code was used half an hour ago."""
    found = second_factor.new_secret()
    known.execute(SetSecondFactor(actor="chen_jing", name="chen_jing", secret=found))
    clock.advance(timedelta(minutes=30))
    return found


def code(secret, moment):
    return pyotp.TOTP(secret).at(moment)


def sign_in(desk, typed):
    return desk.entrance.sign_in("chen_jing", PASSWORD, code=typed)


def refused(desk, typed):
    with pytest.raises(SignInRefused, match="not right"):
        sign_in(desk, typed)
    return True


# --- codes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds, expected):
    now = datetime.fromtimestamp(seconds, UTC)

    assert second_factor.step_of(RFC_SECRET, expected, now=now, after=0) == seconds // 30


@pytest.mark.parametrize(
    ("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_off_by_one_step(known, secret, clock, steps, accepted):
    typed = code(secret, clock.now() + steps * STEP)

    assert accepted is (
        not refused(known, typed) if not accepted else bool(sign_in(known, typed))
    )


def test_a_code_is_accepted_once_and_an_earlier_one_never_after_it(known, secret, clock):
    earlier, typed = code(secret, clock.now() - STEP), code(secret, clock.now())
    sign_in(known, typed)

    assert [refused(known, typed), refused(known, earlier)] == [True, True]
    clock.advance(STEP)
    assert sign_in(known, code(secret, clock.now())).token


def test_a_code_may_be_typed_in_two_halves(known, secret, clock):
    typed = code(secret, clock.now())

    assert sign_in(known, f" {typed[:3]} {typed[3:]} ").token


@pytest.mark.parametrize(
    "typed", ["abcdef", "12345", "1234567", "\uff11" * 6, "0" * 1_000_000, "\0", "\ud800"]
)
def test_what_is_no_code_is_wrong_and_nothing_more(known, secret, typed):
    assert refused(known, typed)


# --- signing in with one ---------------------------------------------------------------------------


def test_a_code_is_asked_for_only_after_the_right_password(known, secret):
    with pytest.raises(SecondFactorNeeded) as needed:
        sign_in(known, "")
    with pytest.raises(SignInRefused):
        known.entrance.sign_in("chen_jing", "four words make two")

    assert needed.value.enrolled is True


def test_wrong_codes_make_one_wait_as_wrong_passwords_do(known, secret):
    for _ in range(5):
        refused(known, "000000")

    with pytest.raises(SignInRefused) as waiting:
        sign_in(known, "000000")

    assert waiting.value.wait_seconds == 1


def test_a_second_factor_is_ones_own_and_others_can_only_end_it(known, secret, clock):
    theirs = second_factor.new_secret()
    with pytest.raises(CommandRefused, match="themselves"):
        known.execute(SetSecondFactor(actor=BOSS, name="chen_jing", secret=theirs))
    with pytest.raises(NotAllowed):
        known.execute(SetSecondFactor(actor="li_na", name="chen_jing", secret=""))

    known.execute(SetSecondFactor(actor=BOSS, name="chen_jing", secret=""))

    assert sign_in(known, "").token


def test_a_second_factor_ends_the_sessions_that_began_without_it(known, clock):
    token = sign_in(known, "").token

    known.execute(
        SetSecondFactor(actor="chen_jing", name="chen_jing", secret=second_factor.new_secret())
    )

    with pytest.raises(NotSignedIn):
        known.entrance.session(token)


@pytest.mark.parametrize("secret", ["short", "x" * 32, "A" * 1000, "\ud800" * 30])
def test_what_is_no_secret_is_refused(known, secret):
    with pytest.raises(CommandRefused):
        known.execute(SetSecondFactor(actor="chen_jing", name="chen_jing", secret=secret))


def test_where_one_is_demanded_it_is_begun_by_signing_in(known, clock):
    config = replace(known._config, access=AccessSettings(second_factor=True))
    with open_desk(config, clock=clock) as strict:
        with pytest.raises(SecondFactorNeeded) as needed:
            sign_in(strict, "")
        secret = second_factor.new_secret()
        typed = code(secret, clock.now())
        with pytest.raises(SignInRefused):
            strict.entrance.sign_in("chen_jing", PASSWORD, code="000000", new_factor=secret)
        with pytest.raises(SecondFactorNeeded):
            sign_in(strict, typed)
        strict.entrance.sign_in("chen_jing", PASSWORD, code=typed, new_factor=secret)

        assert needed.value.enrolled is False
        assert refused(strict, typed)
        clock.advance(STEP)
        assert sign_in(strict, code(secret, clock.now())).token


def test_signing_in_replaces_no_second_factor_that_there_is(known, secret, clock):
    config = replace(known._config, access=AccessSettings(second_factor=True))
    another = second_factor.new_secret()
    typed = code(another, clock.now())
    with open_desk(config, clock=clock) as strict, pytest.raises(SignInRefused):
        strict.entrance.sign_in("chen_jing", PASSWORD, code=typed, new_factor=another)


# --- at the command line ---------------------------------------------------------------------------


def cli(*words, **more):
    environment = {**os.environ, "PYTHONPATH": str(CORE), "CASEWRIGHT_LANG": "en"}
    return subprocess.Popen(
        [sys.executable, "-m", "casewright.cli", *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        **more,
    )


def test_the_secret_is_shown_once_and_counts_when_a_code_of_it_is_typed(tmp_path):
    folder = tmp_path / "centre"
    assert cli("init", folder, "--admin", "olga", "--sign-in", "trusted").wait(60) == 0
    begun = cli("-C", folder, "user", "totp", "--as", "olga")
    assert begun.stderr
    begun.stderr.readline()
    secret, address = (begun.stderr.readline().strip() for _ in range(2))

    out, _ = begun.communicate(pyotp.TOTP(secret).now() + "\n", timeout=60)

    assert (begun.returncode, f"secret={secret}" in address) == (0, True)
    assert address.startswith("otpauth://totp/")
    assert secret not in out
    wrong = cli("-C", folder, "user", "totp", "--as", "olga")
    assert "Nothing is changed" in wrong.communicate("12\n", timeout=60)[1]
    ended = cli("-C", folder, "user", "totp", "--off", "--as", "olga")
    assert "password alone" in ended.communicate("", timeout=60)[0]
