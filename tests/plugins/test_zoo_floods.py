"""Too much of everything: refused by name, and nothing of it is kept."""

import pytest

from casewright.errors import PluginFailed

from .beasts import ACTS, ZOO, beast

FLOODS = {
    "a million effects": (
        "after_event",
        "return [Notify(ticket=ticket.key, to='ben', via='notice', reason='x')] * 1_000_000",
        "it asks for more than 100 effects",
    ),
    "a million wakes": (
        "after_event",
        "return [Wake(job='tidy')] * 1_000_000",
        "more than 100",
    ),
    "a notice of ten million characters": (
        "after_event",
        "return [Notify(ticket=ticket.key, to='ben', via='notice', reason='x' * 10_000_000)]",
        "more than 100000 characters",
    ),
    "a reason of ten million characters": (
        "may_fire",
        "return Message('x' * 10_000_000)",
        "more than 100000 characters",
    ),
    "a reason with a value of ten million characters": (
        "may_fire",
        "return message('no: {why}', why='x' * 10_000_000)",
        "more than 100000 characters",
    ),
    "a field of ten million characters": (
        "act",
        "return Done(fields={'note': 'x' * 10_000_000})",
        "more than 100000 characters",
    ),
    "a hundred thousand comments": (
        "act",
        "return Done(comments=('x',) * 100_000)",
        "more than 500 values",
    ),
    "a hundred thousand fields": (
        "act",
        "return Done(fields={f'f{n}': 1 for n in range(100_000)})",
        "more than 500 values",
    ),
    "an answer of ten million characters": (
        "Poke",
        "return {'said': 'x' * 10_000_000}",
        "more than 100000 characters",
    ),
    "an answer of a hundred thousand words": (
        "Poke",
        "return {f'f{n}': 'x' for n in range(100_000)}",
        "more than 500 values",
    ),
    "a note of ten million characters": (
        "Poke",
        "desk.note('MAT-2026-000001', {'said': 'x' * 10_000_000})",
        "characters",
    ),
    "notes without an end": (
        "Poke",
        "while True: desk.note('MAT-2026-000001', {'said': 'again'})",
        "it took longer than the 1 s it has",
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_is_refused_and_nothing_of_it_is_kept(plug, flood):
    place, body, said = FLOODS[flood]
    centre = plug(beast=beast(place, body), workflow=ZOO, deadline=1)
    key = centre.open()
    before, history = centre.ticket(key), centre.history(key)

    with pytest.raises(PluginFailed, match=said):
        ACTS[place](centre, key)

    assert centre.ticket(key) == before
    assert centre.history(key) == history
    assert centre.is_whole()


REGISTERS_MUCH = '''
    """Registers a hundred thousand words."""
    from casewright import WorkflowWord, hookimpl

    @hookimpl
    def register_words():
        return [WorkflowWord(name=f"w{n}", on=("state",), schema={}, doc="A word") for n in range(100_000)]
'''


def test_a_plugin_that_registers_a_hundred_thousand_words_is_left_out(plug):
    centre = plug(much=REGISTERS_MUCH)

    assert "it registers 100000; 500 is the most" in centre.why("much")
    centre.fire(centre.open(), "finish")


ROWS = '''
    """Makes more rows than anybody can be handed."""
    from dataclasses import dataclass
    from typing import ClassVar
    from casewright import Command, CommandHandler, Migration, hookimpl

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Fill(Command):
        permission: ClassVar[str] = "rows.fill"

    def fill(desk, command):
        desk.store.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
            " INSERT INTO rows_kept SELECT i FROM n"
        )
        desk.store.execute("SELECT n FROM rows_kept")

    @hookimpl
    def register_migrations():
        return [Migration(number=1, name="kept", sql="CREATE TABLE rows_kept (n INTEGER);")]

    @hookimpl
    def register_commands():
        return [CommandHandler(command=Fill, run=fill)]
'''


def test_a_plugin_that_asks_for_two_hundred_thousand_rows_is_refused_and_its_rows_are_undone(
    plug,
):
    centre = plug(rows=ROWS, deadline=20)

    with pytest.raises(PluginFailed, match="returns more than 100000 rows"):
        centre.desk.execute(centre.member("rows", "Fill")(actor="adam"))

    kept = centre.desk._database.execute("SELECT count(*) FROM rows_kept").fetchone()
    assert kept[0] == 0
