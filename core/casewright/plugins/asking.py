"""What is asked of plugins only when it is needed: their Chinese, and what they offer a workspace."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from string import Formatter

from casewright.contributions import Starter
from casewright.errors import Message, PluginFailed, message
from casewright.plugins.host import Plugins
from casewright.plugins.loaded import LoadedPlugin
from casewright.plugins.registering import of_kind

_SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".md")


def chinese(plugins: Plugins) -> Mapping[str, str]:
    """Return the Chinese of all plugins' sentences; those of one that fails, or that would not fit, stay English."""
    found: dict[str, str] = {}
    for plugin in plugins.actives:
        try:
            texts = texts_of(plugins, plugin)
        except PluginFailed:
            continue
        for english, other in texts.items():
            if placeholders(english) == placeholders(other):
                found.setdefault(english, other)
    return found


def texts_of(plugins: Plugins, plugin: LoadedPlugin) -> Mapping[str, str]:
    """Return the Chinese of a plugin's sentences. PluginFailed."""
    hook = "register_texts"
    answer = plugins.ask(plugin, hook)
    if answer == ():
        return {}
    if not isinstance(answer, Mapping) or not all(
        isinstance(one, str) for pair in answer.items() for one in pair
    ):
        reason = message("it must return a mapping of English to Chinese")
        raise PluginFailed(plugin=plugin.name, hook=hook, reason=reason)
    return answer


def starters_of(plugins: Plugins, plugin: LoadedPlugin) -> tuple[Starter, ...]:
    """Return the files that a plugin offers, also for those of the workspace that it reads. PluginFailed."""
    hook = "register_starters"
    found = tuple(of_kind(plugins.ask(plugin, hook), Starter, plugin=plugin.name, hook=hook))
    for fault in (fault for one in found for fault in _faults(one)):
        raise PluginFailed(plugin=plugin.name, hook=hook, reason=fault)
    read = (Starter(path=one.name, content=one.starter) for one in plugin.files if one.starter)
    return (*read, *found)


def placeholders(template: str) -> set[str] | None:
    """Return what is to be filled in a sentence, or None where it is no template."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        return None


def _faults(starter: Starter) -> Iterator[Message]:
    path = PurePosixPath(str(starter.path))
    if path.is_absolute() or ".." in path.parts or "\\" in str(starter.path):
        yield message("'{path}' is not inside a workspace", path=str(starter.path)[:80])
    elif path.suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        template = "'{path}' is no file of a workspace, which ends in one of: {known}"
        yield message(template, path=str(starter.path)[:80], known=known)
    elif not isinstance(starter.content, str):
        yield message("'{path}' has no text as its content", path=str(starter.path)[:80])
