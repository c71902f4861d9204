"""One served workspace with both doors for all tests of a process: to start it takes seconds."""

from collections.abc import Iterator

import pytest

from .door_site import DoorSite, has_ssh, opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoorSite]:
    if not has_ssh():
        pytest.skip("there is no ssh client here (Debian: openssh-client)")
    with opened(tmp_path_factory.mktemp("doors")) as made:
        yield made
