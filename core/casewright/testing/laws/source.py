"""Laws about a plugin's source: what it imports, whom it asks for the time, and what it says to people."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import casewright
from casewright.cli.plugin_pieces import first_sentence
from casewright.errors import Message, message
from casewright.nearest import hint
from casewright.plugins.asking import placeholders, texts_of
from casewright.plugins.loaded import LoadedPlugin
from casewright.testing.laws.law import Subject
from casewright.texts import Texts

_CLOCKS = {
    "datetime": ("now", "utcnow", "today"),
    "date": ("today",),
    "time": ("time", "time_ns", "localtime", "gmtime"),
}
"""What the machine's clock is asked with."""
_TERMINAL = ("casewright_tui.panels", "casewright_tui.lines")
"""What a plugin may import of the terminal, for the panels that it brings."""
_SAYING = ("message", "text", "say")
_OWNERS = ("texts", "session")


def imports(subject: Subject) -> Iterator[Message]:
    """Yield every import that reaches past the public surface."""
    yield from strange_imports(_package(subject))


def strange_imports(package: Path) -> Iterator[Message]:
    """Yield where the modules of a package import from casewright what is not public."""
    surface = dir(casewright)
    for place, node in _nodes(package):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name.split(".")[0] in ("casewright", "casewright_tui"):
                    template = (
                        "{place}: write `from casewright import ...`, not `import {name}`"
                    )
                    yield message(template, place=place, name=one.name)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from _strange(place, node, surface)


def clocks(subject: Subject) -> Iterator[Message]:
    """Yield where the machine is asked for the time."""
    for place, node in _nodes(_package(subject)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = getattr(owner, "attr", getattr(owner, "id", ""))
            if node.func.attr in _CLOCKS.get(name, ()):
                template = "{place}: '{call}' asks the machine; the time is `desk.now`, `event.at` or what the hook is given"
                yield message(template, place=place, call=f"{name}.{node.func.attr}()")


def sentences(subject: Subject) -> Iterator[Message]:
    """Yield every sentence whose Chinese is missing or does not fit, and those that are no constants."""
    chinese = texts_of(subject.plugins, subject.plugin)
    core = Texts("zh")
    for place, english in (*_said(_package(subject)), *_asked(subject.plugin)):
        if english is None:
            template = "{place}: a sentence is a constant template, filled by name, so that it can be translated"
            yield message(template, place=place)
            continue
        other = chinese.get(english)
        if other is None and core.text(english) == english:
            yield message(
                "{place}: no Chinese for {sentence}", place=place, sentence=repr(english)
            )
        elif other is not None and placeholders(other) != placeholders(english):
            template = "{place}: the Chinese of {sentence} is filled with something else"
            yield message(template, place=place, sentence=repr(english))


def _strange(place: str, node: ast.ImportFrom, surface: list[str]) -> Iterator[Message]:
    home = (node.module or "").split(".")
    if home[0] == "casewright_tui":
        if node.module not in _TERMINAL:
            template = "{place}: of the terminal only {modules} are public, not '{module}'"
            yield message(template, place=place, modules=list(_TERMINAL), module=node.module)
        return
    if home[0] != "casewright":
        return
    if len(home) > 1:
        template = "{place}: '{module}' is not public; write `from casewright import ...`"
        yield message(template, place=place, module=node.module)
        return
    for one in node.names:
        if one.name not in surface:
            template = "{place}: casewright has no public '{name}'{hint}"
            yield message(template, place=place, name=one.name, hint=hint(one.name, surface))


def _said(package: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the place and the template of each sentence; None for one that is no constant."""
    for path, tree in _trees(package):
        named = _constants_by_name(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not _says(node.func):
                continue
            place = f"{path.relative_to(package.parent).as_posix()}:{node.lineno}"
            for one in _templates(node.args[0], named):
                yield place, one


def _asked(plugin: LoadedPlugin) -> Iterator[tuple[str, str]]:
    """Yield what commands and queries say that they are for, which `plugin describe` shows."""
    commands = (one.command for one in plugin.commands)
    for kind in (*commands, *(one.query for one in plugin.queries)):
        if (kind.__doc__ or "").strip():
            yield kind.__name__, first_sentence(kind)


def _says(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in ("message", "text")
    if isinstance(function, ast.Attribute) and function.attr in _SAYING:
        owner = function.value
        return getattr(owner, "attr", getattr(owner, "id", "")) in _OWNERS
    return False


def _templates(node: ast.expr, named: Mapping[str, list[str]]) -> Iterator[str | None]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from filter(None, (node.value,))
    elif isinstance(node, ast.IfExp):
        yield from _templates(node.body, named)
        yield from _templates(node.orelse, named)
    elif isinstance(node, ast.Name):
        yield from named.get(node.id, ())  # else it is handed on, and stands where it was made
    elif isinstance(node, ast.JoinedStr | ast.BinOp):
        yield None


def _constants_by_name(tree: ast.Module) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            values = [one for one in _templates(node.value, {}) if one is not None]
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).extend(values)
    return found


def _nodes(package: Path) -> Iterator[tuple[str, ast.AST]]:
    for path, tree in _trees(package):
        file = path.relative_to(package.parent).as_posix()
        for node in ast.walk(tree):
            yield f"{file}:{getattr(node, 'lineno', 0)}", node


def _trees(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(package.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def _package(subject: Subject) -> Path:
    return Path(str(subject.plugin.module.__file__)).parent
