"""The bare graph of a random workflow: states in order, each with a way to a later one, so that all end well."""

from dataclasses import dataclass, field
from itertools import pairwise

from .expressions import Choices

STATES = ("registered", "state", "in_hand", "asking", "initial", "checked", "rework")
INNER = ("first", "second", "third")
TRANSITIONS = (
    "accept",
    "state_it",
    "ask",
    "trigger",
    "self",
    "send",
    "finish",
    "model",
    "import",
    "name",
)
SHARED = ("hand_in", "cancel")
FINALS = ("closed", "declined")


@dataclass(kw_only=True)
class Node:
    """A state: `ways` lead by name to targets (none: the ticket stays), `named` are shared ones; `limited` need a limit."""

    name: str
    final: bool = False
    rests: bool = False
    ways: dict[str, list[str]] = field(default_factory=dict)
    granted: list[str] = field(default_factory=list)
    denied: str = ""
    timed: str = ""
    named: list[str] = field(default_factory=list)
    limited: set[str] = field(default_factory=set)

    @property
    def parent(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def short(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Skeleton:
    """All states, first the start; `outer` holds the one transition that an outer state gives its inner ones.

    `shared` are the transitions that any state may name.
    """

    nodes: list[Node]
    outer: dict[str, tuple[str, list[str]]]
    shared: dict[str, list[str]]

    @property
    def start(self) -> str:
        first = self.nodes[0]
        return first.parent or first.name

    @property
    def transitions(self) -> tuple[str, ...]:
        names = [way for node in self.nodes for way in node.ways] + [
            way for way, _ in self.outer.values()
        ]
        names += list(self.shared)
        return tuple(dict.fromkeys(names))

    @property
    def unmistakable(self) -> list[str]:
        """States that a promise may begin with: no event has their name."""
        return [node.name for node in self.nodes if not node.final]

    def called(self, target: str, node: Node) -> str:
        """Return what `node` calls `target`: a sibling by its own name, the first inner state by the outer's."""
        outer, _, short = target.rpartition(".")
        if not outer:
            return target
        inside = node.parent or node.name
        if outer == inside:
            return short
        first = next(one for one in self.nodes if one.parent == outer)
        return outer if first.name == target else target


def skeleton(choose: Choices) -> Skeleton:
    """Return a graph in which every state is reached from an earlier one and leads to a later one."""
    nodes = _nodes(choose)
    for index in range(1, len(nodes)):
        _connect(choose, nodes, index)
    for index, node in enumerate(nodes):
        if not node.final:
            _lead_on(choose, nodes, index)
    if not any(node.ways for node in nodes):
        _way(choose, nodes[0])[:] = [nodes[-1].name]
    targets = [node.name for node in nodes]
    shared = {name: [choose.one(targets)] for name in choose.some(SHARED, most=2)}
    for name in shared:
        for node in choose.some([node for node in nodes if not node.final], least=1):
            node.named.append(name)
    return Skeleton(nodes=nodes, outer=_outer(choose, nodes), shared=shared)


def _nodes(choose: Choices) -> list[Node]:
    names: list[str] = []
    for name in choose.some(STATES, least=2, most=4):
        inner = choose.some(INNER, least=2, most=3) if choose.flip(0.35) else []
        names += [f"{name}.{one}" for one in inner] or [name]
    nodes = [Node(name=name) for name in names]
    for node, following in pairwise(nodes):
        node.final = bool(node.parent) and node.parent != following.parent and choose.flip(0.4)
    for node in nodes:
        if node.final:
            continue
        node.rests = choose.flip(0.25)
        if choose.flip(0.4):
            node.granted = ["?"]
    return nodes + [Node(name=name, final=True) for name in FINALS[: choose.number(1, 2)]]


def _connect(choose: Choices, nodes: list[Node], index: int) -> None:
    """Let some earlier state lead to this one."""
    source = choose.one([node for node in nodes[:index] if not node.final])
    if source.granted == ["?"]:
        source.granted = [nodes[index].name]
    else:
        _way(choose, source)[:] = [nodes[index].name]


def _lead_on(choose: Choices, nodes: list[Node], index: int) -> None:
    node = nodes[index]
    later = [one.name for one in nodes[index + 1 :]]
    anywhere = [one.name for one in nodes]
    if node.granted:
        if node.granted == ["?"]:
            node.granted = [choose.one(later)]
        if choose.flip(0.4):
            node.granted.insert(0, choose.one(later))
        node.denied = choose.one(anywhere)
    if not node.granted and not any(
        target in later for ends in node.ways.values() for target in ends
    ):
        _way(choose, node)[:] = [choose.one(later)]
    if choose.flip(0.5):
        extra = _way(choose, node)
        extra[:] = choose.some(anywhere, most=2)
    if node.ways and choose.flip(0.3):
        node.timed = choose.one(list(node.ways))
        if not all(target in later for target in node.ways[node.timed]):
            node.limited.add(node.timed)


def _way(choose: Choices, node: Node) -> list[str]:
    """Add a way out of a state; return its targets, to be filled."""
    free = [name for name in TRANSITIONS if name not in node.ways]
    return node.ways.setdefault(choose.one(free), [])


def _outer(choose: Choices, nodes: list[Node]) -> dict[str, tuple[str, list[str]]]:
    finals = [node.name for node in nodes if node.final]
    ending = {node.parent for node in nodes if node.parent and node.final}
    outers = [
        one
        for one in dict.fromkeys(node.parent for node in nodes if node.parent)
        if one not in ending
    ]
    return {
        outer: (choose.one(("give_up", "finish")), [choose.one(finals)])
        for outer in outers
        if choose.flip(0.6)
    }
