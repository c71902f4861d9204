"""One run of the command line: who acts, in which language and workspace, and the desk once it is needed."""

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.cli.grammar import Given
from casewright.errors import CasewrightError, UsageRefused, message
from casewright.texts import Texts, language

if TYPE_CHECKING:
    from casewright.config import Config
    from casewright.desk import Desk
    from casewright.desk.door import Door
    from casewright.front_door import FrontDoor
    from casewright.plugins.host import Plugins


class Session:
    """What a verb works with; use it in a `with` statement, which closes the desk."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._closing = ExitStack()
        self._stays_with = ""
        self.comes_by = ""
        """The door through which whoever acts comes, as the access log names it; "" is the command line."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.close()

    def go_by(self, given: Given) -> None:
        """Go by what all the words came to; what is open stays open where it is the same workspace's."""
        before, self._given = self.folder, given
        kept = {"config", "desk", "examined", "plugins"} if self.folder == before else set()
        if not kept:
            self._closing.close()
        for name in ("config", "desk", "examined", "plugins", "texts", "actor", "door"):
            if name not in kept:
                self.__dict__.pop(name, None)

    @property
    def folder(self) -> Path:
        """The folder named by --workspace, or by CASEWRIGHT_WORKSPACE, or the one we are in."""
        return Path(
            self._given.text("workspace") or os.environ.get("CASEWRIGHT_WORKSPACE") or "."
        )

    @cached_property
    def config(self) -> "Config":
        """The settings of the workspace; raises `WorkspaceNotFound`."""
        from casewright.cli.elsewhere import config_elsewhere, server_named
        from casewright.config import find_workspace, read_config

        if address := server_named():
            return config_elsewhere(address)
        return read_config(find_workspace(self.folder))

    @cached_property
    def texts(self) -> Texts:
        """The reader's language; a workspace that cannot be read has no say in it."""
        named = self._given.text("lang")
        try:
            settings = self.config
            chosen = language(named, workspace="" if named else settings.language)
            return Texts(chosen, settings.zone, more=self.chinese_of_plugins)
        except (CasewrightError, OSError):
            return Texts(language(named))

    @property
    def asked_language(self) -> bool:
        """Whether a language was named for this run."""
        return bool(self._given.text("lang"))

    @property
    def named(self) -> str | None:
        """Who they say they are, by --as or CASEWRIGHT_USER; None where they say nothing."""
        return self._given.text("as") or os.environ.get("CASEWRIGHT_USER") or None

    @property
    def claimed(self) -> str:
        """Who they are at their word: as they say, or by their login; enough to make a workspace or to sign in by."""
        from casewright.cli.at_the_door import os_login

        name = self.named or os_login()
        if not name:
            reason = message("your login has no name here; say who acts: --as USER")
            raise UsageRefused(reason=reason)
        return name

    @cached_property
    def actor(self) -> str:
        """The login name of whoever acts; NotSignedIn, by the workspace's `[access] sign_in`."""
        return self.door.actor or ""

    @cached_property
    def door(self) -> "Door":
        """The door of whoever acts, as they were let in; from here on the desk takes them, and nobody else."""
        from casewright.cli.at_the_door import door_of

        found = door_of(
            self.config,
            self.desk,
            named=self.named,
            claimed=lambda: self.claimed,
            by=self.comes_by,
        )
        found = replace(found, purpose=self._given.text("purpose") or "")
        self._closing.enter_context(self.desk.through(found))
        return found

    @cached_property
    def desk(self) -> "FrontDoor":
        """The desk of the workspace, in this process or through the server that owns it, opened when it is first asked for.

        Nobody can act before `actor` says who it is.
        """
        from casewright.cli.desk_here import desk_here

        opened = desk_here(
            self.config, lang=self.texts.lang, last=self._stays_with, door=self.comes_by
        )
        return self._closing.enter_context(opened)

    @property
    def own_desk(self) -> "Desk":
        """The desk in this process, for what no server does for others; WorkspaceOwned where one owns the workspace."""
        from casewright.cli.desk_here import must_be_ours

        return must_be_ours(self.config, self.desk)

    @cached_property
    def examined(self) -> "Desk":
        """A desk in this process for what only looks, also beside a server: the doctor sees what a server that hangs hides."""
        from casewright.cli.desk_here import desk_beside

        return self._closing.enter_context(desk_beside(self.config))

    @cached_property
    def plugins(self) -> "Plugins":
        """The plugins of the workspace: as its desk has them, or as `casewright.toml` names them where it has none here."""
        if self.config.plugins.load:
            with suppress(CasewrightError):
                return self.own_desk.plugins
        from casewright.workflows.vocabulary import plugins_of

        opened = plugins_of(self.config)
        self._closing.callback(opened.close)
        return opened

    def use(self, config: "Config", texts: Texts) -> None:
        """Go on in another workspace and its texts, as whoever made it; a desk that is not yet open will be its desk."""
        self.__dict__.update(config=config, texts=texts)

    def tell_times_in(self, zone: str) -> None:
        """Tell and read the times of what follows in `zone`, as the desk named it for a ticket; "" changes nothing."""
        if zone:
            self.__dict__["texts"] = self.texts.in_zone(zone)

    def elsewhere(self, folder: Path, *, named: str = "") -> "Session":
        """Return a session of the same words in the workspace at `folder`, of whoever acts there; to be closed by itself."""
        there = {"workspace": (str(folder),), **({"as": (named,)} if named else {})}
        return Session(Given({**self._given.values, **there}))

    def again(self) -> "Session":
        """Return another session of the same words, such as one for another thread; to be closed by itself."""
        another = Session(self._given)
        another.comes_by = self.comes_by
        return another

    def stay_with(self, address: str) -> None:
        """Work through the server that was last at this address, also while it is away; "" leaves it open."""
        self._stays_with = address

    @property
    def can_sign_in(self) -> bool:
        """Whether somebody can prove here who they are; elsewhere the door did it."""
        return True

    def sign_in(self, name: str, password: str, code: str) -> None:
        """Sign somebody in, and keep their session at this account; SignInRefused, SecondFactorNeeded."""
        from casewright.cli import signed_in

        with self.again() as one:
            entered = one.desk.entrance.sign_in(name, password, code=code)
            signed_in.keep(one.config.database, entered.person.name, entered.token)

    def look_at(self, desk: "Desk", actor: str) -> None:
        """Go on at a desk that somebody else has opened and closes, as one of its people."""
        self.__dict__.update(desk=desk, examined=desk, actor=actor)

    @property
    def as_json(self) -> bool:
        """Whether one JSON document is wanted."""
        return self._given.flag("json")

    @property
    def debug(self) -> bool:
        """Whether the traceback of a bug is wanted."""
        return self._given.flag("debug")

    def moment(self, moment: datetime) -> str:
        """Return a moment in the site's time."""
        return self.texts.moment(moment)

    def ago(self, length: timedelta) -> str:
        """Return a length of time in its largest unit, such as `3 h` or `12 d`."""
        seconds = int(length.total_seconds())
        for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
            if seconds >= size:
                return self.texts.say(_UNITS[unit], number=seconds // size)
        return self.texts.say(_UNITS["s"], number=max(0, seconds))

    def chinese_of_plugins(self) -> Mapping[str, str]:
        """Return the Chinese of the plugins' sentences; none where the workspace cannot be read."""
        try:
            if not self.config.plugins.load:
                return {}
            from casewright.plugins.asking import chinese

            return chinese(self.plugins)
        except (CasewrightError, OSError):
            return {}


_UNITS = {"d": "{number} d", "h": "{number} h", "min": "{number} min", "s": "{number} s"}
