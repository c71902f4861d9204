"""Readers told that an article has changed, for as long as it is for them to read."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from casewright import (
    SYSTEM,
    CommandRefused,
    PluginDesk,
    PublishAnnouncement,
    Ticket,
    WithdrawAnnouncement,
)
from casewright_knowledge import stored, stored_readings, stored_uses
from casewright_knowledge.article import may_read
from casewright_knowledge.moments import number_of
from casewright_knowledge.stored import StoredVersion

TOLD_FOR = timedelta(days=30)
"""How long a change is announced."""
READ_WITHIN = timedelta(days=400)
"""Whoever has read or used an article in so many days is told that it has changed."""
LONGEST_TITLE = 90


def tell_of_change(desk: PluginDesk, before: StoredVersion, now: StoredVersion) -> None:
    """Announce another version to whoever has gone by an older one, said that it was wrong, or was asked to read it.

    It stands in place of all that was announced of the article before.
    """
    take_back(desk, now.article)
    readers = _readers(desk, before, now)
    if readers:
        what = now.note or "-"
        said = {
            "en": f"This article has changed: {now.article}, version {now.version}. {what}",
            "zh": f"知识已更新：{now.article}，第 {now.version} 版。{what}",
        }
        announce(desk, now, said, to=readers, until=desk.now + TOLD_FOR)
        stored_uses.forget_reporters(desk.store, now.article)


def tell_that_it_is_right(desk: PluginDesk, correction: Ticket) -> None:
    """Tell whoever said that an article is wrong that it was looked at, and what came of it."""
    key = stored_uses.corrected(desk.store, correction.key)
    known = None if key is None else stored.article(desk.store, key)
    one = None if known is None else stored.version(desk.store, known.article, known.version)
    if known is None or one is None:
        return
    reporters = stored_uses.reporters(desk.store, known.article, one.version)
    people = stored_readings.staff(desk)
    to = sorted(
        name
        for name in reporters
        if name in people and may_read(one.content, people[name].roles, all_of_them=False)
    )
    if to:
        what = str(correction.fields.get("result") or "-")
        said = {
            "en": f"This article was looked at, and is right as it is: {known.article}. {what}",
            "zh": f"知识已核实，内容无误：{known.article}。{what}",
        }
        announce(desk, one, said, to=to, until=desk.now + TOLD_FOR)
    stored_uses.forget_reporters(desk.store, known.article)


def announce(
    desk: PluginDesk,
    one: StoredVersion,
    said: Mapping[str, str],
    *,
    to: Iterable[str],
    until: datetime,
) -> None:
    """Announce something of an article to people who may read it, until then or until it is not so any more."""
    content = one.content
    command = PublishAnnouncement(
        actor=SYSTEM,
        title={name: content.title(name)[:LONGEST_TITLE] for name in ("en", "zh")},
        text=said,
        to=tuple(f"user:{name}" for name in to),
        end=until,
    )
    answer = desk.execute(command).answer or {}
    stored_readings.announce(desk.store, one.article, int(answer["number"]))


def take_back(desk: PluginDesk, key: str) -> None:
    """Take back what was announced of an article: it says what is not so any more, perhaps to people who may not know it."""
    for number in stored_readings.announced(desk.store, key):
        with suppress(CommandRefused):  # somebody took it back before
            desk.execute(WithdrawAnnouncement(actor=SYSTEM, number=number))
    stored_readings.announce_no_more(desk.store, key)


def _readers(desk: PluginDesk, before: StoredVersion, now: StoredVersion) -> list[str]:
    since = number_of(desk.now - READ_WITHIN)
    told = stored_readings.who_went_by(desk.store, now.article, since)
    told |= stored_uses.reporters(desk.store, now.article, before.version)
    asked = stored_readings.asked(desk.store, now.article, before.version)
    return sorted(
        name
        for name, person in stored_readings.staff(desk).items()
        if name != now.by
        and (name in told or any(stored_readings.belongs(person, who) for who in asked))
        and may_read(now.content, person.roles, all_of_them=False)
    )
