"""Plugins that end the process: what was committed is whole, and the next one starts without them and says so."""

import signal

import pytest

from casewright.cli.output import width
from casewright.clock import to_microseconds
from casewright.commands import EnablePlugin
from casewright.errors import PluginMissing
from casewright.store import plugin_jobs

from .beasts import ZOO, beast
from .processes import run_cli

GOOD = beast("nowhere", "pass")
KILLED, OUT_OF_TIME, STOPPED = -signal.SIGKILL, 70, -signal.SIGVTALRM
ENDS = {
    "leaves at once": ("os._exit(3)", 3),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", KILLED),
    "sleeps beyond its grace": ("time.sleep(60)", OUT_OF_TIME),
    "waits for itself for ever": (
        "lock = threading.Lock(); lock.acquire(); lock.acquire()",
        OUT_OF_TIME,
    ),
    "swallows every interruption": (
        """
        def spin():
            while True: pass
        while True:
            try:
                spin()
            except BaseException:
                pass
        """,
        OUT_OF_TIME,
    ),
    "lets nobody look on": ("sum(range(10 ** 13))", STOPPED),
    "matches an expression that explodes": (
        "import re; re.match('(a+)+$', 'a' * 64 + 'b')",
        STOPPED,
    ),
}
ANYWHERE = ("leaves at once", "sleeps beyond its grace")


def _plugged(plug, place, behaviour, **more):
    source = beast(place, behaviour)
    return plug(beast=source, workflow=ZOO, deadline=0.3, grace=0.4, **more)


def _fires(place):
    return {"act": "act", "beast_fits": "fit"}.get(place, "finish")


@pytest.mark.parametrize(
    ("place", "ending"),
    [
        *(("after_event", ending) for ending in ENDS),
        *((place, one) for place in ("may_fire", "act", "beast_fits") for one in ANYWHERE),
    ],
)
def test_a_plugin_that_ends_the_process_is_left_out_at_the_next_start(plug, place, ending):
    behaviour, code = ENDS[ending]
    centre = _plugged(plug, place, behaviour)
    key = centre.open()
    before, history = centre.ticket(key), centre.history(key)
    centre.desk.close()

    done = run_cli(centre.root, centre.site, "ticket", "fire", key, _fires(place))

    assert done.returncode == code, done.stderr
    if code == OUT_OF_TIME:
        assert f"the plugin 'beast' does not come back from '{place}'" in done.stderr
        assert f"插件“beast”停在“{place}”中" in done.stderr
        assert max(map(width, done.stderr.splitlines())) <= 80
    centre.start_again()
    assert centre.ticket(key) == before
    assert centre.history(key) == history
    assert centre.is_whole()
    assert centre.why("beast") == f"a process ended while it was in its '{place}'"
    with pytest.raises(PluginMissing, match=f"a process ended while it was in its '{place}'"):
        centre.fire(key, "finish")
    (told,) = centre.announced()
    assert told.title.en == "Plugin 'beast' disabled"
    assert place in told.text.zh


def test_one_who_ended_a_process_is_asked_again_when_it_was_mended_and_enabled(plug):
    centre = _plugged(plug, "after_event", "os._exit(3)")
    key = centre.open()
    centre.desk.close()
    run_cli(centre.root, centre.site, "ticket", "fire", key, "finish")
    centre.start_again(beast=GOOD)
    assert not centre.standing("beast").active

    centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))

    centre.fire(key, "fit")
    assert centre.ticket(key).state == "closed"
    centre.start_again()
    assert centre.standing("beast").active
    assert len(centre.announced()) == 1


@pytest.mark.parametrize("hook", ["import", "register_words"])
def test_a_plugin_that_ends_the_process_when_it_is_loaded_is_left_out_at_the_next_start(
    plug, hook
):
    centre = plug(beast=GOOD, workflow=ZOO)
    key = centre.open()
    before = centre.ticket(key)
    centre.desk.close()
    leaves = "    os._exit(3)\n" if hook == "register_words" else ""
    source = GOOD.replace("def register_words():\n", f"def register_words():\n{leaves}")
    if hook == "import":
        source += "\nos._exit(3)\n"
    centre.install("beast", source)

    first = run_cli(centre.root, centre.site, "ticket", "show", key)
    second = run_cli(centre.root, centre.site, "ticket", "show", key)

    assert first.returncode == 3
    assert second.returncode == 0, second.stderr
    listed = run_cli(centre.root, centre.site, "plugin", "list")
    assert f"a process ended while it was in its '{hook}'" in listed.stdout
    centre.start_again()
    assert centre.ticket(key) == before
    assert not centre.standing("beast").active


def test_a_job_that_ends_the_worker_is_left_out_by_the_next_worker(plug):
    centre = _plugged(plug, "tidy", "os._exit(3)")
    key = centre.open()
    jobs = centre.desk.working().jobs()
    jobs.lay_down()
    with centre.desk._database.write():
        now = to_microseconds(centre.clock.now())
        plugin_jobs.wake(centre.desk._database, "beast", ["tidy"], now)
    centre.desk.close()

    first = run_cli(centre.root, centre.site, "worker", "--once")
    second = run_cli(centre.root, centre.site, "worker", "--once")

    assert first.returncode == 3
    assert second.returncode == 1
    assert "is at work" in second.stderr or "holds" in second.stderr
    centre.start_again()
    assert centre.why("beast") == "a process ended while it was in its 'tidy'"
    assert centre.ticket(key).state == "first"


def test_what_was_committed_before_a_plugin_ended_the_process_is_kept(plug):
    centre = _plugged(plug, "after_event", "os.kill(os.getpid(), signal.SIGKILL)")
    keys = [centre.open(note=str(number)) for number in range(3)]
    for key in keys:
        centre.fire(key, "note", answer="kept")
    centre.desk.close()

    run_cli(centre.root, centre.site, "ticket", "fire", keys[0], "finish")

    verified = run_cli(centre.root, centre.site, "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    centre.start_again()
    assert [centre.ticket(key).fields["answer"] for key in keys] == ["kept"] * 3


def test_a_process_that_is_killed_outside_of_any_plugin_blames_none(plug):
    centre = plug(beast=GOOD, workflow=ZOO)
    centre.desk.close()
    script = (
        "import os, signal, sys\n"
        "from casewright.desk import open_desk\n"
        "from casewright.config import read_config\n"
        "from pathlib import Path\n"
        "desk = open_desk(read_config(Path(sys.argv[1])))\n"
        "assert desk.plugins.active('beast')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    ended = centre.run_python(script)

    assert ended.returncode == KILLED, ended.stderr
    centre.start_again()
    assert centre.standing("beast").active
    assert centre.announced() == ()
    assert len(list(centre.marks().iterdir())) == 1


def test_a_second_process_is_not_blamed_while_it_is_at_work(plug):
    centre = plug(beast=beast("Poke", "return {'said': 'yes'}"), workflow=ZOO)

    with centre.another_desk() as other:
        other.execute(centre.member("beast", "Poke")(actor="adam"))
        listed = run_cli(centre.root, centre.site, "plugin", "list")

    assert listed.returncode == 0
    assert "process ended" not in listed.stdout
    assert centre.standing("beast").active
