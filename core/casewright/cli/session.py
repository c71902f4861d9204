"""One run of the command line: who acts, in which language and workspace, and the desk once it is needed."""

import os
from contextlib import ExitStack
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


class Session:
    """What a verb works with; use it in a `with` statement, which closes the desk."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._closing = ExitStack()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.close()

    @property
    def folder(self) -> Path:
        """The folder named by --workspace, or by CASEWRIGHT_WORKSPACE, or the one we are in."""
        return Path(
            self._given.text("workspace") or os.environ.get("CASEWRIGHT_WORKSPACE") or "."
        )

    @cached_property
    def config(self) -> "Config":
        """The settings of the workspace; raises `WorkspaceNotFound`."""
        from casewright.config import find_workspace, read_config

        return read_config(find_workspace(self.folder))

    @cached_property
    def texts(self) -> Texts:
        """The reader's language; a workspace that cannot be read has no say in it."""
        named = self._given.text("lang")
        try:
            settings = self.config
            chosen = language(named, workspace="" if named else settings.language)
            return Texts(chosen, settings.zone)
        except (CasewrightError, OSError):
            return Texts(language(named))

    @cached_property
    def actor(self) -> str:
        """The login name of whoever acts."""
        named = self._given.text("as") or os.environ.get("CASEWRIGHT_USER")
        if named:
            return named
        from getpass import getuser

        try:
            return getuser()
        except (KeyError, OSError):
            raise UsageRefused(
                reason=message("your login has no name here; say who acts: --as USER")
            ) from None

    @cached_property
    def desk(self) -> "Desk":
        """The desk of the workspace, opened when it is first asked for."""
        from casewright.desk import open_desk

        return self._closing.enter_context(open_desk(self.config))

    def use(self, config: "Config", texts: Texts) -> None:
        """Go on in another workspace and its texts, as whoever made it; a desk that is not yet open will be its desk."""
        self.__dict__.update(config=config, texts=texts)

    def tell_times_in(self, zone: str) -> None:
        """Tell and read the times of what follows in `zone`, as the desk named it for a ticket; "" changes nothing."""
        if zone:
            self.__dict__["texts"] = Texts(self.texts.lang, zone)

    def look_at(self, desk: "Desk", actor: str) -> None:
        """Go on at a desk that somebody else has opened and closes, as one of its people."""
        self.__dict__.update(desk=desk, actor=actor)

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


_UNITS = {"d": "{number} d", "h": "{number} h", "min": "{number} min", "s": "{number} s"}
