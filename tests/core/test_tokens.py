"""Tokens of programs: shown once, kept as a digest, limited, expiring and revocable."""

from datetime import timedelta

import pytest

from casewright.access import tokens
from casewright.commands import (
    EndSessions,
    MakeToken,
    RevokeToken,
    SaveCustomer,
    SavePerson,
    SetPassword,
    SetSecondFactor,
)
from casewright.errors import CommandRefused, NotAllowed, NotFound, NotSignedIn
from casewright.queries import ListCustomers, ListTickets, ListTokens

BOSS = "gu_min"
DAY = timedelta(days=1)


@pytest.fixture
def make(desk, clock):
    """Return a function that makes a token of somebody and returns the token and its number."""

    def made(name="zhao_lei", *, only=("ticket.read",), days=30, actor=None, label="wallboard"):
        token = tokens.new_token()
        command = MakeToken(
            actor=actor or name,
            name=name,
            label=label,
            digest=tokens.digest_of(token),
            only=only,
            expires_at=clock.now() + days * DAY,
        )
        answer = desk.execute(command).answer
        return token, int(answer["token"])

    return made


def serves_no_more(desk, token):
    with pytest.raises(NotSignedIn, match=r"unknown, revoked or expired|no longer active"):
        desk.entrance.token(token)
    return True


def test_a_token_may_do_what_it_names_and_nothing_else(desk, make):
    token, _ = make(only=("ticket.read",))
    door = desk.entrance.token(token)

    assert (door.actor, door.only) == ("zhao_lei", ("ticket.read",))
    with desk.through(door):
        desk.ask(ListTickets(actor="zhao_lei"))
        with pytest.raises(NotAllowed, match="the token that you came with"):
            desk.ask(ListCustomers(actor="zhao_lei"))
        with pytest.raises(NotAllowed, match="came in as zhao_lei"):
            desk.ask(ListTickets(actor="li_na"))


def test_a_token_may_never_do_what_its_person_may_not(desk, make):
    token, _ = make("mao_ning", only=("*",))

    with (
        desk.through(desk.entrance.token(token)),
        pytest.raises(NotAllowed, match="none of the person's roles"),
    ):
        desk.execute(SaveCustomer(actor="mao_ning", id="c-1", name="Wang Wei"))


def test_nobody_gets_out_of_a_tokens_limits_by_way_of_credentials(desk, make, clock):
    token, number = make(BOSS, only=("*",))
    digest, until = tokens.digest_of("another"), clock.now() + DAY
    verifier = desk.entrance.verifier(BOSS, "four words make one")

    with desk.through(desk.entrance.token(token)):
        for command in (
            SetPassword(actor=BOSS, name=BOSS, verifier=verifier),
            SetSecondFactor(actor=BOSS, name=BOSS, secret=""),
            MakeToken(
                actor=BOSS, name=BOSS, label="x", digest=digest, only=("*",), expires_at=until
            ),
            RevokeToken(actor=BOSS, token=number),
            EndSessions(actor=BOSS, name=BOSS),
        ):
            with pytest.raises(NotAllowed, match="sign in"):
                desk.execute(command)


def test_the_token_itself_is_stored_nowhere(desk, make):
    token, _ = make()
    folder = desk.entrance.path.parent

    stored = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())

    assert token.startswith(tokens.PREFIX)
    assert len(token) >= len(tokens.PREFIX) + 43
    assert token.encode() not in stored
    assert tokens.digest_of(token).encode() in stored


def test_a_token_expires_and_that_it_is_used_is_noted(desk, make, clock):
    token, _ = make(days=1)
    desk.entrance.token(token)
    (listed,) = desk.ask(ListTokens(actor="zhao_lei"))

    clock.advance(DAY)

    assert listed.used_at == clock.now() - DAY
    assert serves_no_more(desk, token)


@pytest.mark.parametrize("how", ["revoked", "revoked by the boss", "person disabled"])
def test_what_ends_a_token_ends_it_at_once(desk, make, how):
    token, number = make()

    if how == "person disabled":
        desk.execute(SavePerson(actor=BOSS, name="zhao_lei", active=False))
        assert serves_no_more(desk, token)
        desk.execute(SavePerson(actor=BOSS, name="zhao_lei", active=True))
    else:
        actor = BOSS if how == "revoked by the boss" else "zhao_lei"
        desk.execute(RevokeToken(actor=actor, token=number))

    assert serves_no_more(desk, token)


def test_the_tokens_of_others_are_not_there(desk, make):
    _, number = make()

    with pytest.raises(NotFound) as others:
        desk.execute(RevokeToken(actor="li_na", token=number))
    with pytest.raises(NotFound) as nobodys:
        desk.execute(RevokeToken(actor="li_na", token=number + 1))
    with pytest.raises(NotAllowed):
        desk.ask(ListTokens(actor="li_na", name="zhao_lei"))
    with pytest.raises(NotAllowed):
        make(actor="li_na")

    assert type(others.value) is type(nobodys.value)
    assert [one.number for one in desk.ask(ListTokens(actor=BOSS, name="zhao_lei"))] == [number]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"only": ()}, "names the permissions"),
        ({"only": ("ticket.raed",)}, "did you mean 'ticket.read'"),
        ({"only": ("ticket.read people.edit",)}, "unknown permission"),
        ({"only": ("\ud800",)}, "half a character"),
        ({"only": ("ticket.read",) * 51}, "names the permissions"),
        ({"days": 0}, "expires within"),
        ({"days": 400}, "expires within"),
        ({"label": ""}, "printable"),
        ({"label": "\u202eevil"}, "printable"),
        ({"label": "x" * 1000}, "printable"),
    ],
)
def test_a_token_that_would_be_unlimited_or_unnamed_is_refused(desk, make, wrong, said):
    with pytest.raises(CommandRefused, match=said):
        make(**wrong)

    assert desk.ask(ListTokens(actor="zhao_lei")) == ()


def test_what_is_no_digest_or_one_that_is_known_is_refused(desk, clock):
    until = clock.now() + DAY
    digest = tokens.digest_of("x")

    def made(digest):
        desk.execute(
            MakeToken(
                actor=BOSS, name=BOSS, label="x", digest=digest, only=("*",), expires_at=until
            )
        )

    made(digest)
    for one in (digest, "cw_the-token-itself", digest.upper(), ""):
        with pytest.raises(CommandRefused, match="SHA-256"):
            made(one)


@pytest.mark.parametrize("token", ["", "cw_", "\0", "\ud800", "x" * 1_000_000, "' OR 1=1 --"])
def test_what_is_no_token_lets_nobody_in(desk, make, token):
    make()

    assert serves_no_more(desk, token)
