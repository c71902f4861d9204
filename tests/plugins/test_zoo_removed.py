"""A plugin that is not there any more: its words refuse their transitions and say why, its timers wait, the rest works."""

from datetime import timedelta
from threading import Event

import pytest

from casewright.errors import PluginMissing
from casewright.queries import GetActions, GetWorkflow
from casewright.texts import Texts
from casewright.worker.loop import Worker

from .beasts import beast

BORROWS = """\
workflow: matter
title: {en: Matter, zh: 事项}
prefix: MAT
form: matter
calendar: always
owner: user:olga
handler: opener
start: first
states:
  first:
    title: {en: Open, zh: 办理中}
    after: {1 hour: wait}
    transitions:
      note: {by: anyone, form: answer}
      finish: {to: closed, by: anyone}
      zoned: {to: closed, by: anyone, zone: a}
      act: {to: closed, by: anyone, do: [{act: 1}]}
      wait: {to: waited, by: timer, do: [{act: 1}]}
      fit: {to: closed, by: anyone, when: "beast_fits()"}
  waited: {title: {en: Waited, zh: 已等待}, transitions: {finish: closed}}
  closed: {final: true, title: {en: Closed, zh: 已结}}
"""
FOLLOWS = (
    beast("nowhere", "pass")
    .replace("@hookimpl\ndef may_fire", "def unused_may_fire")
    .replace("@hookimpl\ndef may_assign", "def unused_may_assign")
)
"""A beast that decides nothing."""
DECIDES = beast("nowhere", "pass")


def _work(centre):
    working = centre.desk.working()
    worker = Worker(
        working, working.open_channels(), holder="one", tell=lambda line: None, stop=Event()
    )
    return worker.run(once=True)


def _removed(plug, source=FOLLOWS, **more):
    centre = plug(beast=source, workflow=BORROWS, **more)
    key = centre.open()
    centre.desk.working().take_over()
    centre.uninstall("beast")
    centre.start_again()
    return centre, key


def test_what_a_removed_plugin_is_needed_for_is_refused_and_says_which(plug):
    centre, key = _removed(plug)

    for transition, needed in (
        ("zoned", "the word 'zone'"),
        ("act", "the action 'act'"),
        ("fit", "the function 'beast_fits'"),
    ):
        with pytest.raises(PluginMissing) as missing:
            centre.fire(key, transition)
        assert str(missing.value).startswith(f"The plugin 'beast' is needed for {needed}: ")
        assert "it is not installed" in str(missing.value)
        assert "beast" in Texts("zh").error(missing.value)
        assert "插件" in Texts("zh").error(missing.value)
    assert centre.ticket(key).state == "first"
    assert centre.is_whole()


def test_what_a_removed_plugin_is_not_needed_for_goes_on(plug):
    centre, key = _removed(plug)

    centre.fire(key, "note", answer="as ever")
    centre.fire(key, "finish")
    other = centre.open()

    assert centre.ticket(key).state == "closed"
    assert centre.ticket(other).state == "first"
    assert "it is not installed" in centre.why("beast")
    workflow, _ = centre.desk.ask(GetWorkflow(actor="ana", workflow="matter"))
    assert workflow.name == "matter"


def test_offers_say_what_a_removed_plugin_is_missing_for(plug):
    centre, key = _removed(plug)

    offers = {one.name: one for one in centre.desk.ask(GetActions(actor="ana", ticket=key))}

    assert offers["finish"].blocked is None
    assert "it is not installed" in str(offers["zoned"].blocked)


def test_a_timer_that_needs_a_removed_plugin_waits_for_it_however_long(plug):
    centre, key = _removed(plug)
    centre.clock.advance(timedelta(hours=2))
    for _ in range(15):
        _work(centre)
        centre.clock.advance(timedelta(hours=2))
    assert centre.ticket(key).state == "first"

    centre.install("beast", FOLLOWS)
    centre.start_again()
    _work(centre)

    assert centre.ticket(key).state == "waited"
    assert centre.is_whole()


def test_a_job_of_a_removed_plugin_waits_and_runs_when_it_is_back(plug):
    centre, _ = _removed(plug)
    centre.clock.advance(timedelta(hours=30))
    assert _work(centre).counts["jobs"] == 0

    centre.install("beast", FOLLOWS)
    centre.start_again()

    assert _work(centre).counts["jobs"] == 1


def test_where_a_removed_plugin_had_a_say_nothing_happens(plug):
    centre, key = _removed(plug, DECIDES)

    with pytest.raises(PluginMissing, match="deciding whether a transition may be taken"):
        centre.fire(key, "finish")
    with pytest.raises(PluginMissing, match="deciding who may be made the handler"):
        centre.assign(key, "ben")

    assert centre.ticket(key).state == "first"
    centre.assign(key, None)


def test_a_say_ends_when_the_plugin_is_taken_out_of_the_settings(plug):
    centre, key = _removed(plug, DECIDES)

    centre.name()
    centre.start_again()

    centre.fire(key, "finish")
    assert centre.ticket(key).state == "closed"
    assert centre.why("beast") == "it is not named in casewright.toml"


def test_what_is_borrowed_is_refused_without_the_name_in_the_settings_as_well(plug):
    centre, key = _removed(plug)
    centre.name()
    centre.start_again()

    with pytest.raises(PluginMissing, match=r"it is not named in casewright.toml"):
        centre.fire(key, "fit")


def test_a_function_that_became_another_one_is_not_called(plug):
    centre = plug(beast=FOLLOWS, workflow=BORROWS)
    key = centre.open()
    other = FOLLOWS.replace('result="boolean"', 'result="text"').replace(
        "return True if found is None else found", "return 'yes'"
    )

    centre.start_again(beast=other)

    with pytest.raises(
        PluginMissing, match="something else than when the workflow was published"
    ):
        centre.fire(key, "fit")


@pytest.mark.parametrize(
    ("lost", "transition"),
    [(('verb="act"', 'verb="perform"'), "act"), (('name="zone"', 'name="area"'), "zoned")],
)
def test_a_plugin_that_lost_a_word_refuses_what_is_said_in_it(plug, lost, transition):
    centre = plug(beast=FOLLOWS, workflow=BORROWS)
    key = centre.open()

    centre.start_again(beast=FOLLOWS.replace(*lost))

    with pytest.raises(PluginMissing, match="this version of it has no such thing"):
        centre.fire(key, transition)
    assert centre.ticket(key).state == "first"
    centre.fire(key, "finish")
