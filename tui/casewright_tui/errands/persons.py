"""Choosing people: each with what they have in hand, those who are there before those who are away, oneself first."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from casewright.bilingual import Bilingual
from casewright.model import Person
from casewright.queries import GetWorkload
from casewright_tui.errands.errand import Offer
from casewright_tui.pure.field_kind import Choice, Choices


def staff(people: Mapping[str, Person], *, me: str) -> Mapping[str, Bilingual]:
    """Return those who work here by login, as people read them, oneself first."""
    active = [one for one in people.values() if one.active]
    ordered = sorted(active, key=lambda one: (one.name != me, one.name))
    return {one.name: Bilingual(en=one.en, zh=one.zh) for one in ordered}


def with_load(people: Mapping[str, Person], *, me: str) -> Offer:
    """Return an offer of those who work here, each with how many open tickets they have."""
    return Offer(ask=GetWorkload(actor=me), choices=_chooser(people, me))


def _chooser(people: Mapping[str, Person], me: str) -> Callable[[Any, datetime], Choices]:
    def choices(load: Mapping[str, int], now: datetime) -> Choices:
        active = [one for one in people.values() if one.active]
        ordered = sorted(
            active,
            key=lambda one: (one.name != me, one.absent(now), load.get(one.name, 0), one.name),
        )
        return [_choice(one, load.get(one.name, 0), away=one.absent(now)) for one in ordered]

    return choices


def _choice(person: Person, load: int, *, away: bool) -> Choice:
    team = f"{person.team} · " if person.team else ""
    return Choice(
        value=person.name,
        label=Bilingual(en=person.en, zh=person.zh),
        aside=Bilingual(
            en=f"{team}{load} open{', away' if away else ''}",
            zh=f"{team}在办 {load}{'，不在岗' if away else ''}",
        ),
    )
