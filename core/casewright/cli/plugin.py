"""`casewright plugin`: what others add to casewright: list it, describe it, check it, switch it, begin one of your own."""

from collections.abc import Iterator
from pathlib import Path

from casewright.answers import PluginStanding
from casewright.cli.answer import Answer
from casewright.cli.grammar import AGAIN, REASON, Given, Noun, Option, Verb
from casewright.cli.output import columns_here, table, wrap
from casewright.cli.plugin_checking import check
from casewright.cli.plugin_describing import describe, enabling, shown_reason
from casewright.cli.refusal import plain
from casewright.cli.session import Session
from casewright.commands import DisablePlugin, EnablePlugin, new_id
from casewright.errors import WorkspaceNotFound
from casewright.queries import ListPlugins
from casewright.texts import Texts, text


def list_plugins(session: Session, given: Given) -> Answer:
    """Answer with how each plugin stands that the workspace names or remembers."""
    from casewright.cli.plugin_trying import try_apart

    texts = session.texts
    try:
        try_apart(session)
    except WorkspaceNotFound:
        return _installed(texts)
    found: tuple[PluginStanding, ...] = session.desk.ask(ListPlugins(actor=session.actor))
    titles = [texts.text(one) for one in _TITLES]
    rows = [
        (
            one.name,
            one.version,
            texts.text(_STATES[_state(one)]),
            len(one.strikes) or "",
        )
        for one in found
    ]
    none = [texts.text("No plugin is named in casewright.toml: [plugins] load = [...].")]
    return Answer(
        document={"plugins": [_document(session, one) for one in found]},
        lines=[*table(titles, rows), *_reasons(texts, found)] if rows else none,
        notes=_others(session, found),
    )


def _installed(texts: Texts) -> Answer:
    """Answer with what is installed, where there is no workspace that could name it."""
    from casewright.plugins.finding import installed

    found = installed().values()
    titles = [texts.text(one) for one in (_TITLES[0], _TITLES[1], text("package"))]
    rows = [(one.name, one.version, one.package) for one in found]
    facts = [
        {"name": one.name, "version": one.version, "package": one.package} for one in found
    ]
    none = [texts.text("No plugin is installed.")]
    return Answer(
        document={"plugins": [one | {"named": False, "installed": True} for one in facts]},
        lines=table(titles, rows) if rows else none,
        notes=[texts.text("There is no workspace here: these are installed.")] if rows else [],
    )


def _reasons(texts: Texts, found: tuple[PluginStanding, ...]) -> Iterator[str]:
    """Yield why plugins are not in use, whole, and the line with which one that is disabled is asked again."""
    room = min(columns_here() or _WIDEST, _WIDEST)
    for one in found:
        if one.active or one.reason is None:
            continue
        yield ""
        template = "{plugin}: {reason}"
        yield from wrap(texts.say(template, plugin=one.name, reason=one.reason), room)
        if one.disabled:
            yield enabling(one.name)


def enable(session: Session, given: Given) -> Answer:
    """Let a plugin be asked again."""
    command = EnablePlugin(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        plugin=given.needed("name"),
    )
    session.desk.execute(command)
    said = session.texts.say("The plugin '{plugin}' is asked again.", plugin=command.plugin)
    return Answer(document={"plugin": {"name": command.plugin}}, lines=[said])


def disable(session: Session, given: Given) -> Answer:
    """Ask a plugin no more."""
    command = DisablePlugin(
        actor=session.actor,
        command_id=given.text("id") or new_id(),
        plugin=given.needed("name"),
        reason=given.needed("reason"),
    )
    session.desk.execute(command)
    said = session.texts.say(
        "The plugin '{plugin}' is not asked any more; what it has a say in is refused until it is enabled.",
        plugin=command.plugin,
    )
    return Answer(document={"plugin": {"name": command.plugin}}, lines=[said])


def adopt(session: Session, given: Given) -> Answer:
    """Write what a plugin offers into the workspace, but for what is there."""
    from casewright.errors import message
    from casewright.plugins.adopting import adopt as adopted
    from casewright.plugins.asking import starters_of

    name, texts = given.needed("name"), session.texts
    session.plugins.must_be_active(name, message("what it offers"))
    offered = starters_of(session.plugins, session.plugins.plugins[name])
    found = adopted(session.config.root, offered)
    written = [one.path for one in found if one.written]
    left = [one.path for one in found if not one.written]
    return Answer(
        document={"plugin": name, "written": written, "left": left},
        lines=[
            *(texts.say("written: {file}", file=one) for one in written),
            *(texts.say("left as it is: {file}", file=one) for one in left),
        ]
        or [texts.say("The plugin '{plugin}' offers no files.", plugin=name)],
        notes=[texts.text("Look them through, then: `casewright workflow publish`.")]
        if written
        else [],
    )


def new(session: Session, given: Given) -> Answer:
    """Write a plugin project, small but whole."""
    from casewright.cli.nouns import NOUNS as CORE
    from casewright.plugins.making import make_project

    name, texts = given.needed("name"), session.texts
    folder = Path(given.text("dir") or f"casewright-{name}")
    made = make_project(name, folder, CORE)
    lines = [
        texts.say("The plugin '{plugin}' is begun in {folder}.", plugin=name, folder=folder),
        "",
        texts.text("Next:"),
        f"  cd {folder}",
        "  pip install -e '.[dev]'",
        "  pytest",
        f"  casewright plugin check {name}",
    ]
    files = [one.relative_to(folder).as_posix() for one in made]
    return Answer(document={"plugin": name, "folder": str(folder), "files": files}, lines=lines)


def _state(standing: PluginStanding) -> str:
    if standing.active:
        return "in_use"
    if not standing.named:
        return "not_named"
    return "left_out" if standing.installed else "not_installed"


def _document(session: Session, standing: PluginStanding) -> dict[str, object]:
    names = (
        "name",
        "version",
        "package",
        "named",
        "installed",
        "active",
        "reason",
        "disabled",
        "strikes",
        "hooks",
    )
    return {name: plain(getattr(standing, name), session.texts) for name in names} | {
        "reason": shown_reason(session, standing.reason)
    }


def _others(session: Session, found: tuple[PluginStanding, ...]) -> Iterator[str]:
    """Yield a line on plugins that are installed here, and that the workspace does not name."""
    from casewright.plugins.finding import installed

    others = sorted({*installed()} - {one.name for one in found})
    if others:
        template = "Installed, but not named in casewright.toml: {plugins}."
        yield session.texts.say(template, plugins=others)


_STATES = {
    "in_use": text("in use"),
    "left_out": text("left out"),
    "not_installed": text("not installed"),
    "not_named": text("not named"),
}
_TITLES = (text("plugin"), text("version"), text("stands"), text("strikes"))
_WIDEST = 96
NAME = Option(name="NAME", needed=True, help=text("the plugin's name"))

NOUNS = (
    Noun(
        name="plugin",
        help=text("what others add to casewright: list it, check it, begin one"),
        verbs=(
            Verb(
                name="list",
                run=list_plugins,
                help=text("list the plugins of the workspace, and why one is left out"),
            ),
            Verb(
                name="describe",
                run=describe,
                help=text("show all that a plugin brings"),
                more=text("The plugin must be installed; a workspace need not name it."),
                options=(NAME,),
            ),
            Verb(
                name="check",
                run=check,
                help=text("try the laws that every plugin keeps, one after the other"),
                more=text(
                    "The plugin must be installed; a workspace need not name it. Where one has settings for it, they hold."
                ),
                options=(NAME,),
            ),
            Verb(
                name="new",
                run=new,
                help=text("begin a plugin: a project that is small but whole"),
                options=(
                    Option(
                        name="NAME",
                        needed=True,
                        help=text("what it is called: lower case letters and digits"),
                    ),
                    Option(
                        name="DIR", help=text("the folder to make (default: casewright-NAME)")
                    ),
                ),
            ),
            Verb(
                name="adopt",
                run=adopt,
                help=text(
                    "write the workflows, forms and files that a plugin offers into the workspace"
                ),
                more=text("Nothing that is there is overwritten."),
                options=(NAME,),
            ),
            Verb(
                name="enable",
                run=enable,
                help=text("let a plugin be asked again that was disabled"),
                more=text("Its strikes are forgotten."),
                options=(NAME, AGAIN),
            ),
            Verb(
                name="disable",
                run=disable,
                help=text("ask a plugin no more, without taking it out of casewright.toml"),
                more=text("What it has a say in is refused until it is enabled."),
                options=(
                    NAME,
                    Option(name=REASON.name, value=REASON.value, needed=True, help=REASON.help),
                    AGAIN,
                ),
            ),
        ),
    ),
)
