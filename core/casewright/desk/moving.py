"""A workspace moved from its file to a server: copied while it is at work, brought up to date while nobody is, and proved equal."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from casewright.clock import Clock, SystemClock
from casewright.config import BESIDE, FILE, Config
from casewright.desk.installing import opened
from casewright.errors import DatabaseMissing, FileUnreadable, Message, MoveRefused, message
from casewright.jobs.choosing import migrate_jobs
from casewright.ownership import owned
from casewright.plugins.host import Plugins
from casewright.plugins.loaded import LoadedPlugin
from casewright.store import migrate, plugin_migrations, plugin_states, tallies, verification
from casewright.store.database import Database
from casewright.store.moving import Moving, begun_of
from casewright.store.opening import open_database
from casewright.store.plugin_tables import clashes
from casewright.store.postgres import PostgresDatabase
from casewright.swift_dataclass import dataclass
from casewright.workflows.vocabulary import plugins_of

OWNER = "casewright db copy"
Tell = Callable[[int, int], None]
"""Is told how many rows were looked at, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was moved: rows by table, how many ranges of them this try had to copy, and tickets and events verified there."""

    rows: dict[str, int]
    ranges: int
    tickets: int
    events: int


def move(
    config: Config,
    address: str,
    *,
    named: bool = False,
    clock: Clock | None = None,
    tell: Tell = lambda *_: None,
) -> Moved:
    """Make the schema at `address` equal to the workspace's file, and return once that is proved.

    The settings stay as they are, unless the server is to be `named` there: then a move that was interrupted before it was
    can be begun again, and one afterwards cannot.

    While it is copied people go on working; then it has to be theirs alone for as long as what changed since takes.
    MoveRefused, WorkspaceInUse, WorkspaceOwned, DatabaseUnusable; what was copied stays there, and the next try goes on with it.
    """
    _must_be_movable(config, address)
    now = (clock or SystemClock()).now()
    source = opened(config)
    try:
        migrate.require_newest(source, path=str(config.database))
        plugins = _plugins_with_tables(config, source)
        target = _opened(config, address)
        try:
            moving = Moving(source, target, plugins=plugins, tell=tell)
            _begin(moving, target, now, address=address, identity=_identity(config, source))
            for name, one in plugins.items():
                plugin_migrations.migrate(target, name, one.migrations, now)
            copied = moving.round()
            moving.take_stock()
            with owned(config.database, OWNER):
                moved = _finished(moving, target, copied)
                if named:
                    name_the_server(config.root, address)
                moving.forget()
                return moved
        finally:
            target.close()
    finally:
        source.close()


def _finished(moving: Moving, target: PostgresDatabase, copied: int) -> Moved:
    copied += moving.round()
    for fault in moving.differing():
        raise MoveRefused(reason=fault)
    found = verification.verify(target)
    if found.first_broken is not None:
        broken = message("{ticket} is not as it was written", ticket=found.first_broken.ticket)
        raise MoveRefused(reason=broken)
    rows = moving.end()
    tallies.count_anew(target)
    return Moved(rows=rows, ranges=copied, tickets=found.tickets, events=found.events)


def _must_be_movable(config: Config, address: str) -> None:
    if config.postgres:
        raise MoveRefused(reason=message("it is on a server already"))
    if not config.database.exists():
        raise DatabaseMissing(database=str(config.database))
    if config.database.parent != config.root:
        reason = message(
            "its database stands elsewhere than casewright.toml, and what lies beside it has to be found again: move {file} there first",
            file=str(config.database),
        )
        raise MoveRefused(reason=reason)
    if not address.startswith(("postgresql://", "postgres://")):
        raise MoveRefused(reason=message("an address begins with postgresql://"))
    if urlsplit(address).password or "password=" in address:
        reason = message(
            "leave the password out of the address: it would stand in casewright.toml; libpq reads ~/.pgpass and PGPASSWORD"
        )
        raise MoveRefused(reason=reason)


def _plugins_with_tables(config: Config, source: Database) -> Mapping[str, LoadedPlugin]:
    """Return the plugins whose tables go along, by name; MoveRefused where one has tables and is not there to make them."""
    plugins = plugins_of(config, plugin_states.read(source), marked=False)
    try:
        found = {
            name: one
            for name, one in plugins.plugins.items()
            if one.migrations and clashes(name) is None
        }
        absent = sorted(plugin_migrations.newest_of_all(source).keys() - found)
        if absent:
            reasons = [_why_not(plugins, name) for name in absent]
            raise MoveRefused(reason=message("{reasons}", reasons=reasons))
    finally:
        plugins.close()
    return found


def _why_not(plugins: Plugins, name: str) -> Message:
    """Return why a plugin with tables is not there to make them, and what is to be done."""
    if name in plugins.left_out:
        template = "the plugin '{name}' has tables here, and is left out: {reason}; see 'casewright plugin list'"
        return message(template, name=name, reason=plugins.left_out[name])
    template = "the plugin '{name}' has tables here, and is not there to make them on a server: name it in [plugins] load"
    return message(template, name=name)


def _opened(config: Config, address: str) -> PostgresDatabase:
    target = open_database(config.root / BESIDE, server=address, synchronous=config.synchronous)
    assert isinstance(target, PostgresDatabase)
    return target


def _begin(
    moving: Moving, target: PostgresDatabase, now: datetime, *, address: str, identity: str
) -> None:
    """Make the tables there; MoveRefused where there is a workspace that is no copy of this one."""
    if migrate.version(target) and begun_of(target) != identity:
        reason = message(
            "there is a workspace already: name another database, or another schema"
        )
        raise MoveRefused(reason=reason)
    moving.begin(identity)
    migrate.migrate(target, at=now, path=address)
    migrate_jobs(target, now)


def _identity(config: Config, source: Database) -> str:
    """Return what tells this workspace from others: where it is, and what its first command was."""
    row = source.execute("SELECT id FROM command ORDER BY at, id LIMIT 1").fetchone()
    said = f"{config.database.resolve()} {row[0] if row else ''}"
    return hashlib.sha256(said.encode()).hexdigest()


def settings_with(text: str, address: str) -> str:
    """Return the text of a `casewright.toml` that names the server, with everything else as it was written."""
    line = f"database = {json.dumps(address, ensure_ascii=False)}"
    for written in (r"(?m)^[ \t]*database[ \t]*=.*$", r"(?m)^#[ \t]*database[ \t]*=.*$"):
        changed, many = re.subn(written, lambda _: line, text, count=1)
        if many:
            return changed
    return f"{line}\n{text}"


def name_the_server(root: Path, address: str) -> None:
    """Let the workspace's settings name the server, from one moment to the next; FileUnreadable where they cannot be written."""
    path, new = root / FILE, root / f".{FILE}.new"
    try:
        text = settings_with(path.read_text(encoding="utf-8"), address)
        new.write_text(text, encoding="utf-8")
        shutil.copymode(path, new)
        new.replace(path)
        (root / BESIDE).touch(mode=0o600)
    except OSError as error:
        new.unlink(missing_ok=True)
        reason = message("it cannot be written ({problem})", problem=error.strerror or "")
        raise FileUnreadable(file=str(path), reason=reason) from None
