"""Errands about no ticket and no place, offered wherever one is: being away, and handing over all open work."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from casewright.answers import Myself
from casewright.bilingual import Bilingual
from casewright.model import Person
from casewright_tui.errands import asking, handling
from casewright_tui.errands.errand import Errand
from casewright_tui.messages import GoTo
from casewright_tui.offered import Offered

if TYPE_CHECKING:
    from casewright_tui.app import Terminal

Make = Callable[[Myself, Mapping[str, Person]], Errand]


def own_errands(terminal: "Terminal") -> Iterator[Offered]:
    """Yield those that whoever sits here may begin."""
    myself = terminal.myself
    if myself is None:
        return
    yield _offered(terminal, "absence", handling.ABSENCE, handling.absence)
    if asking.may(myself, "ticket.hand_over"):
        yield _offered(terminal, "hand_over", handling.HAND_OVER, handling.hand_over)


def _offered(terminal: "Terminal", name: str, title: Bilingual, make: Make) -> Offered:
    async def run() -> None:
        myself = terminal.myself
        if myself is not None:
            people = await terminal.site.people(terminal.actor)
            await terminal.went(GoTo("form", errand=make(myself, people)))

    return Offered(
        id=f"own.{name}", title=title, run=run, group="places", also=(name.replace("_", " "),)
    )
