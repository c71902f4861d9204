"""A plugin that writes events down in tables and an index of its own: with the event, or not at all."""

import pytest

from casewright.errors import CommandRefused, PluginFailed, TransitionRefused

KEEPER = """
    from dataclasses import dataclass
    from typing import Any, ClassVar

    from casewright import CommandRefused, Migration, Query, QueryHandler, hookimpl, message

    fails = []

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Kept(Query):
        permission: ClassVar[str] = "keeper.read"
        answer: ClassVar[Any] = tuple[tuple[str, str], ...]

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Seek(Query):
        permission: ClassVar[str] = "keeper.read"
        answer: ClassVar[Any] = tuple[str, ...]
        every: tuple[str, ...] = ()
        some: tuple[str, ...] = ()
        labels: tuple[tuple[str, ...], ...] = ()
        limit: int = 100

    @hookimpl
    def register_migrations():
        return [Migration(number=1, name="begin", sql="CREATE TABLE keeper_event (ticket TEXT NOT NULL, kind TEXT NOT NULL);\\n")]

    @hookimpl
    def register_queries():
        return [QueryHandler(query=Kept, run=kept), QueryHandler(query=Seek, run=seek)]

    def kept(desk, query):
        return tuple(desk.store.execute("SELECT ticket, kind FROM keeper_event ORDER BY rowid"))

    def seek(desk, query):
        found = desk.index.find(every=query.every, some=query.some, labels=query.labels, limit=query.limit)
        return tuple(one.name for one in found)

    @hookimpl
    def keep_event(ticket, event, desk):
        desk.store.execute("INSERT INTO keeper_event VALUES (?, ?)", (ticket.key, event.kind))
        said = str(ticket.fields.get("answer", ""))
        if said:
            desk.index.put(ticket.key, [str(ticket.fields.get("note", "")), "", said], labels=["state:" + ticket.state])
        if said == "note it":
            desk.note(ticket.key, {"seen": True})
        if said == "remove it":
            desk.index.remove(ticket.key)
        if said == "fail":
            raise ValueError("a slip")
        if said == "refuse":
            raise CommandRefused(reason=message("not with this answer"))
"""
REFUSES = '''
    """Lets nobody finish."""
    from casewright import hookimpl, message

    @hookimpl
    def may_fire(transition):
        return message("not today") if transition == "finish" else None
'''


def _kept(centre):
    return centre.desk.ask(centre.member("keeper", "Kept")(actor="adam"))


def _sought(centre, *every, **more):
    return centre.desk.ask(centre.member("keeper", "Seek")(actor="adam", every=every, **more))


def test_what_it_keeps_is_there_with_the_event(plug):
    centre = plug(keeper=KEEPER)
    key = centre.open()
    centre.fire(key, "note", answer="宽带测速 Router restarted")
    centre.assign(key, "ben")

    assert _kept(centre) == (
        (key, "TicketOpened"),
        (key, "TransitionFired"),
        (key, "TicketAssigned"),
    )
    assert centre.is_whole()


def test_a_refused_command_keeps_nothing(plug):
    centre = plug(keeper=KEEPER, strict=REFUSES)
    key = centre.open()
    before = _kept(centre)

    with pytest.raises(TransitionRefused):
        centre.fire(key, "finish")

    assert _kept(centre) == before


def test_one_that_fails_undoes_the_command_and_what_it_kept(plug):
    centre = plug(keeper=KEEPER)
    key = centre.open()
    before, kept = centre.ticket(key), _kept(centre)

    with pytest.raises(PluginFailed, match="a slip"):
        centre.fire(key, "note", answer="fail")

    assert centre.ticket(key) == before
    assert _kept(centre) == kept
    assert _sought(centre, "fail") == ()
    assert centre.is_whole()


def test_one_that_refuses_undoes_the_command_and_is_no_failure(plug):
    centre = plug(keeper=KEEPER)
    key = centre.open()
    before, kept = centre.ticket(key), _kept(centre)

    for _ in range(5):
        with pytest.raises(CommandRefused, match="not with this answer"):
            centre.fire(key, "note", answer="refuse")

    assert centre.ticket(key) == before
    assert _kept(centre) == kept
    centre.fire(key, "note", answer="fine")
    assert len(_kept(centre)) > len(kept)


def test_it_is_not_told_of_what_it_causes_itself(plug):
    centre = plug(keeper=KEEPER)
    key = centre.open()
    centre.fire(key, "note", answer="note it")

    kinds = [one.kind for one in centre.history(key)]
    assert kinds[-2:] == ["TransitionFired", "PluginNoted"]
    assert [kind for _, kind in _kept(centre)] == ["TicketOpened", "TransitionFired"]


def test_documents_are_found_by_runs_of_han_and_beginnings_of_words(plug):
    centre = plug(keeper=KEEPER)
    first, second = centre.open(), centre.open()
    centre.fire(first, "note", answer="宽带测速不达标 Router restarted")
    centre.fire(second, "note", answer="宽带 测速 router replaced")

    assert set(_sought(centre, "宽带")) == {first, second}
    assert _sought(centre, "宽带测速") == (first,)
    assert _sought(centre, "带测") == (first,)
    assert set(_sought(centre, "ROUT", "测速")) == {first, second}
    assert _sought(centre, "restart") == (first,)
    assert _sought(centre, "outer") == ()
    assert _sought(centre, "'\" OR *") == ()
    assert set(_sought(centre, some=("restarted", "replaced"))) == {first, second}
    assert _sought(centre, "router", some=("replaced", "unheard of")) == (second,)
    assert len(_sought(centre, "宽带", limit=1)) == 1
    assert _sought(centre) == ()


def test_labels_narrow_what_is_found_and_are_no_words(plug):
    centre = plug(keeper=KEEPER)
    first, second = centre.open(), centre.open()
    centre.fire(first, "note", answer="宽带")
    centre.fire(second, "note", answer="宽带")
    centre.fire(second, "finish")

    assert _sought(centre, "宽带", labels=(("state:closed",),)) == (second,)
    assert _sought(centre, "宽带", labels=(("state:first", "state:other"),)) == (first,)
    assert len(_sought(centre, "宽带", labels=(("state:first", "state:closed"),))) == 2
    assert _sought(centre, "宽带", labels=(("state:first",), ("state:closed",))) == ()
    assert _sought(centre, "宽带", labels=((),)) == ()
    assert _sought(centre, "state") == ()


def test_what_stands_in_the_strong_text_comes_first(plug):
    centre = plug(keeper=KEEPER)
    weak, strong = centre.open(), centre.open(note="Invoice twice")
    centre.fire(weak, "note", answer="invoice")
    centre.fire(strong, "note", answer="something else")

    assert _sought(centre, "invoice") == (strong, weak)


def test_a_document_is_replaced_and_removed(plug):
    centre = plug(keeper=KEEPER)
    key = centre.open()
    centre.fire(key, "note", answer="first words")
    centre.fire(key, "note", answer="other ones")

    assert _sought(centre, "words") == ()
    assert _sought(centre, "ones") == (key,)

    centre.fire(key, "note", answer="remove it")

    assert _sought(centre, "remove") == ()


def test_too_many_words_at_once_are_refused(plug):
    centre = plug(keeper=KEEPER)

    with pytest.raises(PluginFailed, match="too many words"):
        _sought(centre, " ".join(f"w{number}" for number in range(201)))
