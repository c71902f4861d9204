"""What a queue asks of the desk: pages, counts, one ticket's place, all its keys; as its query line and its order say."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from casewright.answers import Published, QueueCount, QueuePage, QueueRow
from casewright.bilingual import Bilingual
from casewright.errors import CasewrightError, CommandRefused, message
from casewright.queries import LARGEST_PAGE, CountQueue, ListQueue, ListWorkflows
from casewright.swift_dataclass import dataclass
from casewright_tui.desk_link import LaneName
from casewright_tui.pure import filtering
from casewright_tui.pure.filter_words import Vocabulary
from casewright_tui.pure.filtering import Filter
from casewright_tui.pure.window import Fetch, Position

if TYPE_CHECKING:
    from casewright_tui.screens.desk_screen import DeskScreen

MARKED_AT_ONCE = 1000
"""So many tickets can be marked at once: what is done with them is done together, or not at all."""


@dataclass(slots=True)
class Asking:
    """Asks for the queue of a line, in an order; `vocabulary` is what names mean at this site."""

    screen: "DeskScreen"
    line: str = ""
    order: str = "due"
    descending: bool = False
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @property
    def filter(self) -> Filter:
        """What the line asks for now."""
        return self.understood(self.line)

    def understood(self, line: str) -> Filter:
        """Return what another line would ask for."""
        now = self.screen.terminal.clock.now().astimezone(self.screen.texts.timezone)
        return filtering.understood(line, self.vocabulary, now)

    async def page(self, fetch: Fetch, soon: bool) -> QueuePage | None:
        """Return a page; None where it cannot be had, which is said."""
        lane: LaneName = "hands" if soon else "eyes"
        query = ListQueue(
            **self._values(self.line),
            after=fetch.after,
            before=fetch.before,
            including=fetch.including,
            skip=fetch.skip,
            limit=min(fetch.limit, LARGEST_PAGE),
        )
        try:
            page: QueuePage = await self.screen.ask(query, lane=lane)
        except CasewrightError as error:
            self.screen.tell_error(error)
            return None
        return page

    async def located(self, key: str) -> QueueRow | None:
        """Return the row of a ticket where the queue still has it."""
        query = ListQueue(**{**self._values(self.line), "tickets": (key,)}, limit=1)
        page: QueuePage = await self.screen.ask(query, lane="eyes")
        return next((row for row in page.rows if row.key == key), None)

    async def still_there(self, keys: Sequence[str]) -> frozenset[str]:
        """Return which of these tickets the queue still has; no more of them than stand on a screen."""
        query = ListQueue(
            **{**self._values(self.line), "tickets": tuple(keys)}, limit=len(keys)
        )
        page: QueuePage = await self.screen.ask(query, lane="eyes")
        return frozenset(row.key for row in page.rows)

    async def count(self, line: str, up_to: Position | None = None) -> QueueCount:
        """Return how many tickets the queue of a line holds, and how many stand before a position."""
        query = CountQueue(**self._values(line), up_to=up_to)
        count: QueueCount = await self.screen.ask(query, lane="eyes")
        return count

    async def all_rows(self) -> Sequence[QueueRow]:
        """Return every row of the queue; refused where there are more than can be marked at once."""
        count = await self.count(self.line)
        if count.tickets > MARKED_AT_ONCE:
            reason = message(
                "{count} tickets are too many to mark; narrow the filter to {most} or fewer",
                count=count.tickets,
                most=MARKED_AT_ONCE,
            )
            raise CommandRefused(reason=reason)
        page: QueuePage = await self.screen.ask(
            ListQueue(**self._values(self.line), limit=LARGEST_PAGE)
        )
        return page.rows

    async def learn(self) -> Mapping[str, Bilingual]:
        """Get to know the site's names; return the titles of its workflows."""
        terminal, actor = self.screen.terminal, self.screen.actor
        people = await terminal.site.people(actor)
        published: Sequence[Published] = await self.screen.ask(
            ListWorkflows(actor=actor, counted=False), lane="eyes"
        )
        titles = {one.name: one.title for one in published if one.current}
        states: dict[str, dict[Bilingual, None]] = {}
        for name in titles:
            workflow, _ = await terminal.site.version(actor, name)
            for state in workflow.states.values():
                states.setdefault(state.name, {})[state.title] = None
        self.vocabulary = Vocabulary(
            me=actor,
            my_team=self.vocabulary.my_team,
            people=people,
            workflows=titles,
            states={name: tuple(found) for name, found in states.items()},
            teams=tuple(sorted({one.team for one in people.values() if one.team})),
        )
        return titles

    def _values(self, line: str) -> Mapping[str, Any]:
        found = self.understood(line)
        if found.problem is not None:
            raise CommandRefused(reason=found.problem)
        order = {"order": self.order, "descending": self.descending}
        return {"actor": self.screen.actor, **order, **found.values}
