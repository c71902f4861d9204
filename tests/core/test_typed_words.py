"""A text with a NUL is refused at the front door, wherever staff type one, and nothing of it is kept."""

import pytest

from casewright.commands import (
    AddComment,
    AttachFile,
    LogContact,
    OpenTicket,
    PublishAnnouncement,
    RecordContact,
    SaveDraft,
)
from casewright.errors import CommandRefused
from casewright.queries import GetHistory, ListAnnouncements, ListContacts, ListDrafts

from .private_centre import PRIVATE

NUL = "a\x00b"
BOTH = {"en": "ok", "zh": "ok"}
TYPED = {
    "comment": lambda key: AddComment(actor="ana", ticket=key, text=NUL),
    "contact": lambda key: RecordContact(actor="ana", ticket=key, kind="query", text=NUL),
    "file": lambda key: AttachFile(
        actor="ana", ticket=key, digest="0" * 64, filename=NUL, size=1
    ),
    "logged contact": lambda key: LogContact(
        actor="ana", customer="C1", channel="call", summary=NUL
    ),
    "title": lambda key: PublishAnnouncement(
        actor="olga", title={**BOTH, "zh": NUL}, text=BOTH, to=("everybody",)
    ),
    "announcement": lambda key: PublishAnnouncement(
        actor="olga", title=BOTH, text={**BOTH, "en": NUL}, to=("everybody",)
    ),
    "draft": lambda key: SaveDraft(
        actor="ana", about=f"note:{key}", ticket=key, values={"tags": ["ok", {"text": NUL}]}
    ),
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_nul_is_refused_with_the_name_of_the_field_and_nothing_is_kept(private, typed):
    private.customer()
    desk = private.desk
    key = desk.execute(
        OpenTicket(actor="ana", workflow="matter", fields=PRIVATE, customer="C1")
    ).ticket
    before = kept(desk, key)

    with pytest.raises(CommandRefused, match=r"^\w+: a text holds the character NUL"):
        desk.execute(TYPED[typed](key))

    assert kept(desk, key) == before


def kept(desk, key):
    """Return what such commands leave behind."""
    return [
        len(desk.ask(GetHistory(actor="ana", ticket=key))),
        desk.ask(ListAnnouncements(actor="ana")),
        desk.ask(ListContacts(actor="ana", customer="C1")),
        desk.ask(ListDrafts(actor="ana")),
    ]
