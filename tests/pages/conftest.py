"""One served workspace for all that is asked of its pages."""

import pytest

from .site import site as serving


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("pages") / "site") as found:
        yield found
