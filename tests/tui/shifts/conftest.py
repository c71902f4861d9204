"""One workspace for the shifts of a module."""

from pathlib import Path

import pytest

from .centre import made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a customer and all the people of the demonstration."""
    return made(tmp_path_factory.mktemp("shift") / "workspace")
