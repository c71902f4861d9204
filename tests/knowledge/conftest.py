"""What tests of the knowledge base begin with."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.clock import SetClock

from .library import Library, founded


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the plugin, of which each test has a copy."""
    return founded(tmp_path_factory.mktemp("knowledge") / "template")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def library(template: Path, tmp_path: Path, clock: SetClock) -> Iterator[Library]:
    made = Library(template, tmp_path / "w", clock)
    yield made
    made.close()
