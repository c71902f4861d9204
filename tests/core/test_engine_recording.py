"""Side commands: what is recorded on a ticket without moving it."""

from datetime import timedelta

import pytest

from casewright.commands import (
    AddComment,
    AssignTicket,
    AttachFile,
    EditFields,
    EscalateLevel,
    HandOver,
    LinkTickets,
    OpenTicket,
    RecordContact,
    RemindMe,
    SavePerson,
    SuperviseTicket,
    WatchTicket,
)
from casewright.errors import (
    AssignmentRefused,
    CommandRefused,
    CommandReused,
    Conflict,
    FormRefused,
    IdentityUnchecked,
    NotAllowed,
    NotFound,
    NothingChanges,
    TicketRefused,
)
from casewright.queries import GetTicket, ListTickets

from .small_centre import CLOSED, HEAD, OPEN

RULES = """\
exclude: "=fields.subject"
levels: {roles: [role:agent, role:leader]}
priority:
  - {set: urgent, when: fields.urgent}
  - {set: high, when: "fields.count > 10"}
  - {set: low, when: "fields.kind == 'minor'"}
"""
PLAIN = (
    f"{HEAD}{RULES}states:\n  first: {{{OPEN}, transitions: {{close: closed, "
    "raise: {do: [{raise_priority: high}]}, hear: {form: answer}}}}\n" + CLOSED
).replace("form: answer}}}}", "form: answer}}}")


@pytest.fixture
def key(centre) -> str:
    centre.publish(PLAIN)
    return centre.open()


def edit(centre, key, by="ana", **fields):
    return centre.desk.execute(EditFields(actor=by, ticket=key, fields=fields))


# --- edit and priority ---------------------------------------------------------------------------


def test_an_edit_asks_the_priority_rules_again(centre, key):
    seen = []
    for fields in (
        {"kind": "minor"},
        {"count": 11},
        {"urgent": True},
        {"urgent": False, "count": 1},
        {"kind": None},
    ):
        edit(centre, key, **fields)
        seen.append(centre.ticket(key).priority)

    assert seen == ["low", "high", "urgent", "low", "normal"]


def test_a_raised_priority_stays_a_floor_under_the_rules(centre, key):
    centre.fire(key, "raise")

    edit(centre, key, kind="minor")
    assert centre.ticket(key).priority == "high"
    edit(centre, key, urgent=True)
    assert centre.ticket(key).priority == "urgent"
    edit(centre, key, urgent=False)
    assert centre.ticket(key).priority == "high"


def test_an_edit_is_checked_as_a_whole_and_keeps_to_the_tickets_own_form(centre, key):
    with pytest.raises(FormRefused, match="did you mean 'count'"):
        edit(centre, key, counnt=3)
    with pytest.raises(FormRefused):
        edit(centre, key, count="three")
    centre.fire(key, "hear", answer="ok")
    with pytest.raises(FormRefused):
        edit(centre, key, answer="changed")
    with pytest.raises(NothingChanges):
        edit(centre, key, count=None)
    edit(centre, key, count=3)
    with pytest.raises(NothingChanges):
        edit(centre, key, count=3)

    assert centre.ticket(key).fields == {"answer": "ok", "count": 3}


def test_an_edit_of_a_version_that_is_gone_is_a_conflict(centre, key):
    edit(centre, key, count=1)

    with pytest.raises(Conflict):
        centre.desk.execute(EditFields(actor="ana", ticket=key, fields={"count": 2}, version=1))


# --- assign and hand over ------------------------------------------------------------------------


def test_somebody_is_assigned_and_told(centre, key):
    centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler="ben", reason="shift"))

    ticket, event = centre.ticket(key), centre.last(key)
    assert (ticket.handler, ticket.handlers) == ("ben", ("ana", "ben"))
    assert (event.facts["told"], event.private["reason"]) == (["ben"], "shift")
    with pytest.raises(NothingChanges):
        centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler="ben"))
    centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler=None))
    assert centre.ticket(key).handler is None


@pytest.mark.parametrize(
    ("person", "why"),
    [("nobody_here", "no such person"), ("ben", "no such person"), ("cleo", "avoidance")],
)
def test_who_is_unknown_absent_or_excluded_is_not_assigned(centre, key, person, why):
    centre.desk.execute_as_system(SavePerson(actor="system", name="ben", active=False))
    edit(centre, key, subject="cleo")

    with pytest.raises(AssignmentRefused, match=why) as refusal:
        centre.desk.execute(AssignTicket(actor="ana", ticket=key, handler=person))

    assert (refusal.value.ticket, refusal.value.person) == (key, person)


def test_a_shift_is_handed_over_whole_or_not_at_all(centre, key):
    others = [centre.open(), centre.open(subject="ben")]
    done = centre.open()
    centre.fire(done, "close")

    with pytest.raises(AssignmentRefused, match="avoidance") as refusal:
        centre.desk.execute(HandOver(actor="ana", handler="ana", to="ben"))
    assert refusal.value.ticket == others[1]
    assert {centre.ticket(one).handler for one in (key, *others)} == {"ana"}
    centre.desk.execute(HandOver(actor="ana", handler="ana", to="emil", reason="night"))

    assert {centre.ticket(one).handler for one in (key, *others)} == {"emil"}
    assert centre.ticket(done).handler == "ana"
    assert centre.last(key).facts["handed_over"] is True


def test_a_shift_of_nothing_or_to_oneself_is_refused(centre, key):
    with pytest.raises(CommandRefused, match="handles no open ticket"):
        centre.desk.execute(HandOver(actor="ana", handler="dora", to="ben"))
    with pytest.raises(CommandRefused, match="somebody else"):
        centre.desk.execute(HandOver(actor="ana", handler="ana", to="ana"))

    assert len(centre.history(key)) == 1


# --- avoidance -----------------------------------------------------------------------------------


def test_whoever_the_fields_come_to_exclude_gives_the_ticket_up(centre, key):
    edit(centre, key, by="ben", subject="ana")

    ticket = centre.ticket(key)
    assert (ticket.handler, ticket.owner) == (None, "olga")
    assert centre.last(key).facts["kept_out"] == ["ana"]
    with pytest.raises(NotFound):
        centre.desk.ask(GetTicket(actor="ana", ticket=key))
    assert centre.desk.ask(ListTickets(actor="ana")).tickets == ()
    # and nobody is left to answer for it instead of olga
    with pytest.raises(Exception, match="Nobody is left"):
        edit(centre, key, by="ben", subject="olga")
    assert centre.ticket(key).fields["subject"] == "ana"


def test_an_owner_is_named_with_a_reason_and_never_the_excluded(centre, key):
    def open_for(owner, reason="asked for", **fields):
        command = OpenTicket(
            actor="ana", workflow="matter", fields=fields, owner=owner, reason=reason
        )
        return centre.desk.execute(command).ticket

    assert centre.ticket(open_for("emil")).owner == "emil"
    for owner, reason, fields in (
        ("emil", "", {}),
        ("emil", "x", {"subject": "emil"}),
        ("ghost", "x", {}),
    ):
        with pytest.raises(AssignmentRefused):
            open_for(owner, reason, **fields)


# --- contacts ------------------------------------------------------------------------------------


def contact(centre, key, kind, by="ben", **more):
    return centre.desk.execute(RecordContact(actor=by, ticket=key, kind=kind, **more))


def test_contacts_are_counted_and_make_no_new_version(centre, key):
    before = centre.ticket(key)

    contact(centre, key, "supplement", text="more", identity_checked=True)
    contact(centre, key, "chase", identity_checked=True)
    contact(centre, key, "attempt", reached=True)
    contact(centre, key, "query")

    after = centre.ticket(key)
    assert (after.version, after.state) == (before.version, before.state)
    assert after.sequence == before.sequence + 4
    assert after.contacts == {"supplement": 1, "chase": 1, "attempt": 1, "query": 1}
    assert centre.history(key)[1].private["text"] == "more"
    assert centre.history(key)[3].facts["reached"] is True


def test_a_query_says_how_it_stands_even_after_closing(centre, key):
    assert contact(centre, key, "query").answer == {"en": "Being handled", "zh": "办理中"}
    centre.fire(key, "close")

    assert contact(centre, key, "query").answer == {"en": "Finished", "zh": "已办结"}
    with pytest.raises(TicketRefused, match="the ticket is closed"):
        contact(centre, key, "chase", identity_checked=True)


def test_an_unknown_contact_or_an_unchecked_one_is_refused(centre, key):
    with pytest.raises(CommandRefused, match="query, supplement, chase, attempt"):
        contact(centre, key, "shout")
    with pytest.raises(IdentityUnchecked) as refusal:
        contact(centre, key, "chase")

    assert refusal.value.code == "identity.unchecked"
    assert len(centre.history(key)) == 1


# --- the rest --------------------------------------------------------------------------------------


def test_comments_and_files_are_kept_with_the_ticket(centre, key):
    digest = centre.desk.keep(b"a photo")
    centre.desk.execute(AddComment(actor="ben", ticket=key, text="see photo", internal=False))
    centre.desk.execute(
        AttachFile(actor="ben", ticket=key, digest=digest, filename="p.jpg", size=7)
    )

    said, attached = centre.history(key)[1:]
    assert (said.private["comment"], said.facts["internal"]) == ("see photo", False)
    assert attached.private == {"file": "p.jpg", "content": digest}
    assert centre.ticket(key).attachments == 1
    with pytest.raises(CommandRefused):
        centre.desk.execute(AddComment(actor="ben", ticket=key, text="  "))


@pytest.mark.parametrize("digest", ["0" * 64, "../../secret", ""])
def test_only_a_file_that_the_desk_keeps_can_be_attached(centre, key, digest):
    attach = AttachFile(actor="ben", ticket=key, digest=digest, filename="p.jpg", size=7)

    with pytest.raises(NotFound):
        centre.desk.execute(attach)

    assert centre.ticket(key).attachments == 0


def test_watching_begins_and_ends_once(centre, key):
    watch = WatchTicket(actor="ben", ticket=key)
    centre.desk.execute(watch)

    assert centre.ticket(key).watchers == ("ben",)
    with pytest.raises(NothingChanges):
        centre.desk.execute(WatchTicket(actor="ben", ticket=key))
    centre.desk.execute(WatchTicket(actor="ben", ticket=key, watching=False))
    assert centre.ticket(key).watchers == ()
    with pytest.raises(NothingChanges):
        centre.desk.execute(WatchTicket(actor="ben", ticket=key, watching=False))


def test_escalation_goes_up_by_one_with_a_reason_and_tells_the_next_level(centre, key):
    with pytest.raises(TicketRefused, match="a reason"):
        centre.desk.execute(EscalateLevel(actor="ana", ticket=key, reason=""))
    centre.desk.execute(EscalateLevel(actor="ana", ticket=key, reason="asked for"))

    assert (centre.ticket(key).level, centre.last(key).facts["told"]) == (2, ["cleo", "dora"])
    with pytest.raises(TicketRefused, match="highest level"):
        centre.desk.execute(EscalateLevel(actor="ana", ticket=key, reason="again"))


def test_supervision_and_reminders_lie_ahead(centre, key):
    later, earlier = (centre.clock.now() + timedelta(hours=hours) for hours in (1, -1))

    for command in (
        SuperviseTicket(actor="dora", ticket=key, reason="late", answer_due=earlier),
        RemindMe(actor="ana", ticket=key, at=earlier),
    ):
        with pytest.raises(CommandRefused, match="in the past"):
            centre.desk.execute(command)
    centre.desk.execute(
        SuperviseTicket(actor="dora", ticket=key, reason="late", answer_due=later)
    )
    assert centre.last(key).facts["told"] == ["ana", "olga"]
    centre.desk.execute(RemindMe(actor="ana", ticket=key, at=later, text="call back"))

    assert centre.last(key).facts == {"remind_at": later.isoformat()}
    assert centre.ticket(key).version == 1


def test_a_repeated_command_gives_the_first_answer_although_the_ticket_went_on(centre, key):
    command = AddComment(actor="ben", ticket=key, text="hello")
    first = centre.desk.execute(command)
    centre.fire(key, "close")

    again = centre.desk.execute(command)

    assert again.repeated
    assert (again.ticket, again.state, again.version, again.sequence) == (
        first.ticket,
        first.state,
        first.version,
        first.sequence,
    )
    assert len(centre.history(key)) == 3
    other = AddComment(actor="ben", ticket=key, text="bye", command_id=command.command_id)
    with pytest.raises(CommandReused) as refusal:
        centre.desk.execute(other)
    assert refusal.value.details() == {"command_id": command.command_id}


def test_a_late_entry_is_received_before_it_is_opened_and_never_after(centre, key):
    earlier, later = (centre.clock.now() + timedelta(days=days) for days in (-3, 1))

    def received(moment):
        command = OpenTicket(actor="ana", workflow="matter", received_at=moment)
        return centre.ticket(centre.desk.execute(command).ticket)

    assert received(earlier).received_at == earlier
    assert received(earlier).opened_at == centre.clock.now()
    with pytest.raises(CommandRefused, match="in the future"):
        received(later)


def test_nobody_acts_as_the_system_and_strangers_and_leavers_do_not_act(centre, key):
    centre.desk.execute_as_system(SavePerson(actor="system", name="ben", active=False))

    for actor, why in (("system", "nobody's name"), ("ghost", "no such"), ("ben", "no longer")):
        with pytest.raises(NotAllowed, match=why):
            centre.desk.execute(AddComment(actor=actor, ticket=key, text="hello"))


@pytest.mark.parametrize("name", ["system", "customer"])
def test_nobody_is_called_like_a_word_of_the_language(centre, key, name):
    with pytest.raises(CommandRefused, match=name):
        centre.desk.execute_as_system(SavePerson(actor="system", name=name))


def test_a_likely_duplicate_is_hinted_at(centre, key):
    first = OpenTicket(actor="ana", workflow="matter", customer="c-1")
    one = centre.desk.execute(first)
    two = centre.desk.execute(OpenTicket(actor="ben", workflow="matter", customer="c-1"))
    other = centre.desk.execute(OpenTicket(actor="ben", workflow="matter", customer="c-2"))

    assert (one.duplicates, two.duplicates, other.duplicates) == ((), (one.ticket,), ())


def test_watchers_are_told_when_the_ticket_moves_and_not_of_their_own_doing(centre, key):
    centre.desk.execute(WatchTicket(actor="ben", ticket=key))
    centre.desk.execute(WatchTicket(actor="ana", ticket=key))
    centre.fire(key, "close")

    assert centre.last(key).facts["told"] == ["ben"]


def test_nothing_that_was_typed_gets_into_an_event_by_way_of_a_channel_or_role(centre, key):
    said = "Mr Wang, 13800000000"

    for command in (
        OpenTicket(actor="ana", workflow="matter", channel=said),
        RecordContact(actor="ana", ticket=key, kind="query", channel=said),
        LinkTickets(actor="ana", ticket=key, other=centre.open(), role=said),
    ):
        with pytest.raises(CommandRefused, match="not a single word"):
            centre.desk.execute(command)
