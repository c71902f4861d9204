"""A workspace's plugins made ready: loaded under watch, without those in whose calls a process ended."""

from collections.abc import Iterable, Mapping, Sequence

from casewright.config import Config
from casewright.contributions import PluginState
from casewright.errors import Message, message
from casewright.plugins import marks
from casewright.plugins.clashes import Reserved
from casewright.plugins.host import Plugins
from casewright.plugins.loaded import Loading
from casewright.plugins.marks import Death
from casewright.plugins.watch import Watch


def open_plugins(
    config: Config,
    *,
    reserved: Reserved,
    states: Mapping[str, PluginState] | None = None,
    marked: bool = True,
) -> Plugins:
    """Return the plugins that `config` names. ConfigRefused where a plugin's section is wrong.

    Those that `states` has as disabled are not even imported, nor those in whose calls a process has ended since. Where they are
    not `marked`, nobody blames them for the end of this process: it may be killed at any moment, and does not come back by itself.
    """
    known = states or {}
    if not config.plugins.load and not config.plugins.sections:
        watch = Watch(grace=config.plugins.grace)
        return Plugins(config.plugins, Loading(plugins={}, left_out={}), watch)
    # pluggy and the packages' metadata are only paid for where a plugin is named.
    from casewright.plugins.loading import load

    folder = marks.folder_of(config.database)
    without = {**fatal(ended(config)), **disabled(known)}
    noting = marks.Marks(folder) if marked and config.database.exists() else None
    watch = Watch(grace=config.plugins.grace, marks=noting)
    try:
        loading = load(config.plugins, reserved=reserved, watch=watch, without=without)
    except BaseException:
        watch.close()
        raise
    found = Plugins(config.plugins, loading, watch)
    found.knows(known)
    return found


def ended(config: Config) -> Sequence[Death]:
    """Return the calls of plugins in which a process of this workspace ended."""
    return marks.of_the_dead(marks.folder_of(config.database))


def fatal(deaths: Iterable[Death]) -> dict[str, Message]:
    """Return the plugins in whose calls a process ended, and what there is to say of it."""
    template = "a process ended while it was in its '{hook}'"
    return {death.plugin: message(template, hook=death.hook) for death in deaths}


def disabled(states: Mapping[str, PluginState]) -> dict[str, Message]:
    """Return the plugins that are disabled, and why."""
    return {
        name: state.disabled_because or message("it was disabled")
        for name, state in states.items()
        if state.disabled_at is not None
    }
