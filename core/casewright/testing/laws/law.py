"""What a law is, and the plugin on which it is tried."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from casewright.desk import Desk
from casewright.errors import CasewrightError, Message, PluginMissing, message
from casewright.plugins.host import Plugins
from casewright.plugins.loaded import LoadedPlugin
from casewright.settings.plugins import PluginSettings
from casewright.swift_dataclass import dataclass
from casewright.testing.plugged_desk import plugin_desk
from casewright.workflows.vocabulary import plugin_alone

Section = Mapping[str, object]
"""What `[plugin.NAME]` of casewright.toml says."""


class Subject:
    """A plugin that is installed, by name; `folder` is empty, and for the laws to write in.

    `section` are its settings; hooks that a setting turns on are turned on where it says nothing of them.
    """

    def __init__(self, name: str, folder: Path, section: Section) -> None:
        self.name, self.folder, self._section = name, folder, dict(section)

    @cached_property
    def plugins(self) -> Plugins:
        """The host with this plugin alone."""
        found = self._alone()
        loaded = found.plugins.get(self.name)
        options = loaded.options if loaded is not None else ()
        off = [one.name for one in options if one.turns_on and one.name not in self._section]
        if not off:
            return found
        found.close()
        self._section |= dict.fromkeys(off, True)
        return self._alone()

    @cached_property
    def plugin(self) -> LoadedPlugin:
        """The plugin, loaded. PluginMissing where it is left out."""
        self.plugins.must_be_active(self.name, message("its own contract"))
        return self.plugins.plugins[self.name]

    def desk(self) -> Desk:
        """Return a new desk that has the plugin."""
        number = len(list(self.folder.iterdir()))
        self.plugins.must_be_active(self.name, message("its own contract"))
        lines = [f"{name} = {_toml(value)}" for name, value in self._section.items()]
        settings = "\n".join([f"[plugin.{self.name}]", *lines, ""])
        folder = self.folder / f"desk-{number}"
        return plugin_desk(folder, plugins=(self.name,), settings=settings)

    def close(self) -> None:
        """Let go of the plugin."""
        if "plugins" in self.__dict__:
            self.plugins.close()

    def _alone(self) -> Plugins:
        settings = PluginSettings(sections={self.name: self._section})
        return plugin_alone(self.name, self.folder, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A law: its name, the sentence that it is, and what finds where a plugin breaks it."""

    name: str
    sentence: str
    breaches: Callable[[Subject], Iterator[Message]]

    def broken(
        self, name: str, folder: Path, section: Section = MappingProxyType({})
    ) -> list[Message]:
        """Return where the plugin breaks the law; that it cannot even be tried is a breach as well."""
        subject = Subject(name, folder, section)
        try:
            return list(self.breaches(subject))
        except PluginMissing as error:
            return [error.reason]
        except CasewrightError as error:
            return [message("{error}", error=error)]
        finally:
            subject.close()


def _toml(value: object) -> str:
    """Return a value of a section as TOML has it; its texts are written as JSON's are."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items())
        return f"{{{inner}}}"
    return json.dumps(value)
