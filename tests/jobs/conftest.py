"""A workspace beside a file, and one on a server: what is due is handed out in both."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from casewright.clock import SetClock

from ..core.worker_site import WorkerSite
from ..postgres.conftest import server
from ..postgres.own_server import Server

__all__ = ["server"]
MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture(params=["embedded", "procrastinate"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkerSite]:
    """A workspace whose clock stands, with the backend of its database."""
    address = ""
    if request.param == "procrastinate":
        served: Server = request.getfixturevalue("server")
        address = served.address(f"s{uuid4().hex}")
    made = WorkerSite(tmp_path, SetClock(MOMENT), postgres=address)
    try:
        yield made
    finally:
        made.desk.close()


@pytest.fixture
def on_server(server: Server, tmp_path: Path) -> Iterator[WorkerSite]:
    """A workspace on a server."""
    address = server.address(f"s{uuid4().hex}")
    made = WorkerSite(tmp_path, SetClock(MOMENT), postgres=address)
    try:
        yield made
    finally:
        made.desk.close()
