"""The scenarios that need no file: nobody does anything, the first warning is taken, or the shortest way is walked."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime

from casewright.bilingual import Bilingual
from casewright.commands import TakeNotice
from casewright.durations import Duration
from casewright.errors import CasewrightError
from casewright.model import SYSTEM
from casewright.queries import ListNotices
from casewright.rehearse.opening import open_plainly
from casewright.rehearse.play import Play
from casewright.rehearse.scenario import Scenario
from casewright.rehearse.walking import walk
from casewright.swift_dataclass import dataclass

LASTS = Duration(amount=60, unit="days")
"""So long is waited for clocks to be over: more is said aloud and not waited for."""
_NEWEST = 100
"""So many notices are looked through for a warning."""


def neglect(play: Play, end: datetime) -> bool:
    """Open a ticket and do nothing; return whether all is still at the end."""
    open_plainly(play)
    return play.simulation.pass_until_still(end)


def taken(play: Play, end: datetime) -> bool:
    """Open a ticket; whoever is warned first takes that notice, and nobody does anything more."""
    open_plainly(play)
    return play.simulation.pass_until_still(end, _FirstWarning(play=play).take)


def walked(play: Play, end: datetime) -> bool:
    """Open a ticket and bring it to an end by the shortest way that can be taken."""
    open_plainly(play)
    walk(play, end)
    return play.simulation.pass_until_still(end)


@dataclass(slots=True, kw_only=True)
class _FirstWarning:
    """Waits for the first warning to the handler, and takes it; until there is a handler, for one to anybody."""

    play: Play
    takers: set[str] = field(default_factory=set)

    def take(self) -> None:
        """Take a warning that is there to be taken."""
        ticket = self.play.ticket(self.play.first)
        if ticket.handler in self.takers or (ticket.handler is None and self.takers):
            return
        query = ListNotices(actor=SYSTEM, ticket=ticket.key, limit=_NEWEST)
        notices = self.play.stage.desk.ask_as_system(query).notices
        mine = (one for one in notices if ticket.handler in (None, one.recipient))
        notice = next((one for one in mine if one.reason == "warning"), None)
        if notice is None:
            return
        self.takers.add(notice.recipient)
        command = TakeNotice(actor=notice.recipient, ticket=notice.ticket, notice=notice.number)
        # Whoever may not read the ticket any more takes nothing.
        with suppress(CasewrightError):
            self.play.stage.desk.execute(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """A built-in scenario: what people call it, and how it is played until a moment at the latest."""

    title: Bilingual
    play: Callable[[Play, datetime], bool]


BUILT_IN: Mapping[str, BuiltIn] = {
    "neglect": BuiltIn(
        title=Bilingual(en="nobody does anything", zh="无人处理"),
        play=neglect,
    ),
    "taken": BuiltIn(
        title=Bilingual(
            en="the first warning is taken, and nothing done", zh="首次预警被认领，此后无人处理"
        ),
        play=taken,
    ),
    "walk": BuiltIn(
        title=Bilingual(en="the shortest way to an end", zh="走最短路径至办结"), play=walked
    ),
}
"""Every built-in scenario by its name."""


def scenario_of(name: str) -> Scenario:
    """Return a built-in scenario as far as a file would say it."""
    return Scenario(name=name, title=BUILT_IN[name].title)
