"""Random states of a workflow, with their transitions and approvals."""

from typing import Any

from casewright.workflows.words import CHOICES

from . import expressions as cel
from .parts import DURATIONS, Parts
from .skeletons import Node
from .surroundings import bilingual

PEOPLE_WHO = ("handler", "owner", "opener", "actor", "submitter", "team_lead", "anyone", "customer",
              "role:agent", "role:manager", "role:team_leader", "user:ana", "user:emma")  # fmt: skip
OFTEN = ("anyone", "anyone", "role:agent", "role:manager", "handler")


class StatesMaker(Parts):
    """Makes states out of the nodes of the skeleton."""

    def states(self) -> dict[str, Any]:
        states: dict[str, Any] = {}
        for node in self.skeleton.nodes:
            if node.parent:
                outer = states.setdefault(node.parent, {})
                outer.setdefault("states", {})[node.short] = self._state(node)
            else:
                states[node.name] = self._state(node)
        for name, outer in states.items():
            if "states" in outer:
                self._outer(name, outer)
        if self.choose.flip(0.2):
            states["withdrawn"] = {"final": True, "title": bilingual("withdrawn")}
        return states

    def _outer(self, name: str, data: dict[str, Any]) -> None:
        data |= {
            "start": next(iter(data["states"])),
            **self._everywhere(0.2, first=name == self.skeleton.start),
        }
        data |= self.maybe(0.4, "waiting", lambda: self.choose.one(CHOICES["waiting"]))
        given = self.skeleton.outer.get(name)
        if given:
            way, targets = given
            data["transitions"] = {way: self.transition(Node(name=name), way, targets, key="z")}
        if not any(inner.get("final") for inner in data["states"].values()):
            known = list(self.skeleton.shared)
            data |= (
                self.maybe(0.7, "shared", lambda: self.choose.some(known, least=1))
                if known
                else {}
            )

    def _everywhere(self, chance: float, *, first: bool) -> dict[str, Any]:
        """The words that all states have in common; little is asked of the first, so that there are tickets."""
        choose, known = self.choose, self.known
        data = {"title": bilingual("a state")} if choose.flip(0.9) else {}
        data |= self.maybe(0.4, "customer_title", lambda: bilingual("said to customers"))
        if known.fields and not first:
            data |= self.maybe(
                chance / 2, "needs", lambda: choose.some(known.fields, least=1, most=2)
            )
        data |= self.maybe(chance / (10 if first else 2), "when", self.condition)
        opening = ("errand",) if self.name == "matter" and not first else ()
        data |= self.maybe(chance * 1.5, "on_enter", lambda: self.actions.some(opening=opening))
        return data | self.maybe(chance * 1.5, "on_exit", lambda: self.actions.some())

    def _state(self, node: Node) -> dict[str, Any]:
        first = self.skeleton.start in (node.name, node.parent)
        data = self._everywhere(0.4 if node.parent else 0.25, first=first)
        if node.final:
            return {**data, "final": True}
        if node.rests:
            data["rests"] = True
        data |= self.maybe(0.25, "waiting", lambda: self.choose.one(CHOICES["waiting"]))
        ways = {
            way: self.transition(node, way, targets, key=key)
            for (way, targets), key in zip(node.ways.items(), "abcdef", strict=False)
        }
        if ways:
            data["transitions"] = ways
        if node.named:
            data["shared"] = node.named
        if node.timed:
            data["after"] = {self.choose.one(DURATIONS): node.timed}
        if node.granted:
            data["approve"] = self._approve(node)
        return data

    def transition(self, node: Node, way: str, targets: list[str], *, key: str) -> Any:
        choose = self.choose
        used = self.forms.get((node.name, way))
        if len(targets) == 1 and used is None and way != node.timed and choose.flip(0.2):
            return self.skeleton.called(targets[0], node)
        data: dict[str, Any] = {"form": used} if used else {}
        if targets:
            data["to"] = self._cases(node, targets)
        data["by"] = self._by(timed=way == node.timed)
        if choose.flip(0.2):
            data["except"] = choose.one(
                [one for one in ("handler", "submitter", "user:cleo") if one != data["by"]]
            )
        data |= self.maybe(0.25, "title", lambda: bilingual("a button"))
        data |= self.maybe(0.2, "when", self.condition)
        if "when" in data:
            data["refusal"] = bilingual("a refusal")
        data |= self.maybe(
            0.2,
            "needs",
            lambda: choose.one(
                ["reason", ["attachment"], *([[name] for name in self.known.fields])]
            ),
        )
        data |= self.maybe(0.15, "attempts", self._attempts)
        data |= self.maybe(0.4, "do", lambda: self.actions.some(opening=self.children))
        data |= self.maybe(0.2, "key", lambda: key)
        data |= self.maybe(0.5, "undo", lambda: True)
        if way in node.limited or choose.flip(0.15):
            data["limit"] = choose.number(1, 3)
        return data

    def _by(self, *, timed: bool) -> Any:
        levels = ["level"] if self.known.levels else []
        one = self.choose.one([*OFTEN, *PEOPLE_WHO, *levels])
        return self.choose.one(["timer", [one, "timer"]]) if timed else one

    def _attempts(self) -> dict[str, int]:
        words = self.choose.some(["calls", "days", "messages"], least=1)
        return {word: self.choose.number(1, 2) for word in words}

    def _cases(self, node: Node, targets: list[str]) -> Any:
        called = [self.skeleton.called(target, node) for target in targets]
        if len(called) == 1 and not self.choose.flip(0.1):
            return called[0]
        cases: list[dict[str, Any]] = [
            {"to": target, "when": self.condition()} for target in called[:-1]
        ]
        last = {"to": called[-1], **self.maybe(0.2, "when", self.condition)}
        return [*cases, last]

    def _approve(self, node: Node) -> dict[str, Any]:
        choose = self.choose
        data: dict[str, Any] = {}
        if choose.flip(0.65):
            data["steps"] = [self._step() for _ in range(choose.number(1, 3))]
        else:
            data |= self._step()
        data |= self.maybe(
            0.5,
            "except",
            lambda: choose.one(
                ["handler", "submitter", ["user:cleo", "opener"], "lineage.approvers"]
            ),
        )
        data["granted"] = self._cases(node, node.granted)
        return {**data, "denied": self.skeleton.called(node.denied, node)}

    def _step(self) -> dict[str, Any]:
        choose = self.choose
        step = {
            "voters": choose.one(
                ["role:manager", "role:team_leader", ["owner", "role:manager"], "anyone"]
            )
        }
        step |= self.maybe(
            0.4, "votes", lambda: choose.one([1, 2, cel.number(choose, self.known)])
        )
        return step | self.maybe(0.5, "when", self.condition)
