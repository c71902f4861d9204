"""What the doctor looks for in a workspace's plugins: who is left out and why, who fails, what nobody names."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casewright.answers import PluginStanding
from casewright.cli.doctor_check import Check, problem, warning, well
from casewright.cli.plugin_nouns import nouns_of
from casewright.cli.session import Session
from casewright.errors import PluginFailed, message
from casewright.model import SYSTEM
from casewright.queries import ListPlugins

if TYPE_CHECKING:
    from casewright.plugins.host import Plugins

NAME = "plugins"


def plugin_checks(session: Session) -> Iterator[Check]:
    """Yield how the plugins stand; nothing where the workspace names none and remembers none."""
    found: tuple[PluginStanding, ...] = session.examined.ask_as_system(
        ListPlugins(actor=SYSTEM)
    )
    named = [one for one in found if one.named]
    for one in named:
        if not one.active:
            template = "'{plugin}' is left out: {reason}"
            if one.disabled:
                template = "'{plugin}' is left out: {reason}; when that is mended: `casewright plugin enable {plugin}`"
            yield problem(NAME, message(template, plugin=one.name, reason=one.reason))
        elif one.strikes:
            template = "'{plugin}' has failed {count} time(s) of late, last on {moment}"
            moment = max(one.strikes)
            yield warning(
                NAME,
                message(template, plugin=one.name, count=len(one.strikes), moment=moment),
            )
    faults = list(_noun_faults(session.plugins)) if named else []
    yield from faults
    active = [one.name for one in named if one.active]
    if named and len(active) == len(named) and not faults:
        yield well(NAME, message("all are active: {plugins}", plugins=active))


def _noun_faults(plugins: "Plugins") -> Iterator[Check]:
    for plugin in plugins.actives:
        try:
            nouns_of(plugins, plugin)
        except PluginFailed as failure:
            yield warning(NAME, message("{error}", error=failure))
