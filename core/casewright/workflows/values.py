"""The small parts of a workflow file, read into values: conditions, literals, titles, cases, state names."""

import json
from collections.abc import Mapping
from typing import Any

from casewright import bilingual
from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass
from casewright.workflows.spec import Case, Constant, Expression, Value


def condition(data: Any) -> Expression | None:
    """Return the condition, or None where there is none."""
    if data is None:
        return None
    if isinstance(data, bool):
        return Expression("true" if data else "false")
    return Expression(data)


def joined(outer: Expression | None, inner: Expression | None) -> Expression | None:
    """Return the condition that holds when both do."""
    if outer is None or inner is None:
        return outer or inner
    return Expression(f"({outer.source}) && ({inner.source})")


def number(data: Any) -> Value:
    """Return a whole number or the expression that gives one."""
    return Expression(data) if isinstance(data, str) else Constant(data)


def value(data: Any) -> Value:
    """Return a literal, or the expression behind a leading `=`."""
    if isinstance(data, str) and data.startswith("="):
        return Expression(data[1:])
    return Constant(data)


def said(data: str | None) -> Expression | None:
    """Return the expression behind a leading `=`, or one that gives the text; None where there is none."""
    if data is None:
        return None
    return Expression(data[1:] if data.startswith("=") else _quoted(data))


def names(data: Any) -> tuple[str, ...]:
    """Return the names of a list, of one text, or of nothing."""
    if data is None:
        return ()
    return (data,) if isinstance(data, str) else tuple(data)


def title(data: Any, name: str) -> Bilingual:
    """Return the title given, else one made of the name."""
    if data is not None:
        return bilingual.from_data(data)
    words = name.replace("_", " ").capitalize()
    return Bilingual(en=words, zh=words)


def optional_title(data: Any) -> Bilingual | None:
    """Return the text in both languages, or None where there is none."""
    return None if data is None else bilingual.from_data(data)


def _quoted(text: str) -> str:
    """Return the literal of an expression that is `text`."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateNames:
    """The states as their authors name them; `starts` says where each outer state begins."""

    flat: frozenset[str]
    starts: Mapping[str, str]

    @classmethod
    def of(cls, states: Mapping[str, Any]) -> "StateNames":
        """Return the names of `states:`, read before anything that refers to them."""
        flat: list[str] = []
        starts: dict[str, str] = {}
        for name, state in states.items():
            inner = state.get("states")
            if inner:
                flat += [f"{name}.{one}" for one in inner]
                first = state.get("start")
                starts[name] = f"{name}.{first if first in inner else next(iter(inner))}"
            else:
                flat.append(name)
        return cls(flat=frozenset(flat), starts=starts)

    def resolve(self, name: str, *, beside: str = "") -> str:
        """Return the flat state meant by `name`: a sibling inside `beside`, else one of the top.

        A name that nothing bears comes back as it is, for the checker to refuse.
        """
        sibling = f"{beside}.{name}"
        if beside and sibling in self.flat:
            return sibling
        return self.starts.get(name, name)

    def expand(self, name: str) -> tuple[str, ...]:
        """Return every flat state that `name` stands for: all inner ones of an outer state."""
        if name in self.starts:
            return tuple(sorted(one for one in self.flat if one.startswith(f"{name}.")))
        return (name,)

    def cases(self, data: Any, *, beside: str = "") -> tuple[Case, ...]:
        """Return the targets of `to` or `granted`: none, one, or several with conditions."""
        if data is None:
            return ()
        if isinstance(data, str):
            return (Case(to=self.resolve(data, beside=beside)),)
        return tuple(
            Case(to=self.resolve(case["to"], beside=beside), when=condition(case.get("when")))
            for case in data
        )
