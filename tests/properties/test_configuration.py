"""The configuration read again is the one that somebody reads anew, whatever was changed, taken out or taken back meanwhile."""

from contextlib import closing, suppress
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.model import Person
from casewright.store import configuration, migrate
from casewright.store.configuration import Configuration, Reader
from casewright.store.database import Database

_NAMES = st.sampled_from(["ana", "ben", "cleo"])
_TITLES = st.sampled_from(["One", "Other"])
_PEOPLE = st.builds(
    lambda name, en, active, roles: Person(
        name=name, en=en, zh="人", active=active, roles=frozenset(roles)
    ),
    _NAMES,
    _TITLES,
    st.booleans(),
    st.sets(_NAMES),
)
_TABLES = st.dictionaries(
    _NAMES, _TITLES.map(lambda en: {"title": {"en": en, "zh": "表"}, "rows": {}}), max_size=3
)
_FILES = st.dictionaries(_NAMES, st.dictionaries(_NAMES, st.integers(0, 1)), max_size=3)
_CHANGES = st.tuples(
    st.one_of(
        st.tuples(st.just("person"), _PEOPLE),
        st.tuples(st.just("table"), _TABLES),
        st.tuples(st.just("file"), _FILES),
    ),
    st.booleans(),
)


class _TakenBack(Exception):
    pass


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("read") / "casewright.db"
    with closing(Database(path, synchronous="OFF")) as made:
        migrate.migrate(made, at=datetime(2026, 1, 1, tzinfo=UTC), path=str(path))
        yield made


@settings(max_examples=100, deadline=None)
@given(changes=st.lists(_CHANGES, max_size=12))
def test_what_is_read_again_is_what_is_read_anew(database, changes):
    assert _differences(database, changes) == []


def test_a_reader_that_keeps_what_was_changed_is_found_out(database, monkeypatch):
    class Same:
        def __ne__(self, other: object) -> bool:
            return False

    read = Reader.read

    def careless(self: Reader) -> Configuration:
        found = read(self)
        self._last = {key: (Same(), value) for key, (_, value) in self._last.items()}
        return found

    monkeypatch.setattr(Reader, "read", careless)
    people = [Person(name="ana", en=en, zh="人") for en in ("One", "Other")]

    assert _differences(database, [(("person", one), True) for one in people])


def _differences(database, changes):
    """What a reader that reads after each change has otherwise than one that has just come."""
    reader, found = Reader(database), []
    for (kind, said), stays in changes:
        with suppress(_TakenBack), database.write():
            if kind == "person":
                configuration.save_person(database, said)
            else:
                configuration.save_set(database, kind, said)
            reader.read()
            if not stays:
                raise _TakenBack
        again, anew = reader.read(), Reader(database).read()
        found += [
            (kind, said, one.name)
            for one in fields(Configuration)
            if getattr(again, one.name) != getattr(anew, one.name)
        ]
    return found
