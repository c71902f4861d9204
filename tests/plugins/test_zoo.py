"""Bad plugins: nothing that they are asked about is half done, the desk goes on, and everybody is told which and why."""

from collections.abc import Mapping

import pytest

from casewright.errors import PluginFailed, TransitionRefused
from casewright.texts import Texts

from .beasts import ACTS, ZOO, beast

REFUSES = '''
    """Lets nobody finish."""
    from casewright import hookimpl, message

    @hookimpl
    def may_fire(transition):
        return message("not today") if transition == "finish" else None
'''
BEHAVIOURS: Mapping[str, tuple[str, str]] = {
    "raises": ("raise ValueError('a slip')", r"it raised ValueError \(a slip\)"),
    "raises what is no error": (
        "raise BaseException('odd')",
        r"it raised BaseException \(odd\)",
    ),
    "raises what cannot be said": (
        """
        class Mute(Exception):
            def __str__(self):
                raise RuntimeError
        raise Mute
        """,
        r"it raised Mute \(-\)",
    ),
    "exits": ("sys.exit('bye')", r"it raised SystemExit \(bye\)"),
    "claims a Ctrl-C": ("raise KeyboardInterrupt", "it raised KeyboardInterrupt"),
    # With all it takes: Python 3.13.0 sets no bound to a function that calls itself and leaves out what has a default.
    "recurses": (
        "return misbehave(ticket, event, words, actor, desk)",
        "it raised RecursionError",
    ),
    "hangs": ("while True: pass", "it took longer than the 0.2 s it has"),
    "sleeps too long": ("time.sleep(0.4)", "it took longer than the 0.2 s it has"),
    "swallows the interruption": (
        """
        def spin():
            while True: pass
        try:
            spin()
        except BaseException:
            return None
        """,
        "it took longer than the 0.2 s it has",
    ),
    "turns the interruption into an error of its own": (
        """
        try:
            while True: pass
        finally:
            raise ValueError('mine')
        """,
        "it took longer than the 0.2 s it has",
    ),
    "waits for a lock for ever": (
        "lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=0.5)",
        "it took longer than the 0.2 s it has",
    ),
    "returns something else": ("return {'odd'}", "it returned|its list has|it raised"),
}


def test_a_plugin_may_refuse_a_transition_and_its_reason_is_told(plug):
    centre = plug(strict=REFUSES)
    key = centre.open()

    with pytest.raises(TransitionRefused, match="not today"):
        centre.fire(key, "finish")

    assert centre.ticket(key).state == "first"


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("place", ACTS)
def test_whatever_a_plugin_does_wrong_it_is_named_and_nothing_has_happened(
    plug, place, behaviour
):
    body, said = BEHAVIOURS[behaviour]
    if behaviour == "returns something else" and place in ("Look", "tidy"):
        pytest.skip("a query may answer anything, and a job answers nothing")
    centre = plug(beast=beast(place, body), workflow=ZOO, deadline=0.2)
    key = centre.open()
    before, history = centre.ticket(key), centre.history(key)

    with pytest.raises(PluginFailed, match=said) as failure:
        ACTS[place](centre, key)

    assert (failure.value.plugin, failure.value.hook) == ("beast", place)
    assert centre.ticket(key) == before
    assert centre.history(key) == history
    assert centre.is_whole()
    assert len(centre.standing("beast").strikes) == 1
    assert "插件" in Texts("zh").error(failure.value)
    centre.fire(key, "note", answer="as ever")


@pytest.mark.parametrize("place", ACTS)
def test_a_beast_that_keeps_quiet_is_in_nobodys_way(plug, place):
    centre = plug(beast=beast(place, "time.sleep(0.01)"), workflow=ZOO, deadline=0.3)
    key = centre.open()

    ACTS[place](centre, key)

    assert centre.standing("beast").strikes == ()
    assert centre.is_whole()
