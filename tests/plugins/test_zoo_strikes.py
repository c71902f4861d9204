"""Three strikes within a day: the plugin is no longer asked, its administrators are told, and everybody's process knows."""

from datetime import timedelta

import pytest

from casewright.commands import DisablePlugin, EnablePlugin, FireTransition
from casewright.errors import PluginFailed, PluginMissing, PluginRefused, TransitionRefused
from casewright.queries import GetActions, ListAnnouncements
from casewright.texts import Texts

from .beasts import ACTS, ZOO, beast

RAISES = beast("after_event", "raise ValueError('a slip')")
DECIDES = beast("may_fire", "raise ValueError('a slip')")
STRICT = '''
    """Has a say in transitions, and fails in saying it."""
    from casewright import hookimpl

    @hookimpl
    def may_fire(transition):
        raise ValueError(transition)
'''
GOOD = beast("nowhere", "pass")


def _fail(centre, key, times=1):
    for _ in range(times):
        with pytest.raises(PluginFailed):
            centre.fire(key, "finish")


def test_the_third_failure_within_a_day_disables_a_plugin_and_not_the_second(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    key = centre.open()

    _fail(centre, key, 2)
    assert centre.standing("beast").active
    assert len(centre.standing("beast").strikes) == 2
    assert centre.announced() == ()

    _fail(centre, key)
    assert not centre.standing("beast").active
    assert "it failed 3 times, the last time in 'after_event': " in centre.why("beast")
    assert "it raised ValueError (a slip)" in centre.why("beast")


def test_administrators_are_told_in_both_languages_and_nobody_else(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    _fail(centre, centre.open(), 3)

    (told,) = centre.announced()
    assert told.title.en == "Plugin 'beast' disabled"
    assert "beast" in told.title.zh
    assert told.title.zh != told.title.en
    assert "casewright plugin enable beast" in told.text.en
    assert "casewright plugin enable beast" in told.text.zh
    assert centre.announced("ana") == ()


def test_what_a_disabled_plugin_only_followed_goes_on_without_it(plug):
    follows = '''
        """Raises after every event."""
        from casewright import hookimpl

        @hookimpl
        def after_event(event):
            raise ValueError(event.kind)
    '''
    centre = plug(follows=follows)
    for _ in range(3):
        with pytest.raises(PluginFailed):
            centre.open()

    centre.fire(centre.open(), "finish")

    assert not centre.standing("follows").active
    assert centre.is_whole()


def test_what_a_disabled_plugin_decides_is_refused_and_names_it(plug):
    centre = plug(strict=STRICT)
    key = centre.open()
    _fail(centre, key, 3)

    with pytest.raises(
        PluginMissing, match="'strict' is needed for deciding whether a transition may be taken"
    ) as missing:
        centre.fire(key, "note", answer="anything")

    assert "it failed 3 times" in str(missing.value)
    assert "插件" in Texts("zh").error(missing.value)
    assert centre.ticket(key).state == "first"
    offers = centre.desk.ask(GetActions(actor="ana", ticket=key))
    assert all("strict" in str(offer.blocked) for offer in offers)


def test_a_plugin_that_was_enabled_again_is_asked_at_once_with_a_clean_slate(plug):
    centre = plug(beast=DECIDES, workflow=ZOO)
    key = centre.open()
    _fail(centre, key, 3)

    centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))

    assert centre.standing("beast").active
    assert centre.standing("beast").strikes == ()
    _fail(centre, key, 2)
    assert centre.standing("beast").active
    _fail(centre, key)
    assert not centre.standing("beast").active
    assert len(centre.announced()) == 2


def test_a_strike_that_is_older_than_a_day_is_forgotten(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    key = centre.open()
    _fail(centre, key, 2)

    centre.clock.advance(timedelta(days=1, seconds=1))
    _fail(centre, key, 2)
    assert centre.standing("beast").active
    assert len(centre.standing("beast").strikes) == 2

    centre.clock.advance(timedelta(hours=23))
    _fail(centre, key)
    assert not centre.standing("beast").active


def test_a_refusal_is_no_strike(plug):
    refuses = beast("may_fire", "return message('not today')")
    centre = plug(beast=refuses, workflow=ZOO)
    key = centre.open()

    for _ in range(5):
        with pytest.raises(TransitionRefused, match="not today"):
            centre.fire(key, "finish")

    assert centre.standing("beast").strikes == ()


@pytest.mark.parametrize("place", ACTS)
def test_failures_in_every_place_count(plug, place):
    centre = plug(beast=beast(place, "raise ValueError('a slip')"), workflow=ZOO)
    key = centre.open()

    for _ in range(3):
        with pytest.raises(PluginFailed):
            ACTS[place](centre, key)

    assert not centre.standing("beast").active
    with pytest.raises(PluginMissing):
        ACTS["may_fire"](centre, key)


def test_two_processes_strike_together_and_both_know_at_once(plug):
    centre = plug(beast=DECIDES, workflow=ZOO)
    key = centre.open()
    with centre.another_desk() as other:
        fire = FireTransition(actor="ben", ticket=key, transition="finish")
        _fail(centre, key)
        with pytest.raises(PluginFailed):
            other.execute(fire)
        assert len(centre.standing("beast").strikes) == 2
        _fail(centre, key)

        with pytest.raises(PluginMissing, match="it failed 3 times"):
            other.execute(fire)

        assert len(other.ask(ListAnnouncements(actor="adam"))) == 1
        other.execute(EnablePlugin(actor="adam", plugin="beast"))
        _fail(centre, key)


def test_a_plugin_that_was_disabled_when_a_process_began_is_asked_in_it_when_it_is_enabled(
    plug,
):
    centre = plug(beast=GOOD, workflow=ZOO)
    key = centre.open()
    centre.desk.execute(DisablePlugin(actor="adam", plugin="beast", reason="a trial"))
    centre.start_again()
    with centre.another_desk() as other:
        with pytest.raises(PluginMissing, match="adam disabled it: a trial"):
            centre.fire(key, "fit")

        other.execute(EnablePlugin(actor="adam", plugin="beast"))

        centre.fire(key, "fit")
        assert centre.ticket(key).state == "closed"


def test_one_who_may_not_manage_plugins_neither_enables_nor_disables_one(plug):
    centre = plug(beast=GOOD, workflow=ZOO)

    with pytest.raises(Exception, match="none of the person's roles permits it"):
        centre.desk.execute(DisablePlugin(actor="ana", plugin="beast", reason="no"))
    with pytest.raises(PluginRefused, match="it is not disabled"):
        centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))


def test_a_batch_keeps_what_went_well_and_the_strike_of_what_did_not(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    first, second, third = (centre.open() for _ in range(3))

    with centre.desk.batch():
        centre.fire(first, "note", answer="before")
        _fail(centre, second)
        centre.fire(third, "note", answer="after")

    assert centre.ticket(first).fields["answer"] == "before"
    assert centre.ticket(second).state == "first"
    assert centre.ticket(third).fields["answer"] == "after"
    assert len(centre.standing("beast").strikes) == 1
    assert centre.is_whole()


def test_a_batch_that_is_undone_leaves_a_desk_that_knows_how_things_stand(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    key = centre.open()

    def fail_and_undo():
        with centre.desk.batch():
            _fail(centre, key, 3)
            assert not centre.standing("beast").active
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        fail_and_undo()

    assert centre.standing("beast").active
    _fail(centre, key)
    assert len(centre.standing("beast").strikes) == 1


def test_a_command_that_failed_by_a_plugin_may_be_said_again_under_its_id(plug):
    centre = plug(beast=RAISES, workflow=ZOO)
    key = centre.open()
    command = FireTransition(actor="ana", ticket=key, transition="finish")
    with pytest.raises(PluginFailed):
        centre.desk.execute(command)
    centre.start_again(beast=GOOD)

    receipt = centre.desk.execute(command)
    again = centre.desk.execute(command)

    assert (receipt.state, receipt.repeated) == ("closed", False)
    assert (again.state, again.repeated) == ("closed", True)
    assert centre.is_whole()


def test_disabling_and_enabling_stand_in_the_audit_chain(plug):
    centre = plug(beast=GOOD, workflow=ZOO)
    centre.desk.execute(DisablePlugin(actor="adam", plugin="beast", reason="a trial"))
    centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))

    kinds = [
        row[0]
        for row in centre.desk._database.execute("SELECT kind FROM command ORDER BY number")
    ]
    assert kinds[-2:] == ["DisablePlugin", "EnablePlugin"]
    assert centre.is_whole()
