"""A plugin that cannot forget: nobody is erased by halves, the worker goes on, and it is done once the plugin can."""

from datetime import timedelta
from queue import Queue
from threading import Event

import pytest

from casewright.commands import DisablePlugin, EnablePlugin, EraseCustomer, SaveCustomer
from casewright.desk.erasing.erasure_ledger import FILE as LEDGER
from casewright.desk.erasing.erasure_ledger import Entry, ledger_of
from casewright.errors import PluginFailed
from casewright.model import SYSTEM
from casewright.queries import FindCustomers, ListErasures
from casewright.worker.loop import Worker

STUBBORN = '''
    """Has a table, and fails in forgetting some customers."""
    from casewright import Forgetting, Migration, hookimpl

    def forget(desk, erased):
        if "C1" in erased.customers:
            raise ValueError("a slip")

    @hookimpl
    def register_migrations():
        return [Migration(number=1, name="kept", sql="CREATE TABLE beast_note (text TEXT);")]

    @hookimpl
    def register_forgetting():
        return [Forgetting(what="notes", run=forget)]
'''
WILLING = STUBBORN.replace('if "C1" in erased.customers:', "if False:")


@pytest.fixture
def centre(plug):
    made = plug(beast=STUBBORN)
    for customer in ("C1", "C2"):
        made.desk.execute_as_system(SaveCustomer(actor=SYSTEM, id=customer, name="Quirina"))
    return made


def noted_in_the_ledger(centre, *customers):
    """As after the restoring of a backup from before these were erased."""
    for customer in customers:
        entry = Entry(at=centre.clock.now(), actor="adam", customer=customer, reason="asked")
        ledger_of(centre.config).add(entry)


def worked(centre) -> list[str]:
    """Let the worker do its round; return what it told."""
    told = []
    Worker(
        centre.desk.working(), {}, holder="w", tell=told.append, stop=Event(), arrived=Queue()
    ).run(once=True)
    return [str(one.sentence) for one in told]


def erased(centre) -> set[str]:
    return {one.customer for one in centre.desk.ask_as_system(ListErasures(actor=SYSTEM))}


def is_known(centre, customer) -> bool:
    found = centre.desk.ask_as_system(FindCustomers(actor=SYSTEM, sought=customer)).customers
    return found[0].name == "Quirina"


def test_an_erasure_that_a_plugin_fails_leaves_no_word_in_the_ledger(centre):
    with pytest.raises(PluginFailed):
        centre.desk.execute_as_system(
            EraseCustomer(actor=SYSTEM, customer="C1", reason="asked")
        )

    assert is_known(centre, "C1")
    assert not (centre.root / LEDGER).exists()


def test_a_plugin_that_fails_holds_up_neither_the_worker_nor_the_erasing_of_others(centre):
    noted_in_the_ledger(centre, "C1", "C2")

    told = worked(centre)

    assert erased(centre) == {"C2"}
    assert is_known(centre, "C1")
    assert any("C1" in one and "a slip" in one for one in told)


def test_nobody_is_erased_again_before_every_plugin_with_tables_can_be_asked(centre):
    centre.desk.execute(DisablePlugin(actor="adam", plugin="beast", reason="noise"))
    noted_in_the_ledger(centre, "C1")

    told = worked(centre)
    assert erased(centre) == set()
    assert any("enable these: beast" in one for one in told)

    centre.start_again(beast=WILLING)
    centre.desk.execute(EnablePlugin(actor="adam", plugin="beast"))
    centre.clock.advance(timedelta(days=2))
    worked(centre)
    assert erased(centre) == {"C1"}
    assert not is_known(centre, "C1")
