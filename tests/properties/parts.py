"""What all parts of a workflow in the making share: its graph, its forms, what expressions may ask for."""

from collections.abc import Callable
from typing import Any

from . import expressions as cel
from .actions import ActionMaker
from .expressions import Choices, Known
from .skeletons import Skeleton, skeleton

DURATIONS = ("30 minutes", "4 hours", "2 days", "1 working day", "1 week")


class Parts:
    """The beginnings of one workflow."""

    def __init__(
        self,
        choose: Choices,
        name: str,
        prefix: str,
        forms: dict[str, Any],
        own: str | None,
        children: dict[str, str | None],
    ) -> None:
        self.choose, self.name, self.prefix, self.own = choose, name, prefix, own
        self.skeleton: Skeleton = skeleton(choose)
        self.forms = {
            (node.name, way): choose.one(list(forms))
            for node in self.skeleton.nodes
            for way in node.ways
            if choose.flip(0.3)
        }
        used = {*self.forms.values(), *([own] if own else [])}
        fields = dict.fromkeys(
            field for one in sorted(used) for field in forms[one]["properties"]
        )
        self.known = Known(
            fields=tuple(fields),
            transitions=self.skeleton.transitions,
            states=tuple(node.name for node in self.skeleton.nodes),
            levels=choose.flip(0.6),
            matter=name == "matter",
        )
        self.children = ("errand", *children)
        self.actions = ActionMaker(choose, self.known, forms, children)

    def condition(self) -> str | bool:
        """Return what a `when:` says."""
        return True if self.choose.flip(0.1) else cel.condition(self.choose, self.known)

    def maybe(self, chance: float, word: str, make: Callable[[], Any]) -> dict[str, Any]:
        """Return the word and its value with this chance, else nothing."""
        return {word: make()} if self.choose.flip(chance) else {}
