"""Telling a story while it happens: each step is a command of some person at some time, and a line of text."""

from datetime import timedelta
from typing import Any

from casewright.bilingual import Bilingual
from casewright.clock import SetClock
from casewright.commands import Command
from casewright.desk import Desk
from casewright.errors import CasewrightError
from casewright.model import SYSTEM, Person, Receipt, Ticket
from casewright.queries import GetTicket, ListPeople
from casewright.texts import Texts


class Teller:
    """The desk, its clock, and the lines told so far."""

    def __init__(self, desk: Desk, clock: SetClock, texts: Texts) -> None:
        self.desk = desk
        self.lines: list[str] = []
        self._clock = clock
        self._texts = texts
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
        self._clock.advance(timedelta(**length))

    def next_morning(self) -> None:
        """Go on at nine on the next day."""
        tomorrow = self._clock.now().astimezone() + timedelta(days=1)
        self._clock.set(tomorrow.replace(hour=9, minute=5))

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
            self.lines.append(f"         ✗ {self._texts.error(error)}")
            return
        raise AssertionError("the story expects a refusal here")

    def ticket(self, key: str) -> Ticket:
        """Return a ticket as it stands."""
        found: Ticket = self.desk.ask_as_system(GetTicket(actor=SYSTEM, ticket=key))
        return found

    def _tell(self, words: str, who: str, ticket: Ticket | None) -> None:
        person = self._people[who]
        name = person.zh if self._texts.lang == "zh" else person.en
        key = ticket.key if ticket else ""
        moment = self._clock.now().astimezone().strftime("%m-%d %H:%M")
        self.lines.append(f"  {moment}  {words.format(who=name, ticket=key)}")
