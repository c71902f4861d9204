"""The server goes away under a terminal: it is said since when, what is loaded stays, keys work, and all is asked anew after."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.access.tokens import digest_of, new_token
from casewright.cli.__main__ import main
from casewright.commands import AddComment, MakeToken, OpenTicket
from casewright.config import read_config
from casewright.desk import open_desk
from casewright.errors import NotSignedIn, ServerUnreachable, message
from casewright.queries import ListChanges
from casewright.remote.desk import RemoteDesk
from casewright_tui import app
from casewright_tui.app import Terminal

from ..server.served import PATIENCE, founded, served
from .seated import Seated, seat, seated

pytestmark = pytest.mark.anyio
FIELDS = {"question": "What is to be done about it?"}
PASSWORD = "four words make one"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "w"
    config = founded(made)
    with open_desk(config) as desk:
        for subject in ("first", "second"):
            opened(desk, subject)
    return made


def opened(desk: object, subject: str) -> None:
    """Have a ticket opened that is handled by whoever sits there."""
    fields = {"subject": subject, **FIELDS}
    desk.execute(OpenTicket(actor="ada", workflow="inquiry", fields=fields))  # type: ignore[attr-defined]


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL])
async def test_a_server_that_is_away_is_said_to_be_and_everything_is_asked_anew_when_it_is_back(
    root, ended_by
):
    with served(root, "--no-worker") as running:
        async with seated(root, "ada") as one:
            await one.sees("first", "second")
            running.process.send_signal(ended_by)
            running.process.wait(60)
            await one.sees("no connection since")

            # What is loaded stays, and keys go on working.
            await one.press("down", "up", "escape")
            assert "second" in one.text
            with pytest.raises(ServerUnreachable):
                await one.terminal.say([AddComment(actor="ada", ticket="X-1", text="x")])
            # It works through that server or not at all: nobody is in the way of one that is started again.
            with open_desk(read_config(root)) as desk:
                opened(desk, "third")

            with served(root, "--no-worker"):
                await one.sees("third")
                await one.sees_no_more("no connection")


async def test_a_question_that_was_given_up_late_does_not_say_that_the_server_is_away(root):
    with served(root, "--no-worker"):
        async with seated(root, "ada") as one:

            async def given_up(*asked: object, **said: object) -> None:
                raise ServerUnreachable(address="", reason=message("too late"))

            one.terminal.answer = given_up  # type: ignore[method-assign, assignment]
            await one.terminal.news.summarise()
            assert one.terminal.news.lost is None, (
                "only what follows the changes knows when it is over"
            )


async def test_a_server_that_takes_connections_and_says_nothing_is_said_to_be_away(root):
    with served(root, "--no-worker") as running:
        async with seated(root, "ada") as one:
            await one.sees("first")
            parts = [running.process.pid, running.part("http")]
            for part in parts:
                os.kill(part, signal.SIGSTOP)
            try:
                await one.sees("no connection since", "second")
            finally:
                for part in reversed(parts):
                    os.kill(part, signal.SIGCONT)
            await one.sees_no_more("no connection")


@pytest.fixture
def with_password(tmp_path, monkeypatch) -> Path:
    """A workspace in which Olga is signed in by her password."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("CASEWRIGHT_LANG", "CASEWRIGHT_USER", "CASEWRIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    folder, password = tmp_path / "w", tmp_path / "password"
    password.write_text(PASSWORD)
    given = ["--password-file", str(password)]
    assert main(["init", str(folder), "--admin", "olga", *given]) == 0
    assert main(["-C", str(folder), "login", "olga", *given]) == 0
    return folder


async def test_whoever_is_signed_out_elsewhere_sees_no_more_and_is_told_why(
    with_password, monkeypatch
):
    # Nothing needs to be asked for that: whoever waits for changes is told at once.
    monkeypatch.setattr(app, "SUMMARY_EVERY", 3600.0)
    monkeypatch.setattr("casewright.cli.sitting.WAIT", 60)
    with served(with_password, "--no-worker"):
        # A door has let them in: there is no signing in again but through it.
        terminal = Terminal(replace(seat(with_password, "olga"), sign_in=None))
        async with terminal.run_test() as pilot:
            await Seated(terminal, pilot).settled()
            assert terminal.myself is not None
            assert main(["-C", str(with_password), "logout", "olga"]) == 0
            async with asyncio.timeout(PATIENCE / 2):
                while not terminal.last_words:
                    await asyncio.sleep(0.05)

    assert terminal.return_value == 1
    assert "Nobody is signed in" in terminal.last_words


def test_a_program_whose_token_is_revoked_while_it_follows_is_told_at_once(with_password):
    token = new_token()
    making = MakeToken(
        actor="olga", name="olga", label="ticker", digest=digest_of(token), only=("ticket.read",),
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )  # fmt: skip
    with open_desk(read_config(with_password)) as desk:
        number = int(desk.execute(making).answer["token"])
    with served(with_password, "--no-worker") as running, RemoteDesk(running.address) as desk:
        desk.transport.headers["Authorization"] = f"Bearer {token}"
        since = desk.ask(ListChanges(actor="olga")).until
        with ThreadPoolExecutor() as pool:
            following = pool.submit(desk.changes, since, wait=60)
            words = ["token", "revoke", str(number), "--as", "olga"]
            assert main(["-C", str(with_password), "user", *words]) == 0
            with pytest.raises(NotSignedIn):
                following.result(PATIENCE / 2)


def test_signing_in_at_the_terminal_is_signing_in(with_password, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "nobody"))
    sitting = seat(with_password, "olga")
    assert sitting.sign_in is not None

    sitting.sign_in("olga", PASSWORD, "")
    with sitting.come_in() as came:
        assert came.actor == "olga"
