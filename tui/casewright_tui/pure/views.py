"""The saved views of a queue: those that everybody has and those that somebody made, kept among their preferences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from casewright.bilingual import Bilingual
from casewright.queries import ORDERS
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts, text
from casewright_tui.pure.queue_columns import BY_NAME, USUAL

PREFERENCE = "views"
"""The name under which they are kept."""
MOST = 30
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view: what it asks for as a query line, its columns and its order. One that everybody has is named by a sentence."""

    name: str
    title: str | Bilingual
    filter: str = ""
    columns: tuple[str, ...] = USUAL
    order: str = "due"
    descending: bool = False
    own: bool = False

    def titled(self, texts: Texts) -> str:
        """Return what it is called."""
        said = str(texts.value(self.title))
        return said if self.own else texts.text(said)


_WITHOUT_HANDLER = tuple(one for one in USUAL if one != "handler")
EVERYBODYS: tuple[View, ...] = (
    View(name="mine", title=text("Mine"), filter="handler:me", columns=_WITHOUT_HANDLER),
    View(name="team", title=text("My team"), filter="team:mine"),
    View(name="all", title=text("All"), filter=""),
    View(name="due", title=text("Due soon"), filter="due:<4h"),
    View(name="unassigned", title=text("Unassigned"), filter="handler:nobody", columns=_WITHOUT_HANDLER),
    View(name="watched", title=text("Watched"), filter="watcher:me"),
)  # fmt: skip
"""The views that everybody has; whoever likes hides or alters them."""


def read(kept: Any, *, team: bool) -> tuple[View, ...]:
    """Return the views from what was kept, in its order; what cannot be read is left out, and the rest stands."""
    usual = {one.name: one for one in EVERYBODYS if team or one.name != "team"}
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return tuple(usual.values())
    found = [_view(one, usual) for one in kept[:MOST]]
    named = {one.name: one for one in found if one is not None}
    return tuple(named.values()) or tuple(usual.values())


def written(views: Sequence[View]) -> list[dict[str, Any]]:
    """Return views as plain data, to be kept."""
    return [
        {
            "name": one.name,
            **({"title": one.title, "filter": one.filter} if one.own else {}),
            "columns": list(one.columns),
            "order": one.order,
            "descending": one.descending,
        }
        for one in views
    ]


def added(views: Sequence[View], title: str, like: View, filter: str) -> tuple[View, ...]:
    """Return views with a new one of somebody's own, with columns and order like another's."""
    taken = {one.name for one in views}
    number = next(number for number in range(1, MOST + 2) if f"own{number}" not in taken)
    new = replace(
        like, name=f"own{number}", title=title[:LONGEST_NAME], filter=filter, own=True
    )
    return (*views, new)


def changed(views: Sequence[View], view: View) -> tuple[View, ...]:
    """Return views with one of them in place of the one of its name."""
    return tuple(view if one.name == view.name else one for one in views)


def without(views: Sequence[View], name: str) -> tuple[View, ...]:
    """Return views without one; the last one stays."""
    left = tuple(one for one in views if one.name != name)
    return left or tuple(views)


def moved(views: Sequence[View], name: str, by: int) -> tuple[View, ...]:
    """Return views with one of them further to the front or the back."""
    order = list(views)
    index = next(index for index, one in enumerate(order) if one.name == name)
    order.insert(max(0, min(len(order) - 1, index + by)), order.pop(index))
    return tuple(order)


def _view(one: Any, usual: Mapping[str, View]) -> View | None:
    if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
        return None
    name, title = one["name"], one.get("title")
    base = usual.get(name)
    if base is None and isinstance(title, str) and title.strip() and name.startswith("own"):
        kept = one.get("filter")
        line = kept if isinstance(kept, str) else ""
        base = View(name=name, title=title[:LONGEST_NAME], filter=line, own=True)
    return base and _dressed(base, one)


def _dressed(view: View, one: Mapping[str, Any]) -> View:
    columns = one.get("columns")
    wanted = (
        tuple(
            dict.fromkeys(name for name in columns if isinstance(name, str) and name in BY_NAME)
        )
        if isinstance(columns, list | tuple)
        else ()
    )
    return replace(
        view,
        columns=wanted or view.columns,
        order=one["order"] if one.get("order") in ORDERS else view.order,
        descending=one.get("descending") is True,
    )
