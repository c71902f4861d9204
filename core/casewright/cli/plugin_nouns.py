"""The nouns that a workspace's plugins bring: looked for when a command line has a word that the core does not know."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from casewright.cli.answer import Answer
from casewright.cli.grammar import Given, Noun, Verb
from casewright.cli.nouns import NOUNS
from casewright.cli.session import Session
from casewright.errors import (
    CasewrightError,
    Message,
    PluginFailed,
    UsageRefused,
    message,
)
from casewright.nearest import hint, nearest

if TYPE_CHECKING:
    from casewright.plugins.host import Plugins
    from casewright.plugins.loaded import LoadedPlugin

HOOK = "register_nouns"


def noun_of_a_plugin(session: Session, word: str) -> Noun:
    """Return the noun `word` of one of the workspace's plugins; UsageRefused where none of them has it."""
    found: dict[str, list[tuple[str, Noun]]] = {}
    silent: dict[str, Message] = {}
    plugins = _plugins(session)
    if plugins is not None:
        named = session.config.plugins.load
        silent = {one: plugins.why_not(one) for one in named if not plugins.active(one)}
        for plugin in plugins.actives:
            try:
                for one in nouns_of(plugins, plugin):
                    found.setdefault(one.name, []).append((plugin.name, one))
            except PluginFailed as failure:
                silent[plugin.name] = failure.reason
    return _only(word, found, silent, _not_named(session))


def nouns_of(plugins: "Plugins", plugin: "LoadedPlugin") -> tuple[Noun, ...]:
    """Return the nouns of a plugin. PluginFailed where they are no nouns, or one of the core's."""
    from casewright.plugins.registering import of_kind

    found = tuple(of_kind(plugins.ask(plugin, HOOK), Noun, plugin=plugin.name, hook=HOOK))
    for fault in _faults(found):
        raise PluginFailed(plugin=plugin.name, hook=HOOK, reason=fault)
    return found


def where_nouns_of_plugins_are(session: Session) -> str:
    """Return what `--help` says of plugins, which it does not load: "" where the workspace names none."""
    try:
        named = session.config.plugins.load
    except (CasewrightError, OSError):
        return ""
    if not named:
        return ""
    template = "The plugins of this workspace ({plugins}) may bring nouns of their own: `casewright plugin describe NAME` names them."
    return session.texts.say(template, plugins=named)


def _not_named(session: Session) -> list[str]:
    """Return the plugins that are installed, and that the workspace does not name; none where there is no workspace."""
    from casewright.plugins.finding import installed

    try:
        return sorted({*installed()} - {*session.config.plugins.load})
    except (CasewrightError, OSError):
        return []


def _plugins(session: Session) -> "Plugins | None":
    """Return the plugins of the workspace; None where there is no workspace, or none is named."""
    try:
        named = session.config.plugins.load
    except (CasewrightError, OSError):
        return None
    return session.plugins if named else None


def _only(
    word: str,
    found: dict[str, list[tuple[str, Noun]]],
    silent: dict[str, Message],
    others: Collection[str],
) -> Noun:
    if word not in found:
        raise UsageRefused(reason=_unknown(word, (*NOUNS, *found), silent, others))
    if len(found[word]) > 1:
        (first, _), (second, _), *_ = found[word]
        template = "'{word}' is a noun of the plugins '{first}' and '{second}'; only one of them can be named in casewright.toml"
        raise UsageRefused(reason=message(template, word=word, first=first, second=second))
    return _named(*found[word][0])


def _named(plugin: str, noun: Noun) -> Noun:
    """Return a noun whose verbs name the plugin when they fail: it is no bug of casewright's."""

    def named(verb: Verb) -> Verb:
        def run(session: Session, given: Given) -> Answer:
            try:
                answer = verb.run(session, given)
                if isinstance(answer, Answer):
                    return replace(answer, lines=list(answer.lines))
            except (CasewrightError, KeyboardInterrupt, BrokenPipeError):
                raise
            except BaseException as error:
                raise _failed(plugin, noun, verb, wrongs.raised(plugin, error)) from error
            template = "it returned {found} where {wanted} belongs"
            reason = message(template, found=type(answer).__name__, wanted="Answer")
            raise _failed(plugin, noun, verb, reason)

        return replace(verb, run=run)

    from casewright.plugins import wrongs

    return replace(noun, verbs=tuple(map(named, noun.verbs)))


def _failed(plugin: str, noun: Noun, verb: Verb, reason: Message) -> PluginFailed:
    hook = f"{noun.name} {verb.name}".strip()
    return PluginFailed(plugin=plugin, hook=hook, reason=reason)


def _unknown(
    word: str, known: tuple[str, ...], silent: dict[str, Message], others: Collection[str]
) -> Message:
    near = hint(word, known)
    if not silent and others and (nearest(word, others) or not near.text):
        template = "there is no '{word}'{hint}; it may be of a plugin that is installed, but not named in [plugins] load: {plugins}"
        return message(template, word=word, hint=near, plugins=sorted(others))
    if not silent:
        return message("there is no '{word}'{hint}", word=word, hint=near)
    template = "there is no '{word}'{hint}; it may be of a plugin that is not there: {plugins}"
    told = [
        message("{plugin} ({reason})", plugin=name, reason=reason)
        for name, reason in sorted(silent.items())
    ]
    return message(template, word=word, hint=near, plugins=told)


def _faults(found: tuple[Noun, ...]) -> Iterator[Message]:
    names = [one.name for one in found]
    for one in found:
        if one.name in NOUNS:
            yield message("its noun '{name}' is one of the core's", name=one.name)
        if not str(one.name).isidentifier():
            yield message("'{name}' is no name for a noun", name=str(one.name)[:80])
        if names.count(one.name) > 1:
            yield message("'{name}' is registered twice", name=one.name)
        if not one.verbs:
            yield message("its noun '{name}' has no verbs", name=one.name)
