"""One announcement: read and confirmed; and, for whoever publishes, who has read it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from casewright.answers import Announcement, AnnouncementReaders
from casewright.commands import ReadAnnouncement
from casewright.errors import CasewrightError
from casewright.queries import GetAnnouncement, GetAnnouncementReaders
from casewright_tui import controls
from casewright_tui.errands import announcing, asking
from casewright_tui.messages import FrameChanged
from casewright_tui.pure import announcements
from casewright_tui.screens.desk_screen import DeskScreen
from casewright_tui.widgets.lines_view import LinesView


class AnnouncementScreen(DeskScreen):
    """One announcement, by its number."""

    PLACE = "announcement"
    BINDINGS: ClassVar[list[BindingType]] = [*controls.bindings("announcement", letters=False)]

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._announcement: Announcement | None = None
        self._readers: AnnouncementReaders | None = None
        self._people: dict[str, tuple[str, str]] = {}

    def body(self) -> ComposeResult:
        """Yield the text."""
        yield LinesView(self.look, id="body")

    def titled(self) -> str:
        """Return what it is."""
        return self.texts.text("Announcement")

    async def refreshed(self) -> None:
        """Ask for it anew."""
        query = GetAnnouncement(actor=self.actor, number=self._number)
        self._announcement = await self.ask(query)
        people = await self.terminal.site.people(self.actor)
        self._people = {one.name: (one.en, one.zh) for one in people.values()}
        if self._readers is not None:
            await self._ask_readers()
        self._draw()

    def on_frame_changed(self, message: FrameChanged) -> None:
        """Draw in the language of now."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.call_after_refresh(self._draw)

    async def action_read(self) -> None:
        """Confirm that it is read, and go back."""
        one = self._announcement
        if one is not None and one.read_at is None and one.withdrawn_at is None:
            try:
                await self.say(ReadAnnouncement(actor=self.actor, number=self._number))
            except CasewrightError as error:
                self.tell_error(error)
                return
            self.tell("It is noted that you have read it.")
        self.action_back()

    async def action_readers(self) -> None:
        """Show who has read it, or the text again."""
        if self._readers is not None:
            self._readers = None
        elif self._may_publish():
            await self._attempted(self._ask_readers())
        else:
            self.tell("You may not see who has read it.")
        self._draw()

    def action_withdraw(self) -> None:
        """Take it back."""
        myself = self.terminal.myself
        if self._announcement is None or myself is None or not self._may_publish():
            self.tell("You may not take it back.")
        else:
            self.go("form", errand=announcing.withdraw(self._announcement, myself))

    def on_screen_resume(self) -> None:
        """Show what became of it meanwhile."""
        if self._announcement is not None:
            self.call_later(self.action_refresh)

    def _may_publish(self) -> bool:
        return self.terminal.myself is not None and asking.may(
            self.terminal.myself, "announcement.publish"
        )

    async def _ask_readers(self) -> None:
        self._readers = await self.ask(
            GetAnnouncementReaders(actor=self.actor, number=self._number)
        )

    def _draw(self) -> None:
        if self._announcement is None or not self.is_attached:
            return
        view = self.query_one(LinesView)
        width = max(10, (view.scrollable_content_region.width or self.size.width) - 1)
        chinese = self.texts.lang == "zh"
        people = {name: both[chinese] for name, both in self._people.items()}
        if self._readers is not None:
            lines = announcements.readers(self._readers, people, self.texts, width)
        else:
            lines = announcements.shown(self._announcement, people, self.texts, width)
        view.show(lines, look=self.look)
