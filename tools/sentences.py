"""Finds every sentence that the code may say to people.

A sentence is what `message(...)`, `text(...)` or `texts.say(...)` is given, the `sentence` of an error, a variable called `template`,
or what a function is given that passes it on to one of these.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "core" / "casewright"
TERMINAL = PACKAGE.parent.parent / "tui" / "casewright_tui"
NAMES = ("sentence", "template")
MARKS: Mapping[str, int] = {"message": 0, "text": 0, "say": 0}
"""Functions that take a sentence, and at which position."""

MEANINGS = ("an event", "a transition", "a state", "a promise")
"""What a name can be; the check of promises puts two of them into one sentence."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Found:
    """A sentence in the code (None: a marked thing that is no constant) and its place."""

    file: str
    line: int
    sentence: str | None


def collect(package: Path = PACKAGE) -> list[Found]:
    """Return every sentence of the package, by place; with the core's those of its terminal."""
    roots = (package, TERMINAL) if package == PACKAGE else (package,)
    paths = sorted((root, path) for root in roots for path in root.rglob("*.py"))
    modules = {path: _Module(path.read_text("utf-8")) for _, path in paths}
    home = {path: root if root == package else root.parent for root, path in paths}
    passing = {
        module: marks
        for one in roots
        for module, marks in _passing_on(
            [modules[path] for root, path in paths if root == one]
        ).items()
    }
    found = {
        Found(path.relative_to(home[path]).as_posix(), node.lineno, one)
        for path, module in modules.items()
        for node, one in _of_module(module, passing[module])
        if one != ""
    }
    if package == PACKAGE:
        found |= {Found("workflows/words.py", 0, one) for one in _of_language()}
    return sorted(found, key=lambda one: (one.file, one.line, one.sentence or ""))


def placeholders(sentence: str) -> set[str]:
    """Return the names in braces that a sentence is filled by."""
    return set(re.findall(r"\{(\w+)[^{}]*\}", sentence.replace("{{", "").replace("}}", "")))


def _of_language() -> Iterator[str]:
    """Yield what the tables of the workflow language say: the check puts it into its sentences."""
    from casewright.workflows.words import CONSTRUCTS, SHAPES

    yield from MEANINGS
    yield from (shape.replace("{", "{{").replace("}", "}}") for shape in SHAPES.values())
    yield from (
        word.doc for words in CONSTRUCTS.values() for word in words.values() if word.required
    )


class _Module:
    """A module and what of it is looked at, gathered in one walk: there are a thousand of them."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.calls: list[ast.Call] = []
        self.assignments: list[ast.Assign] = []
        self.imports: list[ast.ImportFrom] = []
        self.functions: list[tuple[Function, list[ast.Call]]] = []
        """Each with the calls in it, those of functions within it too."""
        self._gather()

    def _gather(self) -> None:
        around: tuple[list[ast.Call], ...]
        pending: list[tuple[ast.AST, tuple[list[ast.Call], ...]]] = [(self.tree, ())]
        while pending:
            node, around = pending.pop()
            if isinstance(node, ast.Call):
                for calls in (self.calls, *around):
                    calls.append(node)
            elif isinstance(node, Function):
                self.functions.append((node, []))
                around = (*around, self.functions[-1][1])
            elif isinstance(node, ast.Assign):
                self.assignments.append(node)
            elif isinstance(node, ast.ImportFrom):
                self.imports.append(node)
            pending += [(child, around) for child in ast.iter_child_nodes(node)]


def _passing_on(modules: list[_Module]) -> dict[_Module, dict[str, int]]:
    """Return for each module of a package the functions that take a sentence, with its position; private ones are its own."""
    marks = {module: dict(MARKS) for module in modules}
    while True:
        before = sum(map(len, marks.values()))
        for module in modules:
            for function, calls in module.functions:
                position = _passed_on(function, calls, marks[module])
                if position is not None and function.name not in MARKS:
                    for one in [module] if function.name.startswith("_") else modules:
                        marks[one][function.name] = position
        if sum(map(len, marks.values())) == before:
            return marks


def _passed_on(
    function: Function, calls: list[ast.Call], marks: Mapping[str, int]
) -> int | None:
    """Return the position of the parameter that a function passes on as a sentence by one of its calls."""
    names = [one.arg for one in function.args.args if one.arg != "self"]
    for call in calls:
        given = _given(call, marks)
        if isinstance(given, ast.Name) and given.id in names:
            return names.index(given.id)
    return None


def _of_module(
    module: _Module, marks: Mapping[str, int]
) -> Iterator[tuple[ast.expr, str | None]]:
    tables = _tables(module.tree)
    marks = {name: at for name, at in marks.items() if name != "text" or _is_ours(module)}
    for node in module.assignments:
        if any(getattr(one, "id", "") in NAMES for one in node.targets):
            yield from ((node.value, one) for one in _constants(node.value))
    for call in module.calls:
        given = _given(call, marks)
        if given is None:
            continue
        sentences: list[str | None] = [*_constants(given), *_of_table(given, tables)]
        if not sentences and not _stands_elsewhere(given, marks):
            sentences = [None]
        yield from ((given, one) for one in sentences)


def _is_ours(module: _Module) -> bool:
    """Return whether `text` is the mark here, and not, say, SQLAlchemy's."""
    return not any(
        node.module not in ("casewright.texts", "casewright")
        and any("text" in (one.name, one.asname) for one in node.names)
        for node in module.imports
    )


def _tables(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return the values of the mappings that stand in a module under a name."""
    return {
        target.id: node.value.values
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _given(call: ast.Call, marks: Mapping[str, int]) -> ast.expr | None:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name not in marks or len(call.args) <= marks[name]:
        return None
    if name in ("text", "say") and isinstance(call.func, ast.Attribute):
        owner = call.func.value
        made = owner.func if isinstance(owner, ast.Call) else owner
        if getattr(made, "id", getattr(made, "attr", "")).strip("_").lower() != "texts":
            return None
    return call.args[marks[name]]


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _of_table(node: ast.expr, tables: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Subscript):
        for value in tables.get(getattr(node.value, "id", ""), ()):
            yield from _constants(value)


def _stands_elsewhere(node: ast.expr, marks: Mapping[str, int]) -> bool:
    """Return whether a sentence comes from where it was found already: a name, or something marked itself."""
    if isinstance(node, ast.IfExp):
        return all(_stands_elsewhere(one, marks) for one in (node.body, node.orelse))
    if isinstance(node, ast.Call):
        return _given(node, marks) is not None or getattr(node.func, "attr", "") in (
            "get",
            "replace",
        )
    return isinstance(
        node, ast.Name | ast.Attribute | ast.Starred | ast.Subscript | ast.Constant
    )
