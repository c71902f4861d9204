"""Random actions: what a generated workflow does on its way."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.workflows.words import BUILT_IN_TEMPLATES, CHANNELS, PRIORITIES

from . import expressions as cel
from .expressions import Choices, Known
from .surroundings import NEVER_SET, VALUES, bilingual

TOLD = (
    "handler",
    "owner",
    "opener",
    "team_lead",
    "customer",
    "role:manager",
    "user:ana",
    "submitter",
)
ASSIGNED = ("actor", "opener", "owner", "nobody", "role:agent", "user:emma", "submitter")


class ActionMaker:
    """Makes actions that know the workflow's fields and the workflows whose tickets may be opened."""

    def __init__(
        self,
        choose: Choices,
        known: Known,
        forms: Mapping[str, Any],
        children: Mapping[str, str | None],
    ) -> None:
        self._choose, self._known, self._forms, self._children = (
            choose,
            known,
            forms,
            dict(children),
        )

    def some(
        self, *, opening: Sequence[str] = (), ladder: bool = False
    ) -> list[dict[str, Any]]:
        """Return one to three actions; `opening` names the workflows whose tickets may be opened here."""
        return [self._one(opening, ladder) for _ in range(self._choose.number(1, 3))]

    def _one(self, opening: Sequence[str], ladder: bool) -> dict[str, Any]:
        verbs: list[Callable[[], dict[str, Any]]] = [
            self._tell,
            self._comment,
            self._assign,
            self._raise_priority,
            self._raise_level,
            self._link,
            self._renew_owner,
        ]
        if [name for name in self._known.fields if name not in NEVER_SET]:
            verbs += [self._set, self._set]
        if opening:
            verbs += [lambda: self._open(opening)] * 5
        if ladder:
            verbs += [self._fire, self._fire]
        action = self._choose.one(verbs)()
        if self._choose.flip(0.25):
            action["when"] = cel.condition(self._choose, self._known)
        return action

    def _tell(self) -> dict[str, Any]:
        action: dict[str, Any] = {"tell": self._choose.some(TOLD, least=1, most=2)}
        if self._choose.flip():
            action["via"] = self._choose.one(["sms", self._choose.some(CHANNELS, least=1)])
        if self._choose.flip(0.3):
            action["template"] = self._choose.one(BUILT_IN_TEMPLATES)
        return {**action, "message": bilingual("news")} if self._choose.flip() else action

    def _comment(self) -> dict[str, Any]:
        said = [bilingual("a comment"), "plain", "=" + cel.text(self._choose, self._known)]
        return {"comment": self._choose.one(said)}

    def _assign(self) -> dict[str, Any]:
        return {
            "assign": self._choose.one(
                [*ASSIGNED, ["=" + cel.text(self._choose, self._known), "user:emma"]]
            )
        }

    def _raise_priority(self) -> dict[str, Any]:
        return {"raise_priority": self._choose.one(PRIORITIES)}

    def _raise_level(self) -> dict[str, Any]:
        return {"raise_level": self._choose.number(1, 2)}

    def _renew_owner(self) -> dict[str, Any]:
        return {"renew_owner": True}

    def _link(self) -> dict[str, Any]:
        other = [
            "ERR-2026-000001" if self._known.matter else "MAT-2026-000001",
            *(f"=fields.{name}" for name in self._known.fields if name == "related"),
        ]
        action: dict[str, Any] = {"link": self._choose.one(other)}
        return {**action, "as": "cause"} if self._choose.flip() else action

    def _set(self) -> dict[str, Any]:
        free = [name for name in self._known.fields if name not in NEVER_SET]
        names = self._choose.some(free, least=1, most=2)
        return {"set": {name: cel.value(self._choose, self._known, name) for name in names}}

    def _fire(self) -> dict[str, Any]:
        return {"fire": self._choose.one(self._known.transitions)}

    def _open(self, opening: Sequence[str]) -> dict[str, Any]:
        child = self._choose.one(opening)
        action: dict[str, Any] = (
            {"open": child, "as": "order"} if self._choose.flip(0.7) else {"open": child}
        )
        form = self._forms.get(self._children.get(child) or "", {})
        fields = {name: self._given(name) for name in form.get("required", ())}
        others = [name for name in form.get("properties", ()) if name not in fields]
        if others and self._choose.flip(0.7):
            fields |= {
                name: self._given(name) for name in self._choose.some(others, least=1, most=2)
            }
        if self._choose.flip():
            action["each"] = self._choose.one(
                [["north", "south"], *(f"=fields.{name}" for name in self._known.of("texts"))]
            )
            if "dept" in form.get("properties", ()):
                fields["dept"] = "=each"
        return {**action, "fields": fields} if fields else action

    def _given(self, name: str) -> Any:
        """A literal of the field, or the parent's field of the same name: what fits the child's form mostly."""
        found = [one for one in VALUES[name] if one != ""]
        return self._choose.one(
            [*found, *([f"=fields.{name}"] if name in self._known.fields else [])]
        )
