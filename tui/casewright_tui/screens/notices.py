"""The inbox: notices and announcements for whoever sits here; taken, refused, or gone after at the ticket."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from casewright.answers import Announcement, Myself, Notice, NoticePage, QueuePage, QueueRow
from casewright.bilingual import Bilingual
from casewright.commands import SeeNotices
from casewright.errors import CasewrightError
from casewright.model import Person
from casewright.queries import LARGEST_PAGE, ListAnnouncements, ListNotices, ListQueue
from casewright_tui import controls
from casewright_tui.errands import announcing, asking, noticing, upkeep
from casewright_tui.lines import Lines, line, piece
from casewright_tui.pure import announcements, notices
from casewright_tui.pure.notices import Around
from casewright_tui.screens.list_screen import ListScreen
from casewright_tui.widgets.lines_view import LinesView

NOTICES, ANNOUNCEMENTS = "notices", "announcements"
MOST, MORE = 200, "more"
"""Notices that are asked for at once; the last line asks for as many more."""
SEEN_AFTER = 0.6
"""Seconds after which what the cursor stands on counts as seen."""


class NoticesScreen(ListScreen):
    """What somebody was told."""

    PLACE = "notices"
    BINDINGS: ClassVar[list[BindingType]] = [
        *controls.bindings("notices"),
        Binding(",".join(controls.with_full_width(("1",))), "tab('notices')", show=False),
        Binding(",".join(controls.with_full_width(("2",))), "tab('announcements')", show=False),
    ]

    def __init__(self, tab: str = NOTICES) -> None:
        super().__init__()
        self._tab = tab
        self._notices: dict[int, Notice] = {}
        self._announcements: Sequence[Announcement] = ()
        self._fresh: set[int] = set()
        self._after: int | None = None
        self._pages = 1
        self._rows: Mapping[str, QueueRow] = {}
        self._staff: Mapping[str, Person] = {}
        self._transitions: dict[str, Bilingual] = {}

    # --- what stands there -----------------------------------------------------------------------

    def titled(self) -> str:
        """Return what they are called."""
        return self.texts.text("Notices")

    def head(self, width: int) -> Lines:
        """Return the two tabs with what is unread in each."""
        unread = notices.things(
            one for one in self._notices.values() if one.state in notices.UNREAD
        )
        both = (
            (NOTICES, self.texts.say(" 1 Notices {count} ", count=unread)),
            (ANNOUNCEMENTS, self.texts.say(" 2 Announcements {count} ", count=announcements.unread(self._announcements))),
        )  # fmt: skip
        return [
            line(*(piece(said, "title" if name == self._tab else "dim") for name, said in both))
        ]

    def listed(self, width: int) -> Lines:
        """Return the notices, or the announcements."""
        if self._tab == ANNOUNCEMENTS:
            return announcements.listed(self._announcements, self.texts, width)
        found = notices.ordered(tuple(self._notices.values()), self._fresh)
        lines = list(notices.listed(found, self._around(), width))
        if self._after is not None:
            lines.append(
                line(piece(self.texts.text("  Enter shows older ones"), "dim"), id=MORE)
            )
        return lines

    def told(self, id: str, width: int) -> Lines:
        """Return what is known of the chosen one."""
        people = self._people()
        if id.startswith(announcements.PREFIX):
            one = next(
                one
                for one in self._announcements
                if f"{announcements.PREFIX}{one.number}" == id
            )
            return announcements.shown(one, people, self.texts, width)
        notice = self._notice(id)
        return notices.told(notice, self._around(), width) if notice else ()

    def empty(self) -> str:
        """Return that there is nothing."""
        if self._tab == ANNOUNCEMENTS:
            return self.texts.text("Nothing is announced.")
        return self.texts.text("Nobody has told you anything yet.")

    async def refreshed(self) -> None:
        """Ask for all of it anew."""
        self._announcements = await self.ask(ListAnnouncements(actor=self.actor))
        found: list[Notice] = []
        after: int | None = None
        for _ in range(self._pages):
            page: NoticePage = await self.ask(
                ListNotices(actor=self.actor, mine=True, after=after, limit=MOST)
            )
            found += page.notices
            after = page.after
            if after is None:
                break
        self._notices, self._after = {one.number: one for one in found}, after
        self._fresh |= {one.number for one in found if one.state in notices.UNREAD}
        self._staff = await self.terminal.site.people(self.actor)
        await self._learn({one.ticket for one in found})
        self.draw()

    # --- keys ------------------------------------------------------------------------------------

    def action_tab(self, name: str) -> None:
        """Show the notices, or the announcements."""
        self._tab, self.marked = name, {}
        self.draw()
        self.list.action_edge(-1)

    def action_next_tab(self) -> None:
        """Show the other tab."""
        self.action_tab(ANNOUNCEMENTS if self._tab == NOTICES else NOTICES)

    async def on_lines_view_chosen(self, chosen: LinesView.Chosen) -> None:
        """Go to the ticket, or to the announcement."""
        id = chosen.line.id
        if id == MORE:
            self._pages += 1
            await self.action_refresh()
        elif id.startswith(announcements.PREFIX):
            self.go("announcement", number=int(id.removeprefix(announcements.PREFIX)))
        elif (notice := self._notice(id)) is not None:
            await self._see([notice.number])
            self.go("ticket", ticket=notice.ticket)

    def on_lines_view_moved(self, moved: LinesView.Moved) -> None:
        """Tell of the chosen one; when the cursor has rested on it, it is seen."""
        number = self._number(moved.line.id)
        if moved.view.id == "list" and number is not None:
            self.set_timer(SEEN_AFTER, lambda: self._rested(number))

    def action_take(self) -> None:
        """Take the marked notices, else the chosen one, with a time until which it is done."""
        found = self._live()
        if found:
            self.go("form", errand=noticing.take(found, self._myself))

    def action_refuse(self) -> None:
        """Refuse the marked notices, else the chosen one, with a reason."""
        found = self._live()
        if found:
            self.go("form", errand=noticing.refuse(found, self._myself))

    def action_supervise(self) -> None:
        """Issue a supervision order about the tickets of the marked notices, else of the chosen one."""
        keys = tuple(dict.fromkeys(one.ticket for one in self._picked()))
        if not keys:
            return
        if asking.may(self._myself, "ticket.supervise"):
            self.go("form", errand=upkeep.supervise(keys, self._myself))
        else:
            self.tell("You may not issue supervision orders.")

    async def action_publish(self) -> None:
        """Announce something."""
        if asking.may(self._myself, "announcement.publish"):
            people = await self.terminal.site.people(self.actor)
            self.go("form", errand=announcing.publish(self._myself, people))
        else:
            self.tell("You may not publish announcements.")

    def on_screen_resume(self) -> None:
        """Show what became of it meanwhile."""
        if self._shown:
            self.call_later(self.action_refresh)

    # ---------------------------------------------------------------------------------------------

    @property
    def _myself(self) -> Myself:
        assert self.terminal.myself is not None
        return self.terminal.myself

    def _people(self) -> Mapping[str, str]:
        zh = self.texts.lang == "zh"
        return {name: one.zh if zh else one.en for name, one in self._staff.items()}

    def _around(self) -> Around:
        return Around(
            texts=self.texts, now=self.terminal.clock.now(), rows=self._rows, transitions=self._transitions,
            people=self._people(),
        )  # fmt: skip

    def _number(self, id: str) -> int | None:
        return int(id.removeprefix(notices.PREFIX)) if id.startswith(notices.PREFIX) else None

    def _notice(self, id: str) -> Notice | None:
        return self._notices.get(self._number(id) or 0)

    def _picked(self) -> Sequence[Notice]:
        return [one for one in map(self._notice, self.picked()) if one is not None]

    def _live(self) -> Sequence[Notice]:
        """Return what can still be taken or refused of what is picked; say so where nothing can."""
        picked = self._picked()
        found = [one for one in picked if one.state in notices.LIVE]
        if picked and not found:
            self.tell("This is taken or over already.")
        return found

    def _rested(self, number: int) -> None:
        if self.is_current and self._number(self.chosen) == number:
            self.run_worker(self._see([number]), group="seen")

    async def _see(self, numbers: Collection[int]) -> None:
        """Note as seen what was told of, over every channel: nobody reads it twice."""
        known = self._notices
        told = (notices.same_thing(known[one], known.values()) for one in numbers)
        new = tuple(
            dict.fromkeys(
                one.number for each in told for one in each if one.state in notices.UNREAD
            )
        )
        if new:
            try:
                await self.say(SeeNotices(actor=self.actor, notices=new))
            except CasewrightError as error:
                self.tell_error(error)

    async def _learn(self, tickets: Collection[str]) -> None:
        """Get to know the tickets that notices are about, and what their transitions are called."""
        rows: dict[str, QueueRow] = {}
        keys = tuple(sorted(tickets))
        for first in range(0, len(keys), LARGEST_PAGE):
            part = keys[first : first + LARGEST_PAGE]
            page: QueuePage = await self.ask(
                ListQueue(actor=self.actor, open=None, tickets=part, limit=LARGEST_PAGE)
            )
            rows |= {one.key: one for one in page.rows}
        self._rows = rows
        for name in {one.workflow for one in rows.values()}:
            workflow, _ = await self.terminal.site.version(self.actor, name)
            for state in workflow.states.values():
                for transition in state.transitions.values():
                    self._transitions[transition.name] = transition.title
