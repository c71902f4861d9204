"""Tests of the terminal run in asyncio's loop; one that is `async` says so by `pytestmark = pytest.mark.anyio`."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
