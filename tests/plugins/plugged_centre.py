"""A small centre with plugins made for one test: written, named in casewright.toml, and the desk opened with them."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from casewright.answers import Announcement, PluginStanding
from casewright.clock import SetClock, to_microseconds
from casewright.commands import AssignTicket
from casewright.config import Config, read_config
from casewright.desk import Desk, open_desk
from casewright.plugins.marks import folder_of
from casewright.queries import ListAnnouncements, ListPlugins
from casewright.store import plugin_jobs

from ..core.small_centre import PEOPLE, ROLES, SmallCentre
from .made import write_plugin
from .processes import run_python

ONE_WAY = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
owner: user:olga
handler: opener
start: first
states:
  first:
    title: {en: Open, zh: 办理中}
    transitions:
      note: {by: anyone, form: answer}
      finish: {to: closed, by: anyone}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
"""A workflow in which anybody may do everything."""
MAY = ("ticket.*", "customer.*", "plugin.*", "people.*", "announcement.*", "notice.*")


def administrator(plugins: Mapping[str, str]) -> str:
    """Return a role that may do everything, what the plugins have commands and queries for as well."""
    own = (
        f"{name}.*"
        for name, source in plugins.items()
        if "def register_commands" in source or "def register_queries" in source
    )
    may = ", ".join((*MAY, *own))
    return (
        f"  administrator: {{title: {{en: Administrator, zh: 管理员}}, permissions: [{may}]}}\n"
    )


class PluggedCentre(SmallCentre):
    """A centre whose desk has plugins; `site` is the folder in which they are as if installed."""

    people: ClassVar = {**PEOPLE, "adam": (("administrator",), "")}

    def __init__(
        self,
        root: Path,
        clock: SetClock,
        site: Path,
        plugins: Mapping[str, str],
        *,
        deadline: float = 0.5,
        grace: float = 2,
        toml: str = "",
    ) -> None:
        self.site = site
        self.site_packages: list[Path] = []
        self._limits, self._toml = (
            f"deadline = {deadline}\ngrace = {grace}\njob_deadline = {deadline}\n",
            toml,
        )
        for name, source in plugins.items():
            write_plugin(site, name, source)
        self.root = root
        self.name(*plugins)
        super().__init__(root, clock, self._read())
        self.write("roles.yaml", ROLES + administrator(plugins))

    def name(self, *plugins: str) -> None:
        """Write casewright.toml so that it names these plugins; whoever opens the desk next goes by it."""
        names = ", ".join(f'"{name}"' for name in plugins)
        access = '[access]\nsign_in = "trusted"\n'
        text = f"[plugins]\nload = [{names}]\n{self._limits}{self._toml}\n{access}"
        (self.root / "casewright.toml").write_text(text, encoding="utf-8")

    def member(self, plugin: str, name: str) -> Any:
        """Something of a plugin's package, by its name."""
        return getattr(sys.modules[f"made_{plugin}"], name)

    def standing(self, plugin: str) -> PluginStanding:
        found: tuple[PluginStanding, ...] = self.desk.ask(ListPlugins(actor="ana"))
        return next(one for one in found if one.name == plugin)

    def why(self, plugin: str) -> str:
        """Why a plugin is not asked."""
        return str(self.standing(plugin).reason)

    def announced(self, to: str = "adam") -> tuple[Announcement, ...]:
        found: tuple[Announcement, ...] = self.desk.ask(ListAnnouncements(actor=to))
        return found

    def run_job(self, plugin: str, job: str) -> object:
        """Run a job now, as a worker does; raise what it failed of."""
        jobs = self.desk.working().jobs()
        jobs.lay_down()
        with self.desk._database.write():
            now = to_microseconds(self.clock.now())
            plugin_jobs.wake(self.desk._database, plugin, [job], now)
        for run in self.desk.working().run_jobs():
            if run.error is not None:
                raise run.error
        return None

    def install(self, name: str, source: str) -> None:
        """Put another source in the place of a plugin's, to be imported by whoever starts next."""
        write_plugin(self.site, name, source)

    def uninstall(self, name: str) -> None:
        """Take a plugin's package and metadata away."""
        for folder in self.site.glob(f"made_{name}*"):
            shutil.rmtree(folder)

    def assign(self, key: str, handler: str | None) -> None:
        self.desk.execute(AssignTicket(actor="ana", ticket=key, handler=handler))

    def run_python(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a script in a process of its own, with the workspace as its argument."""
        return run_python(self.root, self.site, "-c", script, str(self.root))

    def marks(self) -> Path:
        """The folder in which processes note whose call is under way."""
        return folder_of(self.config.database)

    def also_install(self, folder: Path) -> None:
        """Let what is in a further folder be found as well, for as long as the test lasts."""
        sys.path.insert(0, str(folder))
        self.site_packages.append(folder)

    def another_desk(self) -> Desk:
        """A further desk of this workspace, as another process has it."""
        return open_desk(self.config, clock=self.clock)

    def start_again(self, **plugins: str) -> None:
        """Close the desk and open it as a new process would, with the packages imported anew, some of them other ones."""
        self.desk.close()
        self.forget()
        for name, source in plugins.items():
            self.install(name, source)
        self.config = self._read()
        self.desk = open_desk(self.config, clock=self.clock, create=True)

    def close(self) -> None:
        """Close the desk, and take away what was installed besides."""
        self.desk.close()
        for folder in self.site_packages:
            sys.path.remove(str(folder))

    def forget(self) -> None:
        """Let the packages be imported anew."""
        for module in [one for one in sys.modules if one.startswith("made_")]:
            del sys.modules[module]

    def _read(self) -> Config:
        return replace(read_config(self.root, {}), synchronous="NORMAL")
