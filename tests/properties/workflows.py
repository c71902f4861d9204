"""Random valid workflows, built so that they are valid: every way leads on, every name names something."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from casewright.workflows.words import CHOICES, PRIORITIES

from . import expressions as cel
from .expressions import Choices
from .parts import DURATIONS
from .promises import PromisesMaker
from .skeletons import Node
from .states import StatesMaker
from .surroundings import CALENDARS, DEPARTMENTS, FIELDS, ROLES, bilingual, calendar, form


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Workflows and forms by name, as the data of their files."""

    workflows: dict[str, dict[str, Any]]
    forms: dict[str, dict[str, Any]]

    def write(self, root: Path) -> Path:
        """Write the files, JSON being YAML; return the folder."""
        parts = {
            "workflows": self.workflows,
            "forms": self.forms,
            "tables": {"departments": DEPARTMENTS},
            "workflows/calendars": {name: calendar(name) for name in CALENDARS},
        }
        for folder, files in parts.items():
            (root / folder).mkdir(parents=True)
            for name, data in files.items():
                (root / folder / f"{name}.yaml").write_text(
                    json.dumps(data, ensure_ascii=False), encoding="utf-8"
                )
        (root / "roles.yaml").write_text(
            json.dumps({"roles": ROLES}, ensure_ascii=False), encoding="utf-8"
        )
        return root


@st.composite
def workspaces(draw: Any) -> Workspace:
    """Return a workspace that shrinks."""
    return workspace(Choices.drawn(draw))


def workspace(choose: Choices) -> Workspace:
    """Return a workspace of two workflows: a matter, and the errands that it may open."""
    forms = {name: _form(choose) for name in ("first", "second", "third")}
    children = {"errand": choose.one(["first", None])}
    made = {
        "errand": WorkflowMaker(
            choose, "errand", "ERR", forms, children["errand"], children
        ).workflow()
    }
    own = choose.one(["first", "second", None])
    children["matter"] = own
    made["matter"] = WorkflowMaker(choose, "matter", "MAT", forms, own, children).workflow()
    return Workspace(workflows=made, forms=forms)


def _form(choose: Choices) -> dict[str, Any]:
    names = choose.some(list(FIELDS), least=2, most=7)
    return form(names, choose.some(names, most=1) if choose.flip(0.4) else [])


class WorkflowMaker(StatesMaker, PromisesMaker):
    """Makes one workflow: its headings, and what stands under them."""

    def workflow(self) -> dict[str, Any]:
        choose = self.choose
        data: dict[str, Any] = {"workflow": self.name}
        if choose.flip():
            data["language"] = 1
        data |= {"title": bilingual(self.name), "prefix": self.prefix}
        data |= {"owner": self._owner(), "start": self._start(), "states": self.states()}
        shared = zip(self.skeleton.shared.items(), "xy", strict=False)
        made = {
            way: self.transition(Node(name=""), way, targets, key=key)
            for (way, targets), key in shared
        }
        data |= {"shared": made} if made else {}
        self._headings(data)
        if choose.flip(0.8):
            self.promises(data)
        leave_undo_where_it_is_honest(data)
        return data

    def _start(self) -> Any:
        start = self.skeleton.start
        if self.choose.flip(0.6):
            return start
        others = [node.name for node in self.skeleton.nodes if not node.final]
        return [{"to": self.choose.one(others), "when": self.condition()}, {"to": start}]

    def _owner(self) -> list[str]:
        found = ["=" + cel.text(self.choose, self.known)] if self.choose.flip(0.4) else []
        return [
            *found,
            self.choose.one(["role:manager", "user:emma", "opener"]),
            "role:team_leader",
        ]

    def _headings(self, data: dict[str, Any]) -> None:
        choose, known = self.choose, self.known
        if self.own:
            data["form"] = self.own
        data |= self.maybe(0.5, "description", lambda: bilingual("what it is for"))
        data |= self.maybe(0.5, "calendar", lambda: "cn_office")
        data |= self.maybe(
            0.5, "process_owner", lambda: choose.one(["role:manager", "user:emma"])
        )
        data |= self.maybe(
            0.6,
            "handler",
            lambda: choose.one(
                ["role:agent", "opener", ["=" + cel.text(choose, known), "user:ana"]]
            ),
        )
        data |= self.maybe(0.5, "review", lambda: choose.one(CHOICES["review"]))
        data |= self.maybe(0.5, "priority", self._priority)
        data |= self.maybe(0.5, "exclude", self._exclude)
        data |= self.maybe(
            0.2,
            "only_for",
            # Everybody of the machine has one of them: who sees what is held elsewhere.
            lambda: [
                f"role:{one}"
                for one in ("agent", "manager", "team_leader", "head", "chief", "reader")
            ],
        )
        data |= self.maybe(
            0.5,
            "department",
            lambda: choose.one(["north", "=" + cel.text(choose, known)]),
        )
        data |= self.maybe(
            0.5, "queue", lambda: choose.one(["投诉", "=" + cel.text(choose, known)])
        )
        data |= self.maybe(
            0.5, "retention", lambda: choose.one(["90 days", "18 months", "3 years"])
        )
        data |= self.maybe(0.8, "reopen", self._reopen)
        if known.levels:
            data["levels"] = {
                "roles": choose.some(
                    ["role:team_leader", "role:manager", "role:agent"], least=1
                )
            }
            data["levels"] |= self.maybe(0.6, "start", lambda: cel.number(choose, known))

    def _priority(self) -> list[dict[str, Any]]:
        rules = [
            {"set": self.choose.one(PRIORITIES), "when": self.condition()}
            for _ in range(self.choose.number(1, 2))
        ]
        return [*rules, {"set": self.choose.one(PRIORITIES)}] if self.choose.flip() else rules

    def _exclude(self) -> list[str]:
        named = [f"=fields.{name}" for name in self.known.fields if name == "subject"]
        others = self.choose.some(
            ["lineage.handlers", "lineage.approvers", "user:ben", "role:head"],
            least=0 if named else 1,
        )
        return named + others

    def _reopen(self) -> Any:
        choose = self.choose
        policy = choose.one(CHOICES["reopen"])
        if choose.flip(0.2):
            return policy
        back = [node.name for node in self.skeleton.nodes if not node.final]
        data = {"policy": policy, **self.maybe(0.6, "within", lambda: choose.one(DURATIONS))}
        data |= self.maybe(
            0.6, "by", lambda: choose.one(["role:team_leader", ["opener", "owner"], "anyone"])
        )
        data |= self.maybe(0.6, "needs", lambda: "reason")
        return data | self.maybe(0.6, "to", lambda: choose.one(back))


def leave_undo_where_it_is_honest(workflow: dict[str, Any]) -> None:
    """Take `undo` off transitions that the clock takes, or on whose way tickets may be opened or linked."""
    states = [*_states(workflow["states"])]
    on_the_way = any(
        _reaches_others(one.get("on_enter")) or _reaches_others(one.get("on_exit"))
        for one in states
    )
    places = (workflow, *states)
    ways = (
        way
        for one in places
        for word in ("shared", "transitions")
        for way in _named(one.get(word))
    )
    for way in ways:
        moves = "to" in way
        if way.get("by") == "timer" or (moves and on_the_way) or _reaches_others(way.get("do")):
            way.pop("undo", None)


def _states(named: dict[str, Any]) -> Any:
    for one in named.values():
        yield one
        yield from _states(one.get("states", {}))


def _named(ways: Any) -> list[dict[str, Any]]:
    return (
        [one for one in ways.values() if isinstance(one, dict)]
        if isinstance(ways, dict)
        else []
    )


def _reaches_others(actions: Any) -> bool:
    return any(verb in one for one in actions or () for verb in ("open", "link"))
