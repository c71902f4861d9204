"""Each guard of the host turned off: what it guards against then happens, so that its test can fail at all."""

import sqlite3

from casewright.errors import PluginFailed
from casewright.plugins import host, marks
from casewright.plugins.answers import Answers
from casewright.plugins.watch import Watch
from casewright.store.plugin_reach import Reach

from .beasts import ACTS, ZOO, beast
from .processes import run_cli


def _is_named(centre, key, place="after_event"):
    """Whether the beast is named, and nothing has happened."""
    before = centre.ticket(key)
    try:
        ACTS[place](centre, key)
    except PluginFailed as failure:
        return failure.plugin == "beast" and centre.ticket(key) == before
    except Exception:  # noqa: BLE001 (whatever else is told does not name it)
        return False
    return False


def _is_in_time(plug):
    centre = plug(beast=beast("after_event", "time.sleep(0.4)"), workflow=ZOO, deadline=0.2)
    return _is_named(centre, centre.open())


def test_the_watch(plug, monkeypatch):
    def unwatched(self, hook, seconds, turns, given, taken, *, refusals=False):
        for turn in turns:
            answer = turn.function(*turn.picked(given))
            if answer is not None and taken(turn.plugin, answer):
                return

    monkeypatch.setattr(Watch, "round", unwatched)

    assert not _is_in_time(plug)


def test_the_watch_is_on_otherwise(plug):
    assert _is_in_time(plug)


def _keeps_what_it_hands_over(plug):
    centre = plug(beast=beast("after_event", "ticket.fields['note'] = 'changed'"), workflow=ZOO)
    key = centre.open(note="as it was")
    try:
        ACTS["after_event"](centre, key)
    except PluginFailed:
        return True
    return centre.ticket(key).fields["note"] == "as it was"


def test_the_freezing(plug, monkeypatch):
    monkeypatch.setattr(host, "copied", lambda value: value)

    assert not _keeps_what_it_hands_over(plug)


def test_the_freezing_is_on_otherwise(plug):
    assert _keeps_what_it_hands_over(plug)


def _is_left_out(plug):
    centre = plug(beast=beast("after_event", "os._exit(3)"), workflow=ZOO)
    key = centre.open()
    centre.desk.close()
    run_cli(centre.root, centre.site, "ticket", "fire", key, "finish")
    centre.start_again()
    return not centre.standing("beast").active


def test_the_marks(plug, monkeypatch):
    monkeypatch.setattr(marks, "of_the_dead", lambda folder: [])

    assert not _is_left_out(plug)


def test_the_marks_are_on_otherwise(plug):
    assert _is_left_out(plug)


READS_THE_CORE = "desk.store.execute('SELECT key FROM ticket')"
TABLE = """
@hookimpl
def register_migrations():
    from casewright import Migration
    return [Migration(number=1, name="kept", sql="CREATE TABLE beast_kept (n INTEGER);")]
"""


def _keeps_to_its_own_tables(plug):
    centre = plug(beast=beast("Poke", READS_THE_CORE) + TABLE, workflow=ZOO)
    return _is_named(centre, centre.open(), "Poke")


def test_the_judge_of_sql(plug, monkeypatch):
    monkeypatch.setattr(Reach, "judge", lambda *given: sqlite3.SQLITE_OK)

    assert not _keeps_to_its_own_tables(plug)


def test_the_judge_of_sql_is_on_otherwise(plug):
    assert _keeps_to_its_own_tables(plug)


LIE = "return [Notify(ticket='MAT-2020-000001', to='ben', via='notice', reason='x')]"


def test_the_check_of_answers(plug, monkeypatch):
    monkeypatch.setattr(Answers, "effects", lambda self, answer, **more: list(answer))
    centre = plug(beast=beast("after_event", LIE), workflow=ZOO)

    assert not _is_named(centre, centre.open())


def test_the_check_of_answers_is_on_otherwise(plug):
    centre = plug(beast=beast("after_event", LIE), workflow=ZOO)

    assert _is_named(centre, centre.open())
