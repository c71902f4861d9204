"""Each story is told at a centre of its own."""

import pytest

from .centre import Centre


@pytest.fixture
def centre(desk, clock) -> Centre:
    return Centre(desk, clock)
