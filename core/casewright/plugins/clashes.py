"""Names that two would claim: a word, a verb, a driver, a file means one thing, or its plugin is left out."""

from collections.abc import Callable, Iterable, Iterator

from casewright.errors import Message, message
from casewright.plugins.loaded import LoadedPlugin
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """Words of the core's own workflow language, which no plugin may take."""

    words: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()


def clash(
    plugin: LoadedPlugin, others: Iterable[LoadedPlugin], reserved: Reserved
) -> Message | None:
    """Return why `plugin` cannot be there beside the core and the `others` that are ready, or None."""
    for word in plugin.words:
        if word.name in reserved.words | reserved.verbs:
            return message("its word '{name}' is one of the core's", name=word.name)
    for action in plugin.actions:
        if action.verb in reserved.words | reserved.verbs:
            return message("its action '{name}' is one of the core's", name=action.verb)
    for other in others:
        for claims in _CLAIMS:
            twice = set(claims(plugin)) & set(claims(other))
            if twice:
                template = "its '{name}' is the plugin {other}'s already"
                return message(template, name=min(twice), other=other.name)
    return None


def _language(plugin: LoadedPlugin) -> Iterator[str]:
    yield from (one.name for one in plugin.words)
    yield from (one.verb for one in plugin.actions)


def _drivers(plugin: LoadedPlugin) -> Iterator[str]:
    yield from (one.name for one in plugin.channels)


def _files(plugin: LoadedPlugin) -> Iterator[str]:
    yield from (one.name for one in plugin.files)


def _kinds(plugin: LoadedPlugin) -> Iterator[str]:
    yield from (one.command.__name__ for one in plugin.commands)
    yield from (one.query.__name__ for one in plugin.queries)


_CLAIMS: tuple[Callable[[LoadedPlugin], Iterator[str]], ...] = (
    _language,
    _drivers,
    _files,
    _kinds,
)
