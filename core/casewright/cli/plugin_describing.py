"""`casewright plugin describe`: all that a plugin brings, by kind, and how it stands in the workspace."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from casewright.answers import PluginStanding
from casewright.cli.answer import Answer, Heading
from casewright.cli.grammar import Given
from casewright.cli.output import columns_here, pad, width, wrap
from casewright.cli.plugin_pieces import Pieces, pieces_of
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.errors import CasewrightError, Message, NotFound, message
from casewright.nearest import hint
from casewright.queries import ListPlugins
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text

if TYPE_CHECKING:
    from casewright.plugins.finding import Found
    from casewright.plugins.host import Plugins

_WIDEST, _NARROWEST, _COLUMN = 96, 24, 26
_NOTHING: Pieces = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A plugin as it was found: installed, standing in the workspace, and loaded as far as it can be."""

    name: str
    found: "Found | None"
    standing: PluginStanding | None
    plugins: "Plugins | None"
    reason: Message | None


def describe(session: Session, given: Given) -> Answer:
    """Answer with all that a plugin brings; not done when it cannot be loaded."""
    with ExitStack() as closing:
        seen = _seen(session, given.needed("name"), closing)
        texts, pieces = session.texts, _NOTHING
        if seen.plugins is not None and seen.name in seen.plugins.plugins:
            more = partial(_chinese, seen.plugins)
            texts = Texts(texts.lang, texts.zone, more=more)
            loaded = seen.plugins.plugins[seen.name]
            pieces = pieces_of(seen.plugins, loaded, seen.standing)
        document = {"plugin": _head(seen, texts), **_documents(pieces, texts)}
        lines = [*_head_lines(seen, texts), *_lines(pieces, texts)]
    return Answer(document=document, lines=lines, done=bool(pieces))


def shown_reason(session: Session, reason: Message | None) -> str | None:
    """Return a reason in the reader's language."""
    return None if reason is None else session.texts.render(reason)


def enabling(name: str) -> str:
    """Return the line that has a plugin asked again that is disabled."""
    return f"  casewright plugin enable {name}"


def _seen(session: Session, name: str, closing: ExitStack) -> _Seen:
    from casewright.cli.plugin_trying import fatal
    from casewright.plugins.finding import installed

    known, standing = installed(), _standing(session, name)
    if name not in known and standing is None:
        raise NotFound(kind=message("plugin"), name=name[:80], hint=hint(name, known))
    here = standing is not None and standing.named
    reason = standing.reason if standing is not None and here else None
    plugins: Plugins | None = None
    if here and name in session.plugins.plugins:
        plugins = session.plugins
    elif name in known and (deadly := fatal(name)) is not None:
        reason = deadly
    elif name in known:
        plugins = _alone(session, name, here, closing)
        reason = plugins.left_out.get(name) or reason
    return _Seen(
        name=name, found=known.get(name), standing=standing, plugins=plugins, reason=reason
    )


def _alone(session: Session, name: str, here: bool, closing: ExitStack) -> "Plugins":
    from casewright.workflows.vocabulary import plugin_alone

    folder = closing.enter_context(TemporaryDirectory())
    plugins = plugin_alone(name, Path(folder), session.config.plugins if here else None)
    closing.callback(plugins.close)
    return plugins


def _standing(session: Session, name: str) -> PluginStanding | None:
    """Return how the plugin stands in the workspace; None where there is none, or it does not know the plugin."""
    from casewright.cli.plugin_trying import try_apart

    try:
        try_apart(session)
        found = session.desk.ask(ListPlugins(actor=session.actor))
    except CasewrightError:
        return None
    return next((one for one in found if one.name == name), None)


def _chinese(plugins: "Plugins") -> dict[str, str]:
    from casewright.plugins.asking import chinese

    return dict(chinese(plugins))


def _head(seen: _Seen, texts: Texts) -> dict[str, Any]:
    standing = seen.standing
    return {
        "name": seen.name,
        "version": seen.found.version if seen.found else "",
        "package": seen.found.package if seen.found else "",
        "distribution": seen.found.distribution if seen.found else "",
        "installed": seen.found is not None,
        "named": standing is not None and standing.named,
        "active": standing is not None and standing.active,
        "reason": plain(seen.reason, texts),
        "disabled": standing is not None and standing.disabled,
        "strikes": plain(standing.strikes if standing is not None else (), texts),
    }


def _head_lines(seen: _Seen, texts: Texts) -> Iterator[str]:
    if seen.found is None:
        yield Heading(seen.name)
    else:
        yield Heading(f"{seen.name} {seen.found.version}")
        template = "the package {package} of {distribution}"
        yield texts.say(
            template, package=seen.found.package, distribution=seen.found.distribution
        )
    standing = seen.standing
    if standing is not None and standing.active:
        yield texts.text("active in this workspace")
    elif standing is None or not standing.named:
        yield texts.text("not named in the casewright.toml of a workspace here")
    if seen.reason is not None:
        yield from wrap(texts.say("left out: {reason}", reason=seen.reason), _room())
    if standing is not None and standing.disabled:
        yield enabling(seen.name)
    for moment in standing.strikes if standing is not None else ():
        yield texts.say("failed on {moment}", moment=moment)


def _documents(pieces: Pieces, texts: Texts) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [
            {name: plain(value, texts) for name, value in one.facts.items()} for one in found
        ]
        for kind, found in pieces.items()
    }


def _lines(pieces: Pieces, texts: Texts) -> Iterator[str]:
    for kind, found in pieces.items():
        if not found:
            continue
        yield ""
        yield Heading(texts.text(_TITLES[kind]))
        for one in found:
            told = [texts.text(one.doc), *(texts.render(each) for each in one.notes)]
            lines = [line for each in told if each for line in wrap(each, _room() - _COLUMN)]
            name = one.name
            if width(name) > _COLUMN - 4 and lines:
                yield f"  {name}"
                name = ""
            yield f"  {pad(name, _COLUMN - 2)}{lines[0] if lines else ''}".rstrip()
            yield from (" " * _COLUMN + line for line in lines[1:])


def _room() -> int:
    return max(_NARROWEST + _COLUMN, min(columns_here() or _WIDEST, _WIDEST))


_TITLES = {
    "problems": text("What is wrong"),
    "hooks": text("Hooks"),
    "words": text("Words for workflow files"),
    "actions": text("Actions"),
    "functions": text("Functions for conditions"),
    "settings": text("Settings"),
    "migrations": text("Migrations of its tables"),
    "commands": text("Commands"),
    "queries": text("Queries"),
    "jobs": text("Scheduled work"),
    "channels": text("Kinds of channel"),
    "nouns": text("Nouns of the command line"),
    "files": text("Files of the workspace that it reads"),
    "forgetting": text("What it forgets of an erased customer"),
    "starters": text("Files that it offers"),
}
