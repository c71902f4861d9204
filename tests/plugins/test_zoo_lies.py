"""Answers that look right and are not: what cannot be said, sent or stored names its plugin before anything is written."""

import pytest

from casewright.errors import PluginFailed

from .beasts import ACTS, ZOO, beast

LIES = {
    # What should follow an event.
    "a notice to a number": ("after_event", "return [notify(to=5)]"),
    "a notice about another ticket": (
        "after_event",
        "return [notify(ticket='MAT-2020-000001')]",
    ),
    "a notice with half a character": (
        "after_event",
        "return [notify(message={'en': '\\ud800'})]",
    ),
    "a notice due at no certain time": ("after_event", "return [notify(due=datetime.now())]"),
    "a notice of a kind of its own": ("after_event", "return [Mine(**said())]"),
    "a run beyond all numbers": ("after_event", "return [notify(run=2**70)]"),
    "a job it does not have": ("after_event", "return [Wake(job='nothing')]"),
    "a text for a list": ("after_event", "return 'notify'"),
    "a list that never ends": ("after_event", "return Endless([1])"),
    # Why not.
    "a sentence that is a text": ("may_fire", "return 'no'"),
    "a sentence without its value": ("may_fire", "return message('no {reason}')"),
    "a sentence that reaches into its value": (
        "may_fire",
        "return message('{a.__class__}', a=1)",
    ),
    "a sentence whose template is broken": ("may_fire", "return message('no {', a=1)"),
    "a sentence whose value cannot be said": ("may_fire", "return message('{a}', a=Mute())"),
    "a sentence of a number": ("may_assign", "return message(5)"),
    # What an action comes to.
    "fields in a list": ("act", "return Done(fields=['note'])"),
    "a field that is an object": ("act", "return Done(fields={'note': object()})"),
    "a field of another kind": ("act", "return Done(fields={'count': 'many'})"),
    "a field that nobody has": ("act", "return Done(fields={'nothing': 'x'})"),
    "no number at all": ("act", "return Done(fields={'amount': float('nan')})"),
    "a comment that is a number": ("act", "return Done(comments=(5,))"),
    "a notice of nobody's": ("act", "return Done(notices=('tell',))"),
    "a handler who is nobody": ("act", "return Done(handler='nobody')"),
    "a handler who is a number": ("act", "return Done(handler=5)"),
    # What a function gives.
    "a text for yes or no": ("beast_fits", "return 'yes'"),
    "a number for yes or no": ("beast_fits", "return 1"),
    # What a command answers and notes.
    "an answer that is a text": ("Poke", "return 'done'"),
    "an answer with a number": ("Poke", "return {'count': 5}"),
    "an answer with half a character": ("PokeTicket", "return {'said': '\\ud800'}"),
    "a note of objects": ("Poke", "desk.note('{key}', {'a': object()})"),
    "a note of nothing that there is": ("Poke", "desk.note('MAT-2020-000001', {'a': 1})"),
    "a note with half a character": ("Poke", "desk.note('{key}', {'a': '\\ud800'})"),
    "a command that is none": ("Poke", "desk.execute('close')"),
    "a command of nobody's": ("Poke", "desk.execute(Strange(actor='adam'))"),
    "a query that is none": ("Poke", "desk.ask(5)"),
}
LIARS = """
    from datetime import datetime

    class Mine(Notify):
        pass

    class Mute:
        def __str__(self):
            raise RuntimeError('mute')

    class Strange(Command):
        permission = 'beast.poke'

    class Endless(list):
        def __iter__(self):
            while True:
                yield notify()

    def said(**more):
        return dict(ticket=ticket.key, to='ben', via='notice', reason='x') | more

    def notify(**more):
        return Notify(**said(**more))

    {lie}
"""
REFUSED_BY_THE_CORE = (
    "a field of another kind",
    "a field that nobody has",
    "a handler who is nobody",
    "a note of nothing that there is",
    "a command of nobody's",
)
"""Plain values, which the core then refuses like anybody else's."""


@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_answer_is_refused_before_anything_is_written(plug, lie):
    place, body = LIES[lie]
    first = "MAT-2026-000001"
    source = LIARS.replace("{lie}", body.replace("{key}", first))
    centre = plug(beast=beast(place, source), workflow=ZOO)
    key = centre.open(note="as it was")
    assert key == first
    before, history = centre.ticket(key), centre.history(key)

    with pytest.raises(Exception, match=r".") as failure:
        ACTS[place](centre, key)

    if lie not in REFUSED_BY_THE_CORE:
        assert isinstance(failure.value, PluginFailed)
        assert failure.value.plugin == "beast"
    assert centre.ticket(key) == before
    assert centre.history(key) == history
    assert centre.is_whole()
