"""Mailboxes on real wires: IMAP, a maildir, SMTP as the way out; a crash in between; two centres that answer each other."""

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest

from casewright.clock import SetClock
from casewright.config import read_config
from casewright.errors import ConfigRefused
from casewright.queries import ListArrivals
from casewright.worker.bringing import fetch_once
from casewright.worker.fetching import Came, Fetchers
from casewright.worker.imap import ImapMailbox
from casewright.worker.loop import Worker

from ..conftest import MONDAY_MORNING
from . import dovecot
from .letters import letter
from .mailbox_centre import RULES, SETTINGS, MailboxCentre
from .post import delivering_to

IMAP = """
[intake.mail]
driver = "imap"
host = "127.0.0.1"
port = {port}
user = "service"
password = "env:MAILBOX"
ca_file = "{authority}"
address = "service@centre.example"
every = 1
{more}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if dovecot.binary() is None:
        pytest.skip(dovecot.MISSING)
    # The server's processes run as somebody else, who may not look into a folder of pytest's.
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        with dovecot.mail_server(folder, *self_signed(folder)) as running:
            yield running


@pytest.fixture
def mailbox(server, workspace, clock, monkeypatch):
    """A centre that reads the server's mailbox over IMAP with TLS."""
    monkeypatch.setenv("MAILBOX", dovecot.PASSWORD)
    made = MailboxCentre(workspace, clock)

    def reading(more: str = "") -> MailboxCentre:
        plain = SETTINGS.partition("[intake.mail]")[0].format(
            port=1, address="service@centre.example"
        )
        said = IMAP.format(port=server.port, authority=server.authority, more=more)
        (workspace / "casewright.toml").write_text(plain + said, "utf-8")
        made.desk.close()
        made.reopen(read_config(workspace))
        return made

    yield reading
    made.desk.close()


def fetches(centre: MailboxCentre, text: str) -> None:
    """Fetch until a mail is there: the server looks into the folder when it thinks fit."""
    for _ in range(200):
        assert centre.fetch() == []
        if text in {one.fields["what"] for one in centre.tickets()}:
            return
    raise AssertionError(f"it never came: {text}")


def test_mail_is_fetched_over_imap_and_marked_once_it_is_kept(server, mailbox):
    centre = mailbox()
    for number in range(3):
        server.deliver(letter(f"Mail {number}", subject=f"Matter {number}"))

    for number in range(3):
        fetches(centre, f"Mail {number}")
    assert centre.fetch() == []

    assert sorted(one.fields["what"] for one in centre.tickets()) == [
        "Mail 0",
        "Mail 1",
        "Mail 2",
    ]


def test_mail_is_moved_to_where_it_is_done_with(server, mailbox):
    centre = mailbox('done = "Taken"')
    server.deliver(letter("To be moved", subject="Moved"))

    fetches(centre, "To be moved")

    taken = server.home / "Maildir" / ".Taken"
    moved = [one.read_bytes() for one in taken.rglob("*") if one.parent.name in ("cur", "new")]
    assert any(b"To be moved" in one for one in moved)


def test_a_wrong_password_is_told_and_nothing_is_lost(server, mailbox, monkeypatch):
    centre = mailbox()
    monkeypatch.setenv("MAILBOX", "wrong")
    server.deliver(letter("Waits there", subject="Waits"))

    (told,) = centre.fetch()
    monkeypatch.setenv("MAILBOX", dovecot.PASSWORD)

    assert "wrong" not in told
    fetches(centre, "Waits there")


def test_a_worker_hears_of_new_mail_by_itself(server, mailbox):
    centre = mailbox("idle = true")
    stop, seen = Event(), Event()
    working = centre.desk.working()
    worker = Worker(
        working, {}, holder="test", tell=lambda line: None, stop=stop, arrived=_watched(seen)
    )
    thread = Thread(target=lambda: seen.wait(60) and stop.set())
    thread.start()
    server.deliver(letter("By itself", subject="Idle"))

    worker.run()

    thread.join()
    assert "By itself" in {one.fields["what"] for one in centre.tickets()}


class _Watched(Queue):
    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def get(self, *given, **named):
        one = super().get(*given, **named)
        if hasattr(one, "over"):
            one.over.add_done_callback(lambda over: self.seen.set())
        return one


def _watched(seen):
    return _Watched(seen)


def test_a_password_never_crosses_a_network_in_the_clear(workspace, clock):
    text = IMAP.format(port=143, authority="", more='security = "none"').replace(
        "127.0.0.1", "mail.example.org"
    )
    (workspace / "casewright.toml").write_text(text, "utf-8")
    config = read_config(workspace, {"MAILBOX": "x"})

    with pytest.raises(ConfigRefused, match="unencrypted"):
        ImapMailbox(config.intake["mail"])


def test_what_cannot_be_kept_stays_in_the_mailbox_and_does_not_block_the_next(
    centre, monkeypatch
):
    centre.drop(letter("first", subject="First"))
    centre.drop(letter("second", subject="Second"))
    keep, calls = os.fsync, iter((OSError(28, "No space left on device"),))

    def full(descriptor):
        if (error := next(calls, None)) is not None:
            raise error
        keep(descriptor)

    monkeypatch.setattr(os, "fsync", full)

    (told,) = centre.fetch()

    assert "No space left" in told
    assert [one.fields["what"] for one in centre.tickets()] == ["second"]
    assert centre.fetch() == []
    assert len(centre.tickets()) == 2


class _Crash(BaseException):
    pass


@pytest.mark.parametrize("before", ["done", "take"])
def test_a_crash_loses_nothing_and_does_nothing_twice(centre, monkeypatch, before):
    """It happens between keeping a mail and putting it away, or before it is kept."""
    centre.drop(letter("once", subject="Once"))
    where = {
        "done": "casewright.worker.maildir.Maildir.done",
        "take": "casewright.desk.working.back_door.Working.take_in",
    }

    def crash(*given):
        raise _Crash

    with monkeypatch.context() as patched:
        patched.setattr(where[before], crash)
        with _crashing():
            fetch_once(centre.desk.working(), lambda line: None)

    assert centre.fetch() == []
    assert len(centre.tickets()) == 1
    assert list((centre.root / "mail" / "new").iterdir()) == []


@contextmanager
def _crashing():
    """Let a thread of the fetcher die without a word, as it does in a crash; the other way round it is raised here."""
    import threading

    before = threading.excepthook
    threading.excepthook = lambda given: None
    try:
        yield
    except _Crash:
        pass
    finally:
        threading.excepthook = before


def test_two_centres_that_answer_each_other_come_to_rest(tmp_path):
    first, second = "desk@one.example", "desk@two.example"
    with delivering_to() as post:
        clock = SetClock(MONDAY_MORNING)
        one = MailboxCentre(tmp_path / "one", clock, rules=RULES, address=first, port=post.port)
        two = MailboxCentre(
            tmp_path / "two", clock, rules=RULES, address=second, port=post.port
        )
        post.mailboxes = {first: one, second: two}
        # Somebody forged a mail from one centre to the other, in whose name nothing automatic stands.
        two.drop(letter("Are you there?", sender=first, to=second, subject="Hello"))

        rounds = [sum(_works(centre) for centre in (one, two)) for _ in range(10)]

        assert rounds[-1] == 0, f"mails went on: {rounds}"
        assert post.taken <= 3
        assert len(one.tickets()) + len(two.tickets()) <= 2
        one.desk.close()
        two.desk.close()


def test_without_the_marks_of_a_machine_two_centres_stop_all_the_same(tmp_path):
    """Sabotage: the way between them takes off every mark by which one machine knows another."""
    first, second = "desk@one.example", "desk@two.example"
    with delivering_to(strip=True) as post:
        clock = SetClock(MONDAY_MORNING)
        one = MailboxCentre(tmp_path / "one", clock, rules=RULES, address=first, port=post.port)
        two = MailboxCentre(
            tmp_path / "two", clock, rules=RULES, address=second, port=post.port
        )
        post.mailboxes = {first: one, second: two}
        two.drop(letter("Are you there?", sender=first, to=second, subject="Hello"))

        rounds = [sum(_works(centre) for centre in (one, two)) for _ in range(15)]

        assert rounds[-1] == 0, f"mails went on: {rounds}"
        assert post.taken > 1, "nothing was sabotaged"
        one.desk.close()
        two.desk.close()


def _works(centre: MailboxCentre) -> int:
    """Fetch and send all there is; return how much came in."""
    working = centre.desk.working()
    worker = Worker(
        working, working.open_channels(), holder="test", tell=lambda line: None, stop=Event()
    )
    return worker.run(once=True).counts["arrivals"]


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of this machine's own, and its key."""
    import subprocess

    certificate, key = folder / "server.pem", folder / "server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def test_arrivals_are_listed_a_page_at_a_time(centre):
    for number in range(5):
        centre.receives(letter("w", subject=f"{number}"))

    first = centre.desk.ask(ListArrivals(actor="ana", limit=3))
    rest = centre.desk.ask(ListArrivals(actor="ana", limit=3, after=first.after))

    assert [one.number for one in (*first.arrivals, *rest.arrivals)] == [5, 4, 3, 2, 1]
    assert rest.after is None


def test_a_maildir_that_cannot_be_used_is_told(centre):
    (centre.root / "mail" / "new").rename(centre.root / "mail" / "was")
    (centre.root / "mail" / "new").write_text("a file")

    (told,) = centre.fetch()

    assert "cannot be used" in told


def test_what_lies_in_a_maildir_and_is_no_mail_holds_up_none(centre, tmp_path):
    new = centre.root / "mail" / "new"
    (tmp_path / "secret").write_text("From: x@y.example\n\nNot a mail of ours.")
    (new / "0.folder").mkdir()
    (new / "0.link").symlink_to(tmp_path / "secret")
    os.mkfifo(new / "0.pipe")
    centre.drop(letter("A mail", subject="Mail"))

    told = centre.fetch()

    assert len([one for one in told if "not a regular file" in one]) == 3
    assert [one.fields["what"] for one in centre.tickets()] == ["A mail"]


def test_a_mail_at_which_casewright_itself_fails_stays_and_holds_up_none(centre):
    centre.drop(letter("first", subject="First"))
    centre.drop(letter("second", subject="Second"))
    sink, brought = Queue(), []
    fetchers = Fetchers(
        centre.desk.working().config,
        sink,
        keep=centre.desk.working().keep,
        now=centre.desk.working().now,
        once=True,
    )

    fetchers.start()
    while fetchers.busy or not sink.empty():
        with suppress(Empty):
            came = sink.get(timeout=0.05)
            if isinstance(came, Came):
                brought.append(came.arrival.subject)
                fails = came.arrival.subject == "First"
                if fails:
                    came.over.set_exception(ValueError("a bug"))
                else:
                    came.over.set_result("opened")
    fetchers.stop()

    assert brought == ["First", "Second"]
    assert len(list((centre.root / "mail" / "new").iterdir())) == 1
