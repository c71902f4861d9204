"""What people keep for themselves: drafts and preferences, within limits, on no record, gone with what they are about."""

from datetime import timedelta

import pytest

from casewright.commands import (
    DiscardDraft,
    EraseCustomer,
    FireTransition,
    OpenTicket,
    SaveCustomer,
    SaveDraft,
    SavePerson,
    SavePreference,
)
from casewright.desk.keeping import MOST_DRAFTS, MOST_PREFERENCES
from casewright.errors import CommandRefused, NotAllowed, NotFound
from casewright.queries import ListDrafts, ListPreferences, VerifyAudit

from .small_centre import CLOSED, HEAD, OPEN, ROLES

PLAIN = f"{HEAD}states:\n  first: {{{OPEN}, transitions: {{close: closed}}}}\n{CLOSED}"
WORDS = "the customer lives behind the green gate"


@pytest.fixture
def key(centre) -> str:
    centre.publish(PLAIN)
    return centre.open()


def save(centre, about: str, by: str = "ana", ticket: str = "", **values):
    command = SaveDraft(actor=by, about=about, ticket=ticket, values=values)
    return centre.desk.execute(command)


def drafts(centre, by: str = "ana"):
    return centre.desk.ask(ListDrafts(actor=by))


def preferences(centre, by: str = "ana"):
    return centre.desk.ask(ListPreferences(actor=by))


def stored(centre) -> bytes:
    files = centre.root.glob("casewright.db*")
    return b"".join(path.read_bytes() for path in files)


def test_a_draft_is_there_for_its_writer_alone_until_it_is_discarded(centre, key):
    save(centre, f"fire:{key}:close", ticket=key, note="half a sen")
    centre.clock.advance(timedelta(minutes=1))
    save(centre, f"fire:{key}:close", ticket=key, note="half a sentence", count=3)
    save(centre, "open:matter", subject="半句话")

    found = drafts(centre)

    assert [(one.about, one.ticket) for one in found] == [
        (f"fire:{key}:close", key), ("open:matter", ""),
    ]  # fmt: skip
    assert dict(found[0].values) == {"note": "half a sentence", "count": 3}
    assert found[0].at == centre.clock.now()
    assert drafts(centre, by="ben") == ()
    for _ in range(2):
        centre.desk.execute(DiscardDraft(actor="ana", about="open:matter"))
    assert [one.about for one in drafts(centre)] == [f"fire:{key}:close"]


def test_they_are_on_no_record_and_no_history_changes(centre, key):
    before = centre.desk.ask(VerifyAudit(actor="ana"))
    history = centre.history(key)
    command = SaveDraft(actor="ana", about="a", ticket=key, values={"note": "x"})
    for _ in range(3):
        centre.desk.execute(command)
    centre.desk.execute(SavePreference(actor="ana", name="theme", value="dark"))

    after = centre.desk.ask(VerifyAudit(actor="ana"))
    assert (after.commands, after.events, after.ok) == (before.commands, before.events, True)
    assert centre.history(key) == history


def test_a_draft_about_a_ticket_that_one_may_not_see_is_refused(centre, key):
    with pytest.raises(NotFound):
        save(centre, "a", ticket="MAT-2026-999999")
    with pytest.raises(NotAllowed):
        save(centre, "a", by="nobody")


@pytest.mark.parametrize(
    ("about", "values", "says"),
    [
        ("", {}, "needs a name"),
        ("x" * 201, {}, "needs a name"),
        ("big", {"text": "字" * 22_000}, "at most 65536"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_with_the_limit(centre, key, about, values, says):
    save(centre, "big", text="small")
    with pytest.raises(CommandRefused, match=says):
        save(centre, about, **values)
    assert dict(drafts(centre)[0].values) == {"text": "small"}


def test_one_more_than_the_most_is_refused_and_those_there_are_may_be_kept_again(centre, key):
    with centre.desk.batch():
        for number in range(MOST_DRAFTS):
            save(centre, f"d{number}")
        for number in range(MOST_PREFERENCES):
            command = SavePreference(actor="ana", name=f"p{number}", value=number)
            centre.desk.execute(command)
    with pytest.raises(CommandRefused, match="200 drafts"):
        save(centre, "another")
    with pytest.raises(CommandRefused, match="50 preferences"):
        centre.desk.execute(SavePreference(actor="ana", name="another", value=1))

    save(centre, "d0", note="again")
    save(centre, "another", by="ben")

    assert len(drafts(centre)) == MOST_DRAFTS


def test_a_month_later_a_draft_is_gone(centre, key):
    save(centre, "old", note=WORDS)
    centre.clock.advance(timedelta(days=30, seconds=1))
    assert drafts(centre) == ()

    save(centre, "new", by="ben")

    rows = centre.desk._database
    with rows.read():
        assert rows.execute("SELECT about FROM draft").fetchall() == [("new",)]


def test_preferences_are_plain_data_and_none_forgets_one(centre, key):
    views = [{"name": "mine", "columns": ["key", "due"]}]
    for name, value in (("views", views), ("theme", "dark")):
        centre.desk.execute(SavePreference(actor="ana", name=name, value=value))
    assert preferences(centre) == {"theme": "dark", "views": views}

    for _ in range(2):
        centre.desk.execute(SavePreference(actor="ana", name="theme"))

    assert preferences(centre) == {"views": views}
    assert preferences(centre, by="ben") == {}


def test_erasing_a_customer_takes_the_drafts_about_them_out_of_the_file(centre):
    eraser = "  eraser: {title: {en: E, zh: 抹}, permissions: [customer.*, ticket.*]}\n"
    centre.write("roles.yaml", ROLES + eraser)
    centre.publish(PLAIN)
    centre.desk.execute_as_system(SavePerson(actor="system", name="eve", roles=("eraser",)))
    centre.desk.execute(
        SaveCustomer(actor="eve", id="C-1", name="Wang Fang", phone="+8613800138000")
    )
    key = centre.desk.execute(OpenTicket(actor="ana", workflow="matter", customer="C-1")).ticket
    save(centre, f"fire:{key}:close", ticket=key, note=WORDS)
    save(centre, "open:matter", by="ben", subject="call Wang Fang " + WORDS)
    save(centre, "open:errand", by="ben", subject="nobody")
    centre.desk.execute(FireTransition(actor="ana", ticket=key, transition="close"))
    assert WORDS.encode() in stored(centre)

    centre.desk.execute(EraseCustomer(actor="eve", customer="C-1", reason="asked for"))

    assert drafts(centre) == ()
    assert [one.about for one in drafts(centre, by="ben")] == ["open:errand"]
    assert WORDS.encode() not in stored(centre)
