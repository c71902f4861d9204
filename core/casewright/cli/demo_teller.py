"""Telling a story while it happens: each step is a command of some person at some time, and a line of text."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casewright.answers import Notice, NoticePage, NoticeStory
from casewright.bilingual import Bilingual
from casewright.cli.demo_passing import Passing
from casewright.cli.output import columns_here, wrap
from casewright.clock import SetClock
from casewright.commands import Command
from casewright.desk import Desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM, Person, Receipt, Ticket
from casewright.queries import LARGEST_PAGE, GetNotice, GetTicket, ListNotices, ListPeople
from casewright.texts import Texts

WIDTH = 80
_MARGIN = " " * 15


class Teller:
    """The desk, its clock, and the lines told so far; times are those of the centre."""

    def __init__(
        self, desk: Desk, clock: SetClock, texts: Texts, *, passing: Passing, zone: str
    ) -> None:
        self.desk = desk
        self.lines: list[str] = []
        self._clock = clock
        self._texts = texts
        self._passing, self._zone = passing, ZoneInfo(zone)
        self._heard = 0
        people: tuple[Person, ...] = desk.ask_as_system(ListPeople(actor=SYSTEM))
        self._people = {one.name: one for one in people}

    def words(self, en: str, zh: str) -> str:
        """Return the words of the reader's language."""
        return Bilingual(en=en, zh=zh).of(self._texts.lang)

    def chapter(self, en: str, zh: str) -> None:
        """Begin a chapter."""
        self.lines += ["", self.words(en, zh)]

    def later(self, **length: float) -> None:
        """Let time pass."""
        self._passing.until(self._clock.now() + timedelta(**length))

    def next_morning(self) -> None:
        """Go on at nine on the next day."""
        tomorrow = self._here() + timedelta(days=1)
        self._passing.until(tomorrow.replace(hour=9, minute=5))

    def does(
        self, who: str, kind: type[Command], en: str, zh: str, /, **command: Any
    ) -> Receipt:
        """Let somebody execute a command, and tell it; `{who}`, `{ticket}` and `{state}` stand for what came of it."""
        receipt = self.desk.execute(kind(actor=who, **command))
        ticket = self.ticket(receipt.ticket) if receipt.ticket else None
        self._tell(self.words(en, zh), who, ticket)
        return receipt

    def may_not(
        self, who: str, kind: type[Command], en: str, zh: str, /, **command: Any
    ) -> None:
        """Let somebody try what is refused, and tell why."""
        try:
            self.desk.execute(kind(actor=who, **command))
        except CasewrightError as error:
            self._tell(self.words(en, zh), who, None)
            self._add(_MARGIN, f"✗ {self._texts.error(error)}")
            return
        raise AssertionError("the story expects a refusal here")

    def ticket(self, key: str) -> Ticket:
        """Return a ticket as it stands."""
        found: Ticket = self.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
        return found

    def notes(self, en: str, zh: str, /, **values: object) -> None:
        """Add a remark to what was told last."""
        self._add(_MARGIN, self.words(en, zh).format(**values))

    def happens_at(self, moment: datetime, en: str, zh: str, /, **values: object) -> None:
        """Tell what nobody does: it happens by itself."""
        there = moment.astimezone(self._zone)
        self._add(f"  {there:%m-%d %H:%M}  ", self.words(en, zh).format(**values))

    def replies(self, who: str, written: str, en: str, zh: str, /) -> None:
        """Let somebody answer an SMS, and tell it."""
        outcome = self._passing.replies(self._people[who].phone, written)
        if outcome != "done":
            raise AssertionError(f"the story expects this reply to be heeded, not {outcome}")
        self._tell(self.words(en, zh), who, None)

    def news(self, ticket: str) -> list[tuple[Notice, str]]:
        """Return what people were told of a ticket since this was last asked, oldest first, with the texts sent."""
        query = ListNotices(actor=SYSTEM, ticket=ticket, limit=LARGEST_PAGE)
        page: NoticePage = self.desk.ask_as_system(query)
        fresh = [one for one in reversed(page.notices) if one.number > self._heard]
        self._heard = max((one.number for one in fresh), default=self._heard)
        return [(one, self._sent(one.number)) for one in fresh]

    def calls(self, *names: str) -> str:
        """Return what people call somebody, or several."""
        people = (self._people[name] for name in names)
        return self._texts.listing(
            person.zh if self._texts.lang == "zh" else person.en for person in people
        )

    def _sent(self, notice: int) -> str:
        story: NoticeStory = self.desk.ask_as_system(GetNotice(actor=SYSTEM, notice=notice))
        return story.text

    def _here(self) -> datetime:
        return self._clock.now().astimezone(self._zone)

    def _moment(self) -> str:
        return f"  {self._here():%m-%d %H:%M}  "

    def _tell(self, words: str, who: str, ticket: Ticket | None) -> None:
        key = ticket.key if ticket else ""
        self._add(self._moment(), words.format(who=self.calls(who), ticket=key))

    def _add(self, margin: str, said: str) -> None:
        """Add what was said, in lines that a terminal has room for."""
        room = (columns_here() or WIDTH) - len(_MARGIN)
        first, *rest = wrap(said, room)
        self.lines += [margin + first, *(_MARGIN + line for line in rest)]
