"""What a template is made of: an allow-list over Jinja2's syntax tree, and what the parts may cost together.

Nothing is refused because it is known to be bad; what is not listed here cannot be written. So a
template's loops end, and what it may cost is counted before it ever runs.
"""

from collections.abc import Callable, Iterator

from jinja2 import nodes

from casewright.delivery.template_names import MOST_ENTRIES
from casewright.errors import Message, message
from casewright.swift_dataclass import dataclass
from casewright.yaml_defences import BAD_CHARACTERS

DEEPEST = 24
"""So deep may parts stand in each other; Python's own compiler gives up not far beyond."""
MOST_LOOPS = 2
MOST_STEPS = 50_000
"""What a template may cost: its parts, those in a loop counted for every entry of the longest list."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a template: its line, counted from 1, the word it is about, and the sentence."""

    line: int
    word: str
    message: Message


ALLOWED = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For,
    nodes.Name, nodes.Const, nodes.Getattr, nodes.Filter, nodes.Concat, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
})  # fmt: skip


def _parts(tree: nodes.Template) -> Iterator[Fault]:
    for node, _, _ in _walk(tree):
        if type(node) not in ALLOWED:
            template = (
                "'{part}' is not possible in a template: there are names with a dot between "
                "them, filters, 'if', and 'for' over a list"
            )
            reason = message(template, part=type(node).__name__.lower())
            yield Fault(node.lineno or 1, "", reason)


def _depth(tree: nodes.Template) -> Iterator[Fault]:
    for node, depth, loops in _walk(tree):
        if depth > DEEPEST:
            reason = message("parts stand more than {limit} deep in each other", limit=DEEPEST)
            yield Fault(node.lineno or 1, "", reason)
            return
        if loops > MOST_LOOPS:
            reason = message("more than {limit} loops stand in each other", limit=MOST_LOOPS)
            yield Fault(node.lineno or 1, "", reason)
            return


def _cost(tree: nodes.Template) -> Iterator[Fault]:
    if sum(MOST_ENTRIES**loops for _, _, loops in _walk(tree)) > MOST_STEPS:
        reason = message("the template takes more than {limit} steps", limit=MOST_STEPS)
        yield Fault(1, "", reason)


def _constants(tree: nodes.Template) -> Iterator[Fault]:
    for node, _, _ in _walk(tree):
        if isinstance(node, nodes.Const) and (reason := _bad_constant(node.value)):
            yield Fault(node.lineno or 1, "", reason)


def _bad_constant(value: object) -> Message | None:
    if isinstance(value, str):
        # An escape such as '\u202e' brings in what the YAML door keeps out.
        bad = BAD_CHARACTERS.search(value)
        template = "the invisible character {point} is not allowed"
        return message(template, point=f"U+{ord(bad[0]):04X}") if bad else None
    if type(value) is int and value < 2**63:
        return None
    return message("only texts and whole numbers can be written in a template")


DEFENCES: dict[str, Callable[[nodes.Template], Iterator[Fault]]] = {
    "parts": _parts,
    "depth": _depth,
    "cost": _cost,
    "constants": _constants,
}
"""What is asked of the tree as a whole, before its names are looked at."""


def faults(tree: nodes.Template) -> list[Fault]:
    """Return what is wrong with the parts of a template, by the first defence that finds anything."""
    for look in DEFENCES.values():
        if found := list(look(tree)):
            return found
    return []


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int, int]]:
    """Return every part with its depth and the number of loops around it, without recursion."""
    waiting = [(tree, 0, 0)]
    while waiting:
        node, depth, loops = waiting.pop()
        yield node, depth, loops
        inner = loops + isinstance(node, nodes.For)
        waiting.extend((child, depth + 1, inner) for child in node.iter_child_nodes())
