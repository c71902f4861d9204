"""The sections `[intake.NAME]`: where what comes in from outside is fetched, or let in."""

import os
from collections.abc import Mapping
from dataclasses import field, replace
from typing import cast

from casewright import secrets
from casewright.addresses import email_fault
from casewright.errors import ConfigRefused, Place, message
from casewright.nearest import hint
from casewright.patterns import pattern
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

_NAME = pattern(r"[A-Za-z0-9_-]{1,40}")
_ADDRESS = Option(
    name="address",
    help="The address that people write to; mail from it is our own and is never answered.",
)
_EVERY = Option(
    name="every", kind="number", default=60, help="Seconds between two looks for new mail."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of place that things come in from; `fetched` by the worker, or let in by the server."""

    name: str
    help: str
    options: tuple[Option, ...]
    fetched: bool = True


IMAP = Source(
    name="imap",
    help="A mailbox at a mail server, read over IMAP with TLS.",
    options=(
        Option(name="host", required=True, help="The mail server."),
        Option(name="port", kind="number", default=993, help="Its port."),
        Option(name="user", required=True, help="The account."),
        Option(name="password", required=True, help='Its password, as `"secret://mailbox"`.'),
        Option(
            name="security",
            default="tls",
            choices=("tls", "starttls", "none"),
            help="How the connection is encrypted; `none` only on this machine.",
        ),
        Option(name="folder", default="INBOX", help="The folder that is read."),
        Option(
            name="done",
            help="The folder that a mail is moved to once it is taken in; empty leaves it there, marked as seen and flagged.",
        ),
        Option(
            name="idle",
            kind="yes_no",
            default=True,
            help="Whether the server tells by itself of new mail, if it can.",
        ),
        Option(
            name="timeout",
            kind="number",
            default=30,
            help="Seconds that it may take to answer.",
        ),
        Option(
            name="ca_file",
            help="Certificates that are trusted in place of the public ones; an absolute path.",
        ),
        _ADDRESS,
        _EVERY,
    ),
)
MAILDIR = Source(
    name="maildir",
    help="A folder in which a mail server on this machine puts mail (maildir).",
    options=(
        Option(
            name="path",
            required=True,
            help="The folder that has `new`, `cur` and `tmp` in it; a relative path is one in the workspace.",
        ),
        _ADDRESS,
        replace(_EVERY, default=5),
    ),
)
WEBHOOK = Source(
    name="webhook",
    help="Another system posts JSON to `/in/NAME` of the server; the channel's `map` in intake.yaml says what it means.",
    options=(
        Option(
            name="secret",
            required=True,
            help="What the sender knows, at least 16 characters, as `secret://webhook`: as a bearer token, or to sign with.",
        ),
        Option(
            name="signed",
            kind="yes_no",
            default=False,
            help="Whether only signed deliveries are taken, which nobody can repeat later; else a bearer token will do.",
        ),
    ),
    fetched=False,
)
FOLDER = Source(
    name="folder",
    help="A folder in which files of CSV are laid; the channel's `map` in intake.yaml says which column means what.",
    options=(
        Option(
            name="path",
            required=True,
            help="The folder; what was taken in goes to `done` in it, what was not to `refused`. A relative path is one in the workspace.",
        ),
        Option(
            name="encoding",
            default="utf-8",
            choices=("utf-8", "gb18030"),
            help="How the files are encoded.",
        ),
        replace(_EVERY, default=10, help="Seconds between two looks for new files."),
    ),
)
SOURCES: Mapping[str, Source] = {one.name: one for one in (IMAP, MAILDIR, WEBHOOK, FOLDER)}
"""Every kind of place by the name of its `driver`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """One place that things come in from: its driver, and a value for each of the driver's options."""

    name: str
    driver: str
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    place: Place = field(default=Place("casewright.toml"))

    @property
    def address(self) -> str:
        """The address that people write to; "" where it is not a mailbox, or was not said."""
        return str(self.options.get("address", ""))

    @property
    def fetched(self) -> bool:
        """Whether a worker fetches what comes in."""
        return SOURCES[self.driver].fetched

    def text(self, name: str) -> str:
        """Return an option that is a text."""
        return cast(str, self.options[name])

    def number(self, name: str) -> float:
        """Return an option that is a number."""
        return cast(float, self.options[name])

    def yes(self, name: str) -> bool:
        """Return an option that is true or false."""
        return cast(bool, self.options[name])

    def with_secrets(self, environment: Mapping[str, str] | None = None) -> "IntakeSettings":
        """Return the settings with each `secret://name` and `env:NAME` looked up; ConfigRefused, SecretMissing."""
        known = os.environ if environment is None else environment
        found = {
            name: secrets.resolve(value, self.place, known) if isinstance(value, str) else value
            for name, value in self.options.items()
        }
        return replace(self, options=found)


def intake_from(data: object, places: TomlPlaces) -> dict[str, IntakeSettings]:
    """Return what `[intake]` says, by name; raise `ConfigRefused` at its place."""
    if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
        reason = message("write what comes in as sections, such as [intake.mail]")
        raise ConfigRefused(place=places.of("intake"), reason=reason)
    return {name: _one(name, written, places) for name, written in data.items()}


def _one(name: str, written: Mapping[str, object], places: TomlPlaces) -> IntakeSettings:
    section = ("intake", name)
    if not _NAME.fullmatch(name):
        reason = message("a channel's name is made of letters, digits, '_' and '-'")
        raise ConfigRefused(place=places.of(*section), reason=reason)
    driver = written.get("driver")
    if not isinstance(driver, str) or driver not in SOURCES:
        template = "name the 'driver' of what comes in, one of: {known}{hint}"
        near = hint(driver, SOURCES) if isinstance(driver, str) else message("")
        reason = message(template, known=list(SOURCES), hint=near)
        raise ConfigRefused(place=places.of(*section, "driver"), reason=reason)
    rest = {key: value for key, value in written.items() if key != "driver"}
    options = checked(rest, SOURCES[driver].options, section=section, places=places)
    found = IntakeSettings(name=name, driver=driver, options=options, place=places.of(*section))
    fault = email_fault(found.address) if found.address else None
    if fault is not None:
        raise ConfigRefused(place=places.of(*section, "address"), reason=fault)
    return found
