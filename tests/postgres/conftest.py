"""One PostgreSQL server for all tests here; where there can be none, they are skipped and say why."""

from collections.abc import Iterator

import pytest

from .own_server import Server, missing, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with running() as found:
        yield found
