"""The documents of plugins are found alike on both databases."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.store import migrate
from casewright.store.database import Database
from casewright.store.opening import open_database
from casewright.store.plugin_texts import PluginTexts
from casewright.store.search import runs_of

from .own_server import Server

WORDS = (
    "宽带",
    "带宽",
    "退费",
    "Router",
    "rout",
    "a'b",
    "\\",
    "月租费",
    "费",
    "Tariff 5",
    "五G",
)
LABELS = ("staff", "role:agent", "role:agent_2", "类别", "a b")


@pytest.fixture(scope="module")
def databases(tmp_path_factory, server: Server) -> Iterator[tuple[Database, Database]]:
    """A file and a server with the same documents of two plugins."""
    folder = tmp_path_factory.mktemp("texts")
    with (
        closing(Database(folder / "casewright.db", synchronous="OFF")) as file,
        closing(
            open_database(folder / "casewright.db-server", server=server.address())
        ) as there,
    ):
        for database in (file, there):
            migrate.migrate(database, at=datetime(2026, 3, 2, tzinfo=UTC), path="here")
            with database.write():
                _fill(database)
        yield file, there


def _fill(database: Database) -> None:
    draw = random.Random(7)
    index = PluginTexts(database, "one", writable=True)
    other = PluginTexts(database, "other", writable=True)
    for number in range(60):
        texts = [
            " ".join(draw.choices(WORDS, k=draw.randrange(5)))
            for _ in range(draw.randint(1, 3))
        ]
        index.put(f"d{number}", texts, labels=draw.sample(LABELS, draw.randrange(3)))
        other.put(f"d{number}", ["宽带 Router"])
    index.put("d1", ["replaced"])
    index.remove("d2")


@settings(max_examples=200, deadline=None)
@given(
    every=st.lists(
        st.sampled_from((*WORDS, "带", "宽带 退费", "无", "ro", "r", "5")), max_size=2
    ),
    some=st.lists(st.sampled_from(WORDS), max_size=4),
    least=st.integers(1, 3),
    labels=st.lists(st.lists(st.sampled_from(LABELS), max_size=2), max_size=2),
)
def test_the_same_documents_are_found_the_most_fitting_first(
    databases, every, some, least, labels
):
    found = []
    for database in databases:
        with database.read():
            index = PluginTexts(database, "one", writable=False)
            seek = partial(index.find, every=every, labels=labels)
            got = seek(some=some, least=least, limit=1000)
            few = seek(some=some, least=least, limit=3)
            said = [word for word in some if runs_of(word)]
            each = [{one.name for one in seek(some=[word], limit=1000)} for word in said]
        ranks = [one.rank for one in got]
        assert ranks == sorted(ranks, reverse=True)
        assert few == got[:3]
        if said:
            having = Counter(name for names in each for name in names)
            wanted = {name for name, times in having.items() if times >= min(least, len(said))}
            assert {one.name for one in got} == wanted
        found.append({one.name for one in got})
    assert found[0] == found[1]


def test_a_single_letter_stands_for_itself(databases):
    for database in databases:
        with database.write():
            index = PluginTexts(database, "fourth", writable=True)
            index.put("plan", ["plan a"])
            index.put("about", ["about plans"])
            assert [one.name for one in index.find(every=["a plan"])] == ["plan"]


def test_the_strong_text_counts_most_on_both(databases):
    for database in databases:
        with database.write():
            index = PluginTexts(database, "third", writable=True)
            index.put("weak", ["other", "other", "invoice"])
            index.put("middle", ["other", "invoice", "other"])
            index.put("strong", ["invoice", "other", "other"])
            found = index.find(every=["invoice"])
            assert [one.name for one in found] == ["strong", "middle", "weak"]
