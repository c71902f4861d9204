"""From the names in casewright.toml to plugins that are checked and ready; one with a fault is left out, and says why."""

from collections.abc import Mapping
from typing import Any

from casewright.access.roles import PERMISSIONS
from casewright.errors import ConfigRefused, Message, PluginFailed, message
from casewright.nearest import hint
from casewright.plugins import finding
from casewright.plugins.clashes import Reserved, clash
from casewright.plugins.finding import Found
from casewright.plugins.implementing import implemented
from casewright.plugins.loaded import LoadedPlugin, Loading
from casewright.plugins.registering import registered
from casewright.plugins.watch import Watch
from casewright.settings.plugins import PluginSettings

START_SECONDS = 10.0
"""What a plugin may take to be imported, and each of its `register_*`."""
REGISTERING_SECONDS = 30.0
"""What all of them may take together."""


def load(
    settings: PluginSettings,
    *,
    reserved: Reserved,
    watch: Watch,
    without: Mapping[str, Message],
) -> Loading:
    """Load the plugins that `settings` name, in the order of their names; those of `without` are not even imported."""
    ready: dict[str, LoadedPlugin] = {}
    left_out: dict[str, Message] = {}
    known = finding.installed() if settings.load else {}
    for name in settings.load:
        if name in without:
            left_out[name] = without[name]
            continue
        try:
            found = _found(name, known)
            made = _loaded(found, settings, watch)
        except PluginFailed as failure:
            left_out[name] = _why(failure)
            continue
        reason = clash(made, ready.values(), reserved)
        if reason is not None:
            left_out[name] = reason
        else:
            ready[name] = made
    _refuse_strangers_sections(settings)
    return Loading(plugins=ready, left_out=left_out)


def _why(failure: PluginFailed) -> Message:
    """Return why a plugin is left out, where it is clear which one is meant."""
    if failure.hook == "load":
        return failure.reason
    return message("in its '{hook}': {reason}", hook=failure.hook, reason=failure.reason)


def _found(name: str, known: Mapping[str, Found]) -> Found:
    found = known.get(name)
    if found is None:
        raise PluginFailed(plugin=name, hook="load", reason=finding.missing(name, known))
    if found.twins > 1:
        reason = message("{count} installed packages call themselves so", count=found.twins)
        raise PluginFailed(plugin=name, hook="load", reason=reason)
    if name in {permission.partition(".")[0] for permission in PERMISSIONS}:
        raise PluginFailed(
            plugin=name, hook="load", reason=message("the name is the core's own")
        )
    return found


def _loaded(found: Found, settings: PluginSettings, watch: Watch) -> LoadedPlugin:
    module = watch.call(found.name, "import", START_SECONDS, found.load)

    def register() -> LoadedPlugin:
        implementations = implemented(found.name, module)

        def ask(hook: str) -> Any:
            if hook not in implementations:
                return ()
            return watch.call(found.name, hook, START_SECONDS, implementations[hook].function)

        return registered(found, module, implementations, ask, settings)

    # What it registers is looked at in its own time as well: what looks like a value may be code.
    made: LoadedPlugin = watch.call(
        found.name, "load", REGISTERING_SECONDS, register, refusals=True
    )
    return made


def _refuse_strangers_sections(settings: PluginSettings) -> None:
    """Refuse a section `[plugin.NAME]` of nobody who is named in `load`: it is a slip of the pen, or a plugin forgotten."""
    for name in settings.sections:
        if name not in settings.load:
            template = "'{name}' is not in [plugins] load{hint}"
            reason = message(template, name=name[:80], hint=hint(name, settings.load))
            raise ConfigRefused(place=settings.places.of("plugin", name), reason=reason)
