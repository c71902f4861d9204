"""The plugins of a workspace as the workflow language sees them: none may take a word that the core has."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from casewright.config import Config
from casewright.contributions import PluginState
from casewright.plugins.clashes import Reserved
from casewright.plugins.host import Plugins
from casewright.plugins.opening import open_plugins
from casewright.settings.plugins import PluginSettings
from casewright.workflows.words import ACTION_VERBS, CONSTRUCTS

RESERVED = Reserved(
    words=frozenset(word for words in CONSTRUCTS.values() for word in words),
    verbs=frozenset(ACTION_VERBS),
)


def plugins_of(
    config: Config, states: Mapping[str, PluginState] | None = None, *, marked: bool = True
) -> Plugins:
    """Return the plugins that `config` names, without those that `states` has as disabled; `marked` as in `open_plugins`. ConfigRefused."""
    return open_plugins(config, reserved=RESERVED, states=states, marked=marked)


def plugin_alone(name: str, folder: Path, settings: PluginSettings | None = None) -> Plugins:
    """Return the host with one plugin that is installed, whether a workspace names it or not; `folder` is for its marks.

    `settings` are those of a workspace that has a section for it.
    """
    known = settings or PluginSettings()
    sections = {one: known.sections[one] for one in known.sections if one == name}
    named = replace(known, load=(name,), sections=sections)
    config = Config(root=folder, database=folder / "plugin.db", attachments=folder)
    return plugins_of(replace(config, plugins=named))
