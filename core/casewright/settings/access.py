"""`[access]`, `[audit]` and `[logs]` of `casewright.toml`: who gets in, what is sealed, what is written about the running."""

from collections.abc import Mapping
from typing import Literal, cast

from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass

SignIn = Literal["password", "os_user", "trusted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSettings:
    """How people say who they are at this workspace."""

    sign_in: SignIn = "password"
    """`password`: by `casewright login` or a token. `os_user`: whoever is logged in to the machine under a name of the
    staff is that person too. `trusted`: whoever opens the workspace says who they are, for trying things out."""

    session_hours: float = 12
    """How long somebody stays signed in."""

    idle_minutes: float = 60
    """A session that was not used for so long is over."""

    second_factor: bool = False
    """Whether everybody who signs in by password must have a second factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """How the histories are sealed."""

    key: str = ""
    """The Ed25519 key that signs checkpoints: `secret://name` or a file outside the database; "" makes one beside the
    settings of whoever runs casewright."""

    second_place: str = ""
    """A folder elsewhere (another disk or machine) to which every checkpoint and the ledger of erasures are
    written too; "" for none."""

    every_minutes: float = 60
    """How often the worker makes a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What is written about the running."""

    path: str = ""
    """The file that log lines go to, as JSON; "" for `casewright.log` beside the database."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """What is left out: everything that matters less."""


ACCESS_OPTIONS = (
    Option(
        name="sign_in",
        help="How people say who they are: by `casewright login` or a token; as the user of the machine; or at their word.",
        default="password",
        choices=("password", "os_user", "trusted"),
    ),
    Option(
        name="session_hours",
        help="Hours that somebody stays signed in.",
        kind="number",
        default=12,
    ),
    Option(
        name="idle_minutes",
        help="Minutes after which a session that is not used is over.",
        kind="number",
        default=60,
    ),
    Option(
        name="second_factor",
        help="Whether a password needs a second factor beside it.",
        kind="yes_no",
        default=False,
    ),
)
AUDIT_OPTIONS = (
    Option(
        name="key",
        help="What signs checkpoints: `secret://name` or a file elsewhere; empty makes a key among the runner's own settings.",
    ),
    Option(
        name="second_place",
        help="A folder on another disk or machine to which every checkpoint is written too.",
    ),
    Option(
        name="every_minutes",
        help="Minutes between two checkpoints of the worker.",
        kind="number",
        default=60,
    ),
)
LOGS_OPTIONS = (
    Option(
        name="path",
        help="The file that log lines go to, one JSON object each; empty for `casewright.log` beside the database.",
    ),
    Option(
        name="level",
        help="Lines that matter less are left out.",
        default="info",
        choices=("debug", "info", "warning", "error"),
    ),
)


def access_from(written: object, places: TomlPlaces) -> AccessSettings:
    """Return the settings of `[access]`; ConfigRefused."""
    found = checked(_table(written), ACCESS_OPTIONS, section=("access",), places=places)
    return AccessSettings(
        sign_in=cast(SignIn, found["sign_in"]),
        session_hours=cast(float, found["session_hours"]),
        idle_minutes=cast(float, found["idle_minutes"]),
        second_factor=bool(found["second_factor"]),
    )


def audit_from(written: object, places: TomlPlaces) -> AuditSettings:
    """Return the settings of `[audit]`; ConfigRefused."""
    found = checked(_table(written), AUDIT_OPTIONS, section=("audit",), places=places)
    return AuditSettings(
        key=str(found["key"]),
        second_place=str(found["second_place"]),
        every_minutes=cast(float, found["every_minutes"]),
    )


def logs_from(written: object, places: TomlPlaces) -> LogSettings:
    """Return the settings of `[logs]`; ConfigRefused."""
    found = checked(_table(written), LOGS_OPTIONS, section=("logs",), places=places)
    return LogSettings(path=str(found["path"]), level=cast("LogLevel", found["level"]))


LogLevel = Literal["debug", "info", "warning", "error"]


def _table(written: object) -> Mapping[str, object]:
    return written if isinstance(written, dict) else {"": written}
