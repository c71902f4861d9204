"""Random well-typed expressions over what one workflow knows."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from .surroundings import KINDS, VALUES

Item = TypeVar("Item")


class Choices:
    """Choices said in words, out of whole numbers that `number` picks."""

    def __init__(self, number: Callable[[int, int], int]) -> None:
        self.number = number

    @classmethod
    def drawn(cls, draw: Callable[[st.SearchStrategy[int]], int]) -> "Choices":
        """Return choices that Hypothesis makes one by one, and can therefore shrink."""
        return cls(lambda least, most: draw(_between(least, most)))

    @classmethod
    def seeded(cls, seed: int) -> "Choices":
        """Return choices that follow from one number: more varied, and ten times as fast."""
        return cls(random.Random(seed).randint)

    def flip(self, chance: float = 0.5) -> bool:
        """Return True with this chance; Hypothesis likes the ends of a range, so what is rare lies inside."""
        wanted = round(chance * 100)
        least = 13 if wanted < 80 else 100 - wanted
        return least <= self.number(0, 99) < least + wanted

    def one(self, items: Sequence[Item]) -> Item:
        return items[self.number(0, len(items) - 1)] if len(items) > 1 else items[0]

    def some(self, items: Sequence[Item], *, least: int = 0, most: int = 3) -> list[Item]:
        """Return different items, in their own order."""
        most = min(most, len(items))
        count = self.number(min(least, most), most)
        left = list(range(len(items)))
        picked = sorted(left.pop(self.number(0, len(left) - 1)) for _ in range(count))
        return [items[index] for index in picked]


@cache
def _between(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What an expression of one workflow may ask for."""

    fields: tuple[str, ...]
    transitions: tuple[str, ...]
    states: tuple[str, ...]
    levels: bool
    matter: bool

    def of(self, *kinds: str) -> list[str]:
        return [name for name in self.fields if KINDS[name] in kinds]


def condition(choose: Choices, known: Known, *, depth: int = 1) -> str:
    """Return an expression that is true or false."""
    if depth and choose.flip(0.3):
        left = condition(choose, known, depth=depth - 1)
        right = condition(choose, known, depth=depth - 1)
        return choose.one(
            [
                f"({left}) && ({right})",
                f"({left}) || ({right})",
                f"({left}) ? ({right}) : true",
                f"!({left})",
            ]
        )
    return choose.one(_conditions(choose, known))


def _conditions(choose: Choices, known: Known) -> list[str]:
    state, transition = choose.one(known.states), choose.one(known.transitions)
    found = [
        "children.open == 0",
        "children.count < 3",
        "children.since_entry == 0",
        "lineage.round < 3",
        f"times.{transition} < 3",
        "ticket.level >= 1",
        "ticket.priority != 'urgent'",
        f"ticket.state != '{state}'",
        "ticket.handler != 'nobody'",
        "ticket.number > 0",
        "customer.tier != 'vip'",
        "customer.language == 'zh'",
        "customer.id == 'c1'",
        "actor.team == 'north'",
        "actor.name != ticket.owner",
        "now > timestamp('2026-01-01T00:00:00Z')",
        "lookup('departments', 'north').owner == 'dora'",
    ]
    for name in known.fields:
        found += _about(name)
    return found


def _about(name: str) -> list[str]:
    field = f"fields.{name}"
    match KINDS[name]:
        case "boolean":
            return [field, f"!{field}", f"has({field})"]
        case "choice":
            return [
                f"{field} == 'late'",
                f"{field} in ['late', 'lost']",
                f"{field} != 'broken'",
            ]
        case "decimal":
            return [f"{field} > 500", f"{field} * 2.0 <= 1000.0", f"has({field})"]
        case "integer":
            return [f"{field} >= 2", f"has({field})", f"{field} + 1 > 1"]
        case "texts":
            return [
                f"size({field}) > 0",
                f"'north' in {field}",
                f"{field}.exists(d, d == 'south')",
            ]
        case "key":
            return [f"lookup('departments', {field}).owner == actor.name", f"has({field})"]
        case _:
            return [f"has({field})", f'{field} != "never"', f"{field}.startsWith('20')"]


def number(choose: Choices, known: Known) -> str:
    """Return an expression that is a whole number, or nothing where a field is unset."""
    found = [
        "1",
        "2",
        "lineage.round",
        "ticket.level",
        "children.count",
        "customer.tier == 'vip' ? 2 : 1",
    ]
    found += [f"fields.{name}" for name in known.of("integer")]
    found += [f"size(fields.{name})" for name in known.of("texts")]
    return choose.one(found)


def text(choose: Choices, known: Known) -> str:
    """Return an expression that is a text, or nothing where a field is unset."""
    found = [
        "'ana'",
        "ticket.key",
        "ticket.handler",
        "ticket.owner",
        "ticket.opener",
        "actor.name",
        "customer.id",
    ]
    found += [f"fields.{name}" for name in known.of("text", "choice", "date")]
    found += [f"lookup('departments', fields.{name}).owner" for name in known.of("key")]
    return choose.one(found)


def value(choose: Choices, known: Known, field: str) -> Any:
    """Return what may be put into a field: a literal, or `=` and an expression of its kind."""
    kind = KINDS[field]
    found: list[Any] = [
        one for one in VALUES[field] if not (isinstance(one, str) and one == "")
    ]
    found += [f"=fields.{name}" for name in known.fields if KINDS[name] == kind]
    match kind:
        case "text":
            found.append("=" + text(choose, known))
        case "boolean":
            found.append("=" + condition(choose, known, depth=0))
        case "integer":
            found.append("=" + number(choose, known))
        case "decimal":
            found += [f"=fields.{name} / fields.{name}" for name in known.of("decimal")]
            found += ["=double(ticket.level)", "=1.0 / 0.0"]
    return choose.one([*found, "=null"])
