"""What may be said through a door: every verb and every option was judged, and what names a file of the server is refused."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from casewright.cli.grammar import EVERYWHERE
from casewright.cli.nouns import NOUNS, noun
from casewright.cli.parse import parse
from casewright.cli.run import Limits, run
from casewright.doors import allowed
from casewright.doors.session import LIMITS, DoorSession, Entered
from casewright.errors import UsageRefused

CLOSED = {
    "init", "demo", "simulate", "doctor", "ticket attach", "ticket file", "workflow check", "workflow publish", "workflow rehearse",
    "workflow discover", "workflow schema", "form check", "calendar check", "calendar import", "login", "logout",
    "user import", "customer import", "customer check", "worker", "serve", "plugin describe", "plugin check", "plugin new",
    "plugin adopt", "replay", "audit checkpoint", "audit export", "db status", "db migrate", "db copy", "backup", "restore", "export",
    "import", "intake csv", "intake fetch", "intake check", "webhook test",
}  # fmt: skip
"""What reads or writes files of the server's machine, or looks after it."""
CLOSED_OPTIONS = {
    ("calendar elapsed", "--batch"),
    ("calendar elapsed", "--out"),
    ("audit verify", "--export"),
    ("ticket reply", "--text-file"),
}
FILES = {"FILE", "DIR", "PATH", "LOG"}


def words_of(name: str, verb: str) -> str:
    return f"{name} {verb}".strip()


def test_every_verb_is_allowed_or_closed_on_purpose():
    every = {words_of(name, verb.name) for name in NOUNS for verb in noun(name).verbs}
    open_ones = {
        words_of(name, verb) for name, verbs in allowed.VERBS.items() for verb in verbs
    }

    assert open_ones & CLOSED == set()
    assert open_ones <= every
    assert every - open_ones - CLOSED == set(), "judge the new verbs: allow or close them"


def test_every_option_of_an_allowed_verb_is_open_or_a_stream_or_closed_on_purpose():
    judged = [
        (words_of(name, verb.name), option)
        for name, verbs in allowed.VERBS.items()
        for verb in noun(name).verbs
        if verb.name in verbs
        for option in verb.options
    ]

    unjudged = [
        (words, option.name)
        for words, option in judged
        if not allowed.is_open(option)
        and not allowed.is_stream(words, option)
        and (words, option.name) not in CLOSED_OPTIONS
    ]
    files = [
        (words, option.name)
        for words, option in judged
        if allowed.is_open(option) and FILES & {option.value, option.name}
    ]
    assert unjudged == []
    assert files == []


def test_of_the_options_everywhere_none_says_who_acts_or_in_which_folder():
    closed = {one.name for one in EVERYWHERE} - allowed.EVERYWHERE

    assert closed == {"--as", "--workspace", "--debug"}


@pytest.mark.parametrize(
    "line",
    [
        "init x",
        "ticket attach CMP-1 x",
        "ticket list --export x.csv",
        "ticket list --export=x.csv",
        "ticket open complaint --fields x.json",
        "user passwd --password-file x",
        "user key add ana x.pub",
        "calendar elapsed cn --from 2026-01-01T00:00 --batch -",
        "ticket list --as ana",
        "ticket list --workspace x",
        "ticket list -C x",
        "whoami --debug",
        "db status --help",
        "calendar show secrets.yaml",
        "calendar due ../secrets --from 2026-01-01T00:00 --within 1h",
        "worker",
    ],
)
def test_what_touches_the_machine_of_the_server_is_refused(line):
    with pytest.raises(UsageRefused):
        allowed.must_be_allowed(parse(line.split()))


@pytest.mark.parametrize(
    "line",
    [
        "my",
        "my --json",
        "ticket --help",
        "ticket list --export - --lang zh",
        "ticket open complaint --fields - --set a=b",
        "user key add ana -",
        "user key remove ana --fingerprint SHA256:x",
        "customer find wang --purpose callback",
    ],
)
def test_what_only_talks_to_the_server_is_allowed(line):
    allowed.must_be_allowed(parse(line.split()))


def test_no_words_read_or_write_a_file_of_the_servers_machine(tmp_path, capfd):
    _leaves_the_machine_alone(LIMITS, tmp_path, capfd)


def test_an_allow_list_that_is_off_would_be_noticed(tmp_path, capfd):
    everything = replace(LIMITS, check=lambda request: None)

    with pytest.raises(AssertionError):
        _leaves_the_machine_alone(everything, tmp_path, capfd)


def _leaves_the_machine_alone(
    limits: Limits, folder: Path, capfd: "pytest.CaptureFixture[str]"
) -> None:
    """Say behind a door, whose server is not there, words that name files here; all are refused, and say nothing of them."""
    (folder / "secrets.yaml").write_text("hunter2: 1\n")
    entered = Entered(person="ana", door="ssh", token="x", address="unix:/nowhere", root=folder)
    before = os.listdir(folder)
    for words in (
        ["calendar", "show", str(folder / "secrets.yaml")],
        ["form", "check", str(folder / "secrets.yaml")],
        ["init", str(folder / "new")],
    ):
        assert run(words, begin=partial(DoorSession, entered=entered), limits=limits) == 2
    said = "".join(capfd.readouterr())

    assert "hunter2" not in said
    assert os.listdir(folder) == before


def test_the_help_behind_a_door_tells_of_nothing_that_is_closed():
    shown = {
        words_of(name, verb.name)
        for name in allowed.nouns()
        for verb in allowed.open_noun(noun(name)).verbs
    }

    assert shown & CLOSED == set()


def test_the_help_of_a_verb_behind_a_door_tells_of_no_option_that_is_closed(capsys):
    entered = Entered(person="", door="ssh", token="", address="unix:/nowhere", root=Path("/"))
    say = partial(run, begin=partial(DoorSession, entered=entered), limits=LIMITS)

    assert (say(["calendar", "elapsed", "--help"]), say(["help"])) == (0, 2)
    shown = capsys.readouterr().out

    assert {"--to", "--explain", "--json"} <= set(shown.replace(",", " ").split())
    assert not {"--batch", "--as", "--workspace", "--debug"} & set(shown.split())
