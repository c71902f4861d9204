"""One demonstration that is served, for all tests of a module that only ask it or leave nothing in others' way."""

import pytest

from .demonstration import demonstration


@pytest.fixture(scope="module")
def desk_root(tmp_path_factory):
    return tmp_path_factory.mktemp("demonstration") / "desk"


@pytest.fixture(scope="module")
def desk_client(desk_root):
    with demonstration(desk_root) as client:
        yield client
