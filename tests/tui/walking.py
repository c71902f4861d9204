"""A walk through every place of the terminal: how one comes to each, until what stands there stands still."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from casewright.errors import Conflict
from casewright_tui.errands import catalogue, finding
from casewright_tui.messages import GoTo
from casewright_tui.places import PLACES

from .busy_centre import Busy
from .seated import Seated

STILL = 0.1
"""Seconds for which nothing may change before a place counts as drawn."""


async def walked(one: Seated, busy: Busy, places: Iterable[str] = PLACES) -> AsyncIterator[str]:
    """Go to each place in turn, from the queue and back there; yield its name while one is there."""
    for place in places:
        await at(one, busy, place)
        yield place
        await home(one)


async def at(one: Seated, busy: Busy, place: str) -> None:
    """Go to a place, and wait until it is drawn."""
    if place != "queue":
        await one.terminal.went(GoTo(place, **await about(one, busy, place)))
    await drawn(one)
    assert getattr(one.terminal.screen, "PLACE", "") == place, (place, one.text)


async def home(one: Seated) -> None:
    """Go back to the queue, whatever lies over it."""
    while len(one.terminal.screen_stack) > 2:
        await one.terminal.pop_screen()
    await one.settled()


async def drawn(one: Seated) -> None:
    """Wait until nothing is under way and the screen has not changed for a moment."""
    await one.settled()
    before, still = "", 0.0
    async with asyncio.timeout(20):
        while still < STILL:
            await asyncio.sleep(STILL / 2)
            still = still + STILL / 2 if one.text == before else 0.0
            before = one.text
    await one.settled()


async def about(one: Seated, busy: Busy, place: str) -> Mapping[str, Any]:
    """Return what a place is about."""
    if place in ("form", "bulk", "conflict"):
        return await _errand(one, busy, place)
    known: dict[str, Mapping[str, Any]] = {
        "ticket": {"ticket": busy.ticket},
        "ledger": {"ticket": busy.ticket},
        "workflow": {"workflow": "complaint", "ticket": busy.ticket},
        "customer": {"customer": busy.customer},
        "announcement": {"number": busy.announcement},
        "file": {"path": "workflows/inquiry.yaml"},
        "publication": {"number": 2},
        "panel": {"panel": "queue_health"},
    }
    return known.get(place, {})


async def _errand(one: Seated, busy: Busy, place: str) -> Mapping[str, Any]:
    terminal = one.terminal
    if place == "bulk":
        people = await terminal.site.people(terminal.actor)
        assert terminal.myself is not None
        offered = catalogue.of_tickets(
            busy.inquiries[:9], myself=terminal.myself, people=people
        )
        errand = next(each for each in offered if each.name == "assign")
        return {"errand": errand, "values": {"handler": "chen_jing"}}
    key = busy.ticket if place == "conflict" else busy.inquiries[0]
    offered = [each for each in await finding.of(terminal, key) if each.about]
    errand = max(offered, key=lambda each: (each.blocked is None, len(each.form.fields)))
    if place == "form":
        return {"errand": errand}
    conflict = Conflict(ticket=busy.ticket, expected=2, actual=5)
    typed = dict.fromkeys(list(errand.form.fields)[:2], "上门检查线路 and call back")
    return {"errand": errand, "entries": typed, "conflict": conflict}
