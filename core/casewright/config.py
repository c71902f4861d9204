"""A workspace's settings: `casewright.toml`, over it the environment's `CASEWRIGHT_*`, typed once."""

import os
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Literal, cast

from casewright.errors import (
    ConfigRefused,
    FileUnreadable,
    Message,
    Place,
    WorkspaceNotFound,
    message,
)
from casewright.nearest import hint
from casewright.settings.access import (
    AccessSettings,
    AuditSettings,
    LogSettings,
    access_from,
    audit_from,
    logs_from,
)
from casewright.settings.channels import ChannelSettings, channels_from
from casewright.settings.delivering import (
    Limit,
    QuietHours,
    WorkerSettings,
    limits_from,
    quiet_hours_from,
    worker_from,
)
from casewright.settings.doors import SshSettings, WebSettings, ssh_from, web_from
from casewright.settings.intake import IntakeSettings, intake_from
from casewright.settings.pages import PagesSettings, pages_from
from casewright.settings.plugins import PluginSettings, plugins_from
from casewright.settings.server import ServerSettings, server_from
from casewright.settings.toml_places import TomlPlaces
from casewright.settings.webhooks import WebhookSettings, webhooks_from
from casewright.swift_dataclass import dataclass

FILE = "casewright.toml"
BESIDE = "casewright.db-server"
"""The file that stands on a host for a database on a server: locks and keys lie beside it."""
_ADDRESSES = ("postgresql://", "postgres://")
Synchronous = Literal["FULL", "NORMAL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one workspace."""

    root: Path
    """The workspace's folder: workflows, forms, tables and roles are in it."""

    database: Path
    """The SQLite database, made when it is first needed; or the address of a PostgreSQL database, `postgresql://HOST/NAME`."""

    postgres: str = field(default="", repr=False)
    """The address of a PostgreSQL database, for a workspace that has no file; `database` stands for it on this host."""

    attachments: Path
    """The folder that keeps attached files under the digest of their content."""

    language: str = ""
    """The language of those who named none, by `--lang` or CASEWRIGHT_LANG: `en`, `zh`, or theirs when empty."""

    zone: str = ""
    """The site's time zone, such as `Asia/Shanghai`, in which people read and write times; the machine's when empty."""

    synchronous: Synchronous = "FULL"
    """How SQLite writes: FULL survives a power cut, NORMAL may lose the last commits in one."""

    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    """The ways to the outside that workflows may name in `via`, by name."""

    worker: WorkerSettings = field(default_factory=WorkerSettings)
    """What the worker does besides its work."""

    quiet_hours: QuietHours | None = None
    """When nobody is told what can wait, or None when there are no such hours."""

    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    """How much one person is told at most, by channel; every channel is in it."""

    plugins: PluginSettings = field(default_factory=PluginSettings)
    """Which plugins are loaded, and what they are told."""

    access: AccessSettings = field(default_factory=AccessSettings)
    """How people say who they are."""

    audit: AuditSettings = field(default_factory=AuditSettings)
    """How the histories are sealed."""

    logs: LogSettings = field(default_factory=LogSettings)
    """What is written about the running."""

    intake: Mapping[str, IntakeSettings] = field(default_factory=dict)
    """The places that things come in from, by name."""

    server: ServerSettings = field(default_factory=ServerSettings)
    """Where the process that owns the workspace listens."""

    ssh: SshSettings = field(default_factory=SshSettings)
    """Where people with an SSH client come in."""

    pages: PagesSettings = field(default_factory=PagesSettings)
    """The secret and the limits of the pages for customers."""

    webhooks: Mapping[str, WebhookSettings] = field(default_factory=dict)
    """Other systems that are told of events, by name."""

    web: WebSettings = field(default_factory=WebSettings)
    """Where people with a browser come in to a terminal."""

    @property
    def log_file(self) -> Path:
        """The file that log lines go to."""
        if self.logs.path:
            return self.root / self.logs.path
        return self.database.parent / "casewright.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One word of `casewright.toml`: the variable that overrules it, its default, and the texts it may be."""

    name: str
    variable: str
    default: str
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting(name="database", variable="CASEWRIGHT_DATABASE", default="casewright.db"),
    Setting(name="attachments", variable="CASEWRIGHT_ATTACHMENTS", default="attachments"),
    Setting(name="language", variable="CASEWRIGHT_LANG", default="", choices=("", "en", "zh")),
    Setting(name="zone", variable="CASEWRIGHT_ZONE", default=""),
    Setting(
        name="synchronous",
        variable="CASEWRIGHT_SYNCHRONOUS",
        default="FULL",
        choices=("FULL", "NORMAL"),
    ),
)


SECTIONS = (
    "channels", "worker", "quiet_hours", "limits", "plugins", "plugin", "access", "audit", "logs",
    "webhooks", "server", "intake", "ssh", "web", "pages",
)  # fmt: skip
"""The sections of `casewright.toml`; what each may say stands in `casewright.settings`."""


def find_workspace(start: Path) -> Path:
    """Return the nearest folder, `start` or one above it, that holds a `casewright.toml`."""
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise WorkspaceNotFound(folder=str(here))


def read_config(root: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Return the settings of the workspace `root`; raise `ConfigRefused` with the line where one is wrong."""
    surroundings = os.environ if environment is None else environment
    path = root / FILE
    text = _text(path)
    written = _parsed(text, path)
    known = {setting.name: setting for setting in SETTINGS}
    for name in written:
        if name not in known and name not in SECTIONS:
            meant = hint(name, (*known, *SECTIONS))
            reason = message("unknown setting '{name}'{hint}", name=name, hint=meant)
            raise ConfigRefused(place=_place(text, name, path), reason=reason)
    values = {
        setting.name: _value(setting, written, text, path, surroundings) for setting in SETTINGS
    }
    places = TomlPlaces(file=str(path), text=text)
    plugins = plugins_from(written.get("plugins", {}), written.get("plugin", {}), places)
    channels = channels_from(written.get("channels", {}), places, plugins=bool(plugins.load))
    quiet = written.get("quiet_hours")
    return Config(
        root=root,
        database=root / (BESIDE if _on_server(values["database"]) else values["database"]),
        postgres=values["database"] if _on_server(values["database"]) else "",
        attachments=root / values["attachments"],
        language=values["language"],
        zone=values["zone"],
        synchronous=cast(Synchronous, values["synchronous"]),
        channels=channels,
        worker=worker_from(written.get("worker", {}), places),
        quiet_hours=None if quiet is None else quiet_hours_from(quiet, places),
        limits=limits_from(written.get("limits", {}), channels, places),
        plugins=plugins,
        access=access_from(written.get("access", {}), places),
        audit=audit_from(written.get("audit", {}), places),
        logs=logs_from(written.get("logs", {}), places),
        intake=intake_from(written.get("intake", {}), places),
        server=server_from(written.get("server", {}), places),
        ssh=ssh_from(written.get("ssh", {}), places),
        pages=pages_from(written.get("pages", {}), places),
        webhooks=webhooks_from(written.get("webhooks", {}), places),
        web=web_from(written.get("web", {}), places),
    )


def _on_server(database: str) -> bool:
    return database.startswith(_ADDRESSES)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        reason = message("it cannot be read ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
    except UnicodeDecodeError:
        raise ConfigRefused(place=Place(str(path)), reason=message("it is not UTF-8")) from None


def _parsed(text: str, path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(
            r"^(.*?)(?: \(at line (\d+), column (\d+)\))?$", str(error), re.DOTALL
        )
        problem, line, column = found.groups() if found else (str(error), None, None)
        reason = message("not valid TOML ({problem})", problem=problem)
        raise ConfigRefused(
            place=Place(str(path), int(line or 0), int(column or 0)), reason=reason
        ) from None


def _value(
    setting: Setting,
    written: Mapping[str, object],
    text: str,
    path: Path,
    environment: Mapping[str, str],
) -> str:
    if setting.name == "language" or setting.variable not in environment:
        value, place = (
            written.get(setting.name, setting.default),
            _place(text, setting.name, path),
        )
    else:
        value, place = environment[setting.variable], Place(setting.variable)
    problem = _fault(setting, value)
    if problem is not None:
        raise ConfigRefused(place=place, reason=problem)
    return str(value)


def _fault(setting: Setting, value: object) -> Message | None:
    if not isinstance(value, str):
        return message("'{name}' must be a text in quotes", name=setting.name)
    if setting.choices and value not in setting.choices:
        known = ", ".join(choice for choice in setting.choices if choice)
        return message("'{name}' is one of: {known}", name=setting.name, known=known)
    if setting.name == "zone":
        return None if not value or _is_zone(value) else _NO_ZONE
    if not setting.choices and (not value.strip() or "\0" in value):
        return message("'{name}' must name a file or folder", name=setting.name)
    return None


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no path at all, or a folder
        return False
    return True


_NO_ZONE = message("'zone' must be a time zone such as 'Asia/Shanghai' or 'Europe/Budapest'")


def _place(text: str, name: str, path: Path) -> Place:
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(rf"""\s*\[*["']?{re.escape(name)}\b""", line):
            return Place(str(path), number, found.end() - len(found[0].lstrip()) + 1)
    return Place(str(path))
