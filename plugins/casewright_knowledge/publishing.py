"""Articles kept with the events of their tickets: published, looked at, withdrawn; and what closed tickets tell of what is missing."""

from dataclasses import replace
from difflib import unified_diff

from casewright import (
    SYSTEM,
    CommandRefused,
    Event,
    GetHistory,
    PluginDesk,
    Ticket,
    Words,
    WorkflowWord,
    hint,
    message,
)
from casewright_knowledge import (
    indexing,
    settings,
    stored,
    stored_readings,
    stored_uses,
    synonyms_file,
    telling,
)
from casewright_knowledge.answers import Change
from casewright_knowledge.article import RESTRICTED, Content, content_of, to_data
from casewright_knowledge.moments import number_of

WORD = "article"
ATTACHED = "FileAttached"
PUBLISH, CONFIRM, WITHDRAW = "publish", "confirm", "withdraw"
DROP, KEEP, RIGHT = "drop", "keep", "right"
REVIEW = "yearly_review"
"""The promise by which an article is to be looked at again."""
NOTE, LEFT_OUT = "change_note", "left_out"
ARTICLE = WorkflowWord(
    name=WORD,
    on=("transition",),
    schema={"enum": [PUBLISH, CONFIRM, WITHDRAW, DROP, KEEP, RIGHT]},
    doc="What becomes of the article that the ticket is: `publish` makes what its fields say the version that is read, `confirm`"
    " says that it is still right, `withdraw` lets it be read no more. `drop` is for one that was never published, `keep` for one"
    " that was and goes on being read as it is; each refuses the other."
    " `right`, in a correction, tells whoever reported the article that it is right.",
)


def keep(ticket: Ticket, event: Event, words: Words, desk: PluginDesk) -> None:
    """Keep what an event means for the knowledge base."""
    verb = str(words.transition.get(WORD, ""))
    if ticket.workflow == settings.articles(desk.settings):
        _keep_article(ticket, event, verb, desk)
    elif ticket.workflow == settings.corrections(desk.settings):
        stored_uses.follow_correction(desk.store, ticket.key, open_=ticket.closed_at is None)
        if verb == RIGHT:
            telling.tell_that_it_is_right(desk, ticket)
    if ticket.closed_at is not None and "closed_at" in event.changes:
        _keep_need(ticket, event, desk)


def changes(older: Content, newer: Content) -> tuple[Change, ...]:
    """Return the lines that two contents do not have alike, by field."""
    before, after = to_data(older), to_data(newer)
    found: list[Change] = []
    for name in dict.fromkeys((*before, *after)):
        old, new = _lines(before.get(name)), _lines(after.get(name))
        for line in unified_diff(old, new, lineterm="", n=0):
            if line[:1] in "+-" and not line.startswith(("+++", "---")):
                found.append(Change(field=name, sign=line[0], line=line[1:]))
    return tuple(found)


def _keep_article(ticket: Ticket, event: Event, verb: str, desk: PluginDesk) -> None:
    clock = ticket.clocks.get(REVIEW)
    due = None if clock is None else clock.due_at
    stored.follow(
        desk.store,
        ticket.key,
        owner=ticket.owner,
        state=ticket.state,
        review_due=number_of(due),
    )
    if verb == PUBLISH:
        _publish(ticket, event, desk)
    elif verb == CONFIRM:
        stored.look_at(desk.store, ticket.key, number_of(event.at))
    elif verb == WITHDRAW:
        _withdraw(ticket.key, desk)
    elif verb in (DROP, KEEP):
        _must_be(verb, ticket.key, desk)


def _must_be(verb: str, key: str, desk: PluginDesk) -> None:
    """Refuse to discard what is read, and to keep what nobody reads."""
    known = stored.article(desk.store, key)
    is_read = known is not None and bool(known.visible)
    if verb == DROP and known is not None and is_read:
        reason = message(
            "version {version} of it is published and read: give the revision up, and archive the article then if nobody is to read it",
            version=known.version,
        )
        raise CommandRefused(reason=reason)
    if verb == KEEP and not is_read:
        raise CommandRefused(reason=message("it was never published: discard it"))


def _must_make_sense(content: Content, desk: PluginDesk) -> None:
    """Refuse to publish what nobody could read."""
    if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
        raise CommandRefused(reason=message("it would end before it begins to be valid"))
    if content.audience != RESTRICTED:
        return
    held = {role for one in stored_readings.staff(desk).values() for role in one.roles}
    if held.isdisjoint(content.roles):
        near = hint(content.roles[0], sorted(held))
        reason = message(
            "nobody has one of the roles that may read it: {roles}{hint}",
            roles=list(content.roles),
            hint=near,
        )
        raise CommandRefused(reason=reason)


def _publish(ticket: Ticket, event: Event, desk: PluginDesk) -> None:
    known = stored.article(desk.store, ticket.key)
    assert known is not None, "it was followed"
    before = stored.version(desk.store, ticket.key, known.version)
    content = replace(content_of(ticket.fields), files=_files(ticket, desk))
    _must_make_sense(content, desk)
    at = number_of(event.at)
    if before is not None and known.visible:
        indexing.remove(desk, before)
    if before is not None and before.digest == content.digest:
        now = before
    else:
        now = stored.made(
            ticket.key,
            known.version + 1,
            at=at,
            by=event.actor,
            note=str(ticket.fields.get(NOTE) or ""),
            content=content,
            terms=indexing.analysed(content, synonyms_file.meaning(desk)),
        )
        stored.add_version(desk.store, now)
    stored.publish(desk.store, ticket.key, content, version=now.version, at=now.at)
    stored.look_at(desk.store, ticket.key, at)
    indexing.put(desk, now)
    if before is not None and now is not before:
        telling.tell_of_change(desk, before, now)


def _files(ticket: Ticket, desk: PluginDesk) -> tuple[str, ...]:
    """Return the files that are attached to an article, as a version keeps them, but for those that are left out."""
    if not ticket.attachments:
        return ()
    left_out = {str(one).strip() for one in ticket.fields.get(LEFT_OUT) or ()}
    history = desk.ask(GetHistory(actor=SYSTEM, ticket=ticket.key))
    attached = [one for one in history if one.kind == ATTACHED]
    return tuple(
        f"{number} {one.private.get('content', '')} {one.private.get('file', '')}"
        for number, one in enumerate(attached, 1)
        if one.private.get("content") and str(number) not in left_out
    )


def _withdraw(key: str, desk: PluginDesk) -> None:
    known = stored.article(desk.store, key)
    one = None if known is None else stored.version(desk.store, key, known.version)
    if known is not None and one is not None and known.visible:
        indexing.remove(desk, one)
        stored.hide(desk.store, key)
        telling.take_back(desk, key)


def _keep_need(ticket: Ticket, event: Event, desk: PluginDesk) -> None:
    """Count a closed ticket, and whether an article served it."""
    own = (settings.articles(desk.settings), settings.corrections(desk.settings))
    category = settings.category_of(desk.settings, ticket.fields)
    if ticket.workflow in own or not category:
        return
    served = stored_uses.serves(desk.store, ticket.key)
    month = f"{event.at:%Y-%m}"
    stored_uses.count_need(desk.store, category, month, served=served)


def _lines(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value).splitlines() if value else []
