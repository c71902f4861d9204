"""The page of the hooks and of the public surface, made from `casewright.hooks` and `casewright.__init__`."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from types import FunctionType

import casewright
from casewright import hooks

PARTS = ("Called", "Result", "Rules")
"""What the docstring of every hook says, beside its first sentence."""

_GROUPS = {
    "may": "decides: pure, may refuse",
    "after": "proposes what should follow: pure",
    "keep": "writes down, in the ticket's own transaction",
    "deliver": "acts: after commit, may block, is retried",
    "register": "declares: at start",
}
_KINDS = {
    "Hooks": ("hooks",),
    "What a plugin brings": ("contributions", "settings.options"),
    "Values": (
        "model",
        "answers",
        "bilingual",
        "document",
        "durations",
        "nearest",
        "language_tags",
        "workflows.surroundings",
    ),
    "Commands": ("commands",),
    "Queries": ("queries",),
    "Effects": ("effects",),
    "Refusals and sentences": ("errors", "texts"),
    "Files": ("strict_yaml", "new_file", "regular_file"),
    "Channels": ("delivery.channel", "settings.channels"),
    "The command line": (
        "cli.answer",
        "cli.grammar",
        "cli.output",
        "cli.session",
        "cli.typed",
    ),
}
"""The public names by what they are for, each kind with the modules that have them."""


def hooks_page(made: str) -> Iterator[str]:
    """Yield the page; `made` says by whom."""
    yield from ("# Hooks", "", made, "")
    yield from str(hooks.__doc__).split("\n\n", 1)[1].strip().splitlines()
    yield from (
        "",
        "How to write a plugin, step by step: [writing-a-plugin.md](writing-a-plugin.md).",
    )
    for group, meaning in _GROUPS.items():
        yield from ("", f"## `{group}`: {meaning}")
        for name, function in hook_functions().items():
            if name.split("_")[0] == group:
                yield from _hook(name, function)
    yield from _surface()


def hook_functions() -> dict[str, FunctionType]:
    """Return the specification of every hook, in the order of the page."""
    return {
        name: one for name, one in vars(hooks).items() if hasattr(one, f"{hooks.PROJECT}_spec")
    }


def doc_parts(function: FunctionType) -> dict[str, str]:
    """Return what a hook's docstring says: its first sentence under "", then what is under each of `PARTS`."""
    lines = inspect.cleandoc(function.__doc__ or "").splitlines()
    parts = {"": ""}
    at = ""
    for line in lines:
        begun = re.match(r"(\w+): +(.*)", line)
        if begun and begun[1] in PARTS:
            at, line = begun[1], begun[2]
        parts[at] = f"{parts.get(at, '')} {line.strip()}".strip()
    return parts


def public_names() -> dict[str, tuple[str, ...]]:
    """Return the public names by kind; KeyError for a module that belongs to none."""
    kind_of = {home: kind for kind, homes in _KINDS.items() for home in homes}
    found: dict[str, tuple[str, ...]] = {kind: () for kind in _KINDS}
    for home, names in casewright._HOMES.items():
        found[kind_of[home]] += names
    return found


def _hook(name: str, function: FunctionType) -> Iterator[str]:
    parts = doc_parts(function)
    yield from (
        "",
        f"### `{name}`",
        "",
        "```python",
        *_signature(name),
        "```",
        "",
        parts[""],
        "",
    )
    for part in PARTS:
        yield f"- **{part}**: {parts.get(part, '')}"


def _signature(name: str) -> Iterator[str]:
    """Yield a hook's signature as it is written."""
    tree = ast.parse(inspect.getsource(hooks))
    node = next(
        one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name
    )
    given = ast.unparse(node.args).replace("'", "")
    result = ast.unparse(node.returns).replace("'", "") if node.returns is not None else "None"
    yield f"def {name}({given}) -> {result}: ..."


def _surface() -> Iterator[str]:
    yield from ("", "## What a plugin may import", "")
    yield "`from casewright import ...`, and nothing deeper: these names stay. A test and the contract suite hold every"
    yield "plugin to it. For a plugin's tests there is `from casewright.testing import ...` besides."
    for kind, names in public_names().items():
        yield from ("", f"### {kind}", "", "| | |", "|-|-|")
        for name in sorted(names):
            yield f"| `{name}` | {_first_sentence(name)} |"


def _first_sentence(name: str) -> str:
    """Return what a public name is for."""
    value = getattr(casewright, name)
    own = inspect.isclass(value) or inspect.isroutine(value)
    doc = value.__doc__ if own else _docs_of_constants(casewright._HOME_OF[name]).get(name)
    paragraph = inspect.cleandoc(doc or "").split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


def _docs_of_constants(home: str) -> dict[str, str]:
    """Return the docstrings that stand below a module's constants."""
    body = ast.parse(inspect.getsource(import_module(f"casewright.{home}"))).body
    return {
        target.id: str(doc.value.value)
        for constant, doc in pairwise(body)
        if isinstance(constant, ast.Assign)
        and isinstance(doc, ast.Expr)
        and isinstance(doc.value, ast.Constant)
        for target in constant.targets
        if isinstance(target, ast.Name)
    }
