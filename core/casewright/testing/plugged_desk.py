"""A desk for tests of plugins: a workspace in a folder that names them, on a clock that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from casewright.clock import Clock, SetClock, to_microseconds
from casewright.commands import SavePerson
from casewright.config import FILE, read_config
from casewright.desk import Desk, open_desk, publish
from casewright.errors import message
from casewright.model import SYSTEM
from casewright.plugins.adopting import adopt as adopted
from casewright.plugins.asking import starters_of
from casewright.store import plugin_jobs
from casewright.testing.desk import MOMENT, PEOPLE

_WORKFLOW = """\
workflow: errand
title: {en: Errand, zh: 差事}
prefix: ERR
form: errand
owner: role:agent
handler: opener
start: open
states:
  open: {title: {en: Open, zh: 办理中}, transitions: {finish: {to: closed, by: anyone}}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
_FORM = """\
x-title: {en: Errand, zh: 差事}
type: object
properties:
  subject: {type: string, maxLength: 200, x-title: {en: Subject, zh: 主题}}
"""
ERRAND = {"workflows/errand.yaml": _WORKFLOW, "forms/errand.yaml": _FORM}
"""The workflow of a desk whose test brings none."""


ROLES = "roles.yaml"
_GRANTED = ("ticket.*", "customer.*", "people.edit", "audit.verify", "plugin.manage")


def plugin_desk(
    folder: Path,
    *,
    plugins: Sequence[str],
    files: Mapping[str, str] | None = None,
    settings: str = "",
    adopt: bool = False,
    clock: Clock | None = None,
) -> Desk:
    """Return a desk with `plugins`, whose workspace is `folder`; on its staff are ana and ben, who may do everything.

    `files` are those of the workspace by their paths, with `adopt` also those that the plugins offer; all are
    published. `settings` are further lines of casewright.toml. PluginMissing where a plugin is left out.
    """
    root = folder / "workspace"
    _write(root, {FILE: _settings(plugins, settings), **(files or {})})
    config = replace(read_config(root, {}), synchronous="NORMAL")
    desk = open_desk(config, clock=clock or SetClock(MOMENT), create=True)
    try:
        _must_be_active(desk, plugins)
        if adopt:
            for one in desk.plugins.actives:
                adopted(root, starters_of(desk.plugins, one))
        if not (root / ROLES).exists():
            _write(root, {ROLES: _roles(desk)})
        if not any((root / "workflows").glob("*.yaml")):
            _write(root, ERRAND)
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
        for name in PEOPLE:
            desk.execute_as_system(SavePerson(actor=SYSTEM, name=name, roles=("agent",)))
    except BaseException:
        desk.close()
        raise
    return desk


def run_jobs(desk: Desk, plugin: str) -> None:
    """Run each job of a plugin once, now, as the worker would; raise what the first of them fails of."""
    jobs = desk.working().jobs()
    jobs.lay_down()
    names = [one.name for one in desk.plugins.plugins[plugin].jobs]
    with desk.batch():
        plugin_jobs.wake(jobs.database, plugin, names, to_microseconds(jobs.now()))
    for run in jobs.run():
        if run.error is not None:
            raise run.error


def _settings(plugins: Sequence[str], further: str) -> str:
    named = ", ".join(f'"{name}"' for name in plugins)
    return f"[plugins]\nload = [{named}]\n{further}"


def _roles(desk: Desk) -> str:
    """Return a role that may do everything, what the plugins have permissions for as well."""
    own = sorted(one.name for one in desk.plugins.actives if one.permissions)
    granted = ", ".join((*_GRANTED, *(f"{name}.*" for name in own)))
    return f"roles:\n  agent: {{title: {{en: Agent, zh: 座席}}, permissions: [{granted}]}}\n"


def _write(root: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _must_be_active(desk: Desk, plugins: Sequence[str]) -> None:
    for name in plugins:
        desk.plugins.must_be_active(name, message("this desk"))
