"""The situations of those who lead, with their key presses counted; and what else becomes of a warning in the inbox."""

from collections.abc import Iterator

import pytest

from casewright.answers import Notice
from casewright.commands import AssignTicket
from casewright.queries import GetHistory, ListNotices, ListPeople, ListTickets

from ..server.served import ADMIN
from .busy_centre import standing
from .counted import Counted
from .led_centre import (
    AGENT,
    BEFORE_NOON,
    DEPUTY,
    FRONT_LEADER,
    HANDLER,
    LATER,
    LEADER,
    MORNING,
    Led,
    beside,
    founded_led,
)
from .seated import seated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Led:
    """The centre, for the whole morning of these tests."""
    return founded_led(tmp_path_factory.mktemp("led") / "workspace")


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """It stays five past half past nine."""
    with standing(MORNING):
        yield


def held(led: Led) -> dict[str | None, list[str]]:
    """Return the open tickets by who handles them."""
    found: dict[str | None, list[str]] = {}
    with beside(led) as desk:
        for one in desk.ask(ListTickets(actor=ADMIN, open=True, limit=100)).tickets:
            found.setdefault(one.handler, []).append(one.key)
    return found


def events(led: Led, ticket: str, kind: str) -> list:
    """Return what happened of a kind to a ticket."""
    with beside(led) as desk:
        return [
            one for one in desk.ask(GetHistory(actor=ADMIN, ticket=ticket)) if one.kind == kind
        ]


async def test_what_expires_before_noon_is_seen_by_person_and_five_are_moved_within_eight_keys(
    led,
):
    before = held(led)
    async with seated(led.root, FRONT_LEADER, size=(132, 43)) as one:
        her = Counted(one)
        await her.press("at", "2")
        await one.sees("until 03-04 12:00", "Chen Jing")
        await her.press("enter", "asterisk")
        await one.sees(f"{BEFORE_NOON} marked")
        await her.press("f9")
        await one.sees("Give to")
        await her.chooses(DEPUTY)
        await one.sees("Enter does it")
        await her.press("enter")
        await one.sees(f"{BEFORE_NOON} of {BEFORE_NOON} are done")
        assert her.keys <= 8
    after = held(led)
    assert set(after[DEPUTY]) - set(before.get(DEPUTY, ())) == set(led.before_noon)
    assert after[AGENT] == [one for one in before[AGENT] if one in led.later]
    with beside(led) as desk:
        for key in led.before_noon:
            desk.execute(AssignTicket(actor=ADMIN, ticket=key, handler=AGENT))


async def test_somebody_is_ill_and_their_deputy_has_all_open_work_within_six_keys(led):
    async with seated(led.root, FRONT_LEADER, size=(132, 43)) as one:
        her = Counted(one)
        await her.press("at", "slash")
        await her.chooses(AGENT)
        await her.press("minus")
        await one.sees("Deputy, who gets all open work")
        await her.chooses(DEPUTY)
        await her.press("f8")
        await one.sees("the open work is handed over")
        assert her.keys <= 6
    after = held(led)
    assert AGENT not in after
    assert set(after[DEPUTY]) >= {*led.before_noon, *led.later}
    assert len(led.later) == LATER
    with beside(led) as desk:
        away = {one.name: one.absences for one in desk.ask(ListPeople(actor=ADMIN))}
    assert [one.deputy for one in away[AGENT]] == [DEPUTY]


async def test_a_supervision_order_is_issued_from_the_warning_itself_within_three_keys(led):
    async with seated(led.root, LEADER) as one:
        her = Counted(one)
        await her.press("exclamation_mark")
        shown = await one.sees("CMP-2026-")
        ticket = next(key for key in led.overdue if key in shown)
        await one.press("home")
        await her.press("ctrl+d")
        await one.sees("Supervise")
        await her.type("It is five days late")
        await her.press("f8")
        await one.sees("the supervision order is issued")
        assert her.keys <= 3
    issued = [found for key in led.overdue for found in events(led, key, "SupervisionOrdered")]
    assert ticket in led.overdue
    assert [one.actor for one in issued] == [LEADER]


# --- what else becomes of a warning --------------------------------------------------------------


def notices(led: Led, person: str) -> dict[int, Notice]:
    """Return somebody's notices on screen, by number."""
    with beside(led) as desk:
        page = desk.ask(ListNotices(actor=person, mine=True, limit=50))
    return {one.number: one for one in page.notices if one.via == "notice"}


async def test_a_warning_is_taken_with_a_time_that_is_promised(led):
    before = notices(led, HANDLER)
    async with seated(led.root, HANDLER) as one:
        await one.press("exclamation_mark", "f9")
        await one.sees("Done by")
        await one.press(*"fri 10:00", "f8")
        await one.sees("taken")
    after = notices(led, HANDLER)
    (number,) = [one for one in after if after[one].state == "taken" != before[one].state]
    (event,) = events(led, after[number].ticket, "NoticeTaken")
    assert event.actor == HANDLER
    # Friday ten o'clock in Shanghai.
    assert "2026-03-06T10:00:00+08:00" in str(event.facts)


async def test_a_warning_is_refused_with_a_reason_and_the_next_level_is_told(led):
    before = notices(led, LEADER)
    async with seated(led.root, LEADER, lang="zh") as one:
        await one.press("exclamation_mark", "minus")
        await one.sees("拒绝通知")
        await one.press("f8")
        assert notices(led, LEADER).keys() == before.keys(), "a reason is needed"
        await one.press(*"不属于本班组", "f8")
        await one.sees("已拒绝")
    after = notices(led, LEADER)
    (number,) = [one for one in before if after[one].state == "refused" != before[one].state]
    (event,) = events(led, after[number].ticket, "NoticeRefused")
    assert event.actor == LEADER
    assert "不属于本班组" in str((event.facts, event.private))


async def test_a_text_message_that_was_given_up_is_tried_again_by_whoever_may(led):
    with beside(led) as desk:
        given_up = desk.ask(ListNotices(actor=ADMIN, state="rejected", limit=50)).notices
    assert given_up
    async with seated(led.root, ADMIN) as one:
        await one.terminal.action_go("letters")
        await one.press("2")
        await one.sees("sms")
        await one.press("f9")
        await one.sees("Tried again.")
    with beside(led) as desk:
        still = desk.ask(ListNotices(actor=ADMIN, state="rejected", limit=50)).notices
    assert len(still) == len(given_up) - 1
