"""Plugins that act through the desk they are given: within their own transaction, as their own actor, and only meanwhile."""

import pytest

from casewright.commands import EnablePlugin
from casewright.errors import CasewrightError, NotAllowed, NotFound, PluginFailed, PluginMissing

from .beasts import ACTS, ZOO, beast

KEY = "MAT-2026-000001"


def _poke(centre, actor="adam"):
    return centre.desk.execute(centre.member("beast", "Poke")(actor=actor))


def _import(*names):
    return f"from casewright.commands import {', '.join(names)}\n"


FIRE = f"""
from casewright.commands import FireTransition
from casewright.errors import CasewrightError
def fire(transition, **more):
    return desk.execute(FireTransition(actor=desk.actor.name, ticket='{KEY}', transition=transition, **more))
"""


def test_what_a_command_does_and_itself_happen_together_or_not_at_all(plug):
    body = (
        FIRE
        + "fire('note', form={'answer': 'first'})\nfire('finish')\nraise ValueError('late')"
    )
    centre = plug(beast=beast("Poke", body), workflow=ZOO)
    before = centre.ticket(centre.open())

    with pytest.raises(PluginFailed, match="late"):
        _poke(centre)

    assert centre.ticket(KEY) == before
    assert centre.is_whole()


def test_a_command_that_is_refused_inside_another_undoes_only_itself(plug):
    body = FIRE + (
        "fire('note', form={'answer': 'first'})\n"
        "try:\n    fire('nothing')\nexcept CasewrightError: pass\n"
        "fire('finish')"
    )
    centre = plug(beast=beast("Poke", body), workflow=ZOO)
    centre.open()

    _poke(centre)

    ticket = centre.ticket(KEY)
    assert (ticket.state, ticket.fields["answer"]) == ("closed", "first")
    assert centre.is_whole()


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("FireTransition(actor='ben', ticket=KEY, transition='finish')", NotAllowed),
        ("TimerFired(actor='adam', ticket=KEY, name='x', due_at=desk.now)", NotAllowed),
        ("TimerFired(actor='system', ticket=KEY, name='x', due_at=desk.now)", NotAllowed),
        ("FireTransition(actor='adam', ticket='MAT-1999-000001', transition='x')", NotFound),
    ],
)
def test_a_plugin_speaks_as_whoever_asked_it_and_as_nobody_else(plug, said, refusal):
    body = f"{_import('FireTransition', 'TimerFired')}\nKEY = '{KEY}'\ndesk.execute({said})"
    centre = plug(beast=beast("Poke", body), workflow=ZOO)
    before = centre.ticket(centre.open())

    with pytest.raises(refusal):
        _poke(centre)

    assert centre.ticket(KEY) == before


def test_a_query_changes_nothing(plug):
    centre = plug(beast=beast("Look", FIRE + "fire('finish')"), workflow=ZOO)
    before = centre.ticket(centre.open())

    with pytest.raises(NotAllowed, match="a query changes nothing"):
        ACTS["Look"](centre, KEY)

    assert centre.ticket(KEY) == before


def test_a_command_that_calls_itself_for_ever_is_undone(plug):
    centre = plug(
        beast=beast("Poke", "desk.execute(Poke(actor=desk.actor.name))"),
        workflow=ZOO,
        deadline=20,
    )
    before = centre.ticket(centre.open())

    with pytest.raises(CasewrightError):
        _poke(centre)

    assert centre.ticket(KEY) == before
    assert centre.is_whole()
    centre.fire(KEY, "finish")


def test_a_hook_that_has_kept_a_desk_cannot_act_in_the_middle_of_what_it_is_asked(plug):
    body = f"""
    if desk is not None:
        CALLS.append(desk)
        return
    from casewright.commands import AddComment
    CALLS[0].execute(AddComment(actor='adam', ticket='{KEY}', text='in between'))
    """
    source = beast("Poke", body).replace(
        'at = {"Poke": misbehave}', 'at = {"Poke": misbehave, "may_fire": misbehave}'
    )
    centre = plug(beast=source, workflow=ZOO)
    before = centre.ticket(centre.open())
    _poke(centre)

    with pytest.raises(PluginFailed, match="what its desk was given for has ended"):
        centre.fire(KEY, "finish")

    assert centre.ticket(KEY) == before


def test_a_command_that_disables_its_own_plugin_ends_well_and_was_the_last(plug):
    body = f"""
    from casewright.commands import DisablePlugin, AddComment
    desk.execute(DisablePlugin(actor=desk.actor.name, plugin='beast', reason='enough of me'))
    desk.execute(AddComment(actor=desk.actor.name, ticket='{KEY}', text='farewell'))
    """
    centre = plug(beast=beast("Poke", body), workflow=ZOO)
    centre.open()

    _poke(centre)

    assert centre.last(KEY).kind == "CommentAdded"
    assert "enough of me" in centre.why("beast")
    with pytest.raises(PluginMissing, match="enough of me"):
        _poke(centre)
    centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))
    assert centre.standing("beast").active


def test_a_command_goes_on_when_another_plugin_is_disabled_by_what_it_does(plug):
    body = FIRE + (
        "for _ in range(3):\n"
        "    try:\n        fire('finish')\n    except CasewrightError as failure: CALLS.append(str(failure))\n"
        "desk.note('" + KEY + "', {'tried': 3})"
    )
    fragile = '''
        """Fails after a ticket is finished."""
        from casewright import hookimpl

        @hookimpl
        def after_event(event):
            if event.facts.get("transition") == "finish":
                raise ValueError("fragile")
            return ()
    '''
    centre = plug(beast=beast("Poke", body), fragile=fragile, workflow=ZOO)
    centre.open()

    _poke(centre)

    assert len(centre.member("beast", "CALLS")) == 3
    assert not centre.standing("fragile").active
    assert centre.standing("beast").active
    assert centre.last(KEY).kind == "PluginNoted"
    assert centre.ticket(KEY).state == "first"
    centre.fire(KEY, "finish")
    assert centre.is_whole()


def test_the_inner_plugin_is_named_when_it_is_the_one_that_hangs(plug):
    hangs = '''
        """Hangs after a ticket is finished."""
        from casewright import hookimpl

        @hookimpl
        def after_event(event):
            while event.facts.get("transition") == "finish":
                pass
            return ()
    '''
    centre = plug(
        beast=beast("Poke", FIRE + "fire('finish')"), hangs=hangs, workflow=ZOO, deadline=0.3
    )
    before = centre.ticket(centre.open())

    with pytest.raises(PluginFailed) as failure:
        _poke(centre)

    assert failure.value.plugin in ("hangs", "beast")
    assert centre.ticket(KEY) == before
    assert centre.is_whole()


def test_a_plugin_cannot_have_another_one_blamed(plug):
    body = """
    from casewright.errors import PluginFailed
    raise PluginFailed(plugin='honest', hook='after_event', reason=message('it lies'))
    """
    centre = plug(beast=beast("Poke", body), honest='"""Does nothing."""', workflow=ZOO)
    centre.open()

    with pytest.raises(PluginFailed) as failure:
        _poke(centre)

    assert failure.value.plugin == "beast"
    assert centre.standing("honest").strikes == ()
    assert len(centre.standing("beast").strikes) == 1


def test_a_job_that_runs_for_ever_is_interrupted_put_off_and_undone(plug):
    body = f"desk.note('{KEY}', {{'begun': True}})\nwhile True: pass"
    centre = plug(beast=beast("tidy", body), workflow=ZOO, deadline=0.3)
    before = centre.ticket(centre.open())

    with pytest.raises(PluginFailed, match=r"'tidy': it took longer than the 0.3 s it has"):
        centre.run_job("beast", "tidy")

    assert centre.ticket(KEY) == before
    (job,) = centre.standing("beast").jobs
    assert job.attempts == 1
    assert centre.is_whole()


def test_a_thread_that_a_plugin_leaves_behind_cannot_reach_its_desk(plug):
    body = """
    def later():
        time.sleep(0.05)
        try:
            desk.note('MAT-2026-000001', {'late': True})
        except BaseException as error:
            CALLS.append(type(error).__name__)
    thread = threading.Thread(target=later)
    CALLS.append(thread)
    thread.start()
    """
    centre = plug(beast=beast("Poke", body), workflow=ZOO)
    before = centre.ticket(centre.open())

    _poke(centre)
    thread, *_ = centre.member("beast", "CALLS")
    thread.join()

    assert centre.member("beast", "CALLS")[1] == "PluginFailed"
    assert centre.ticket(KEY) == before
