"""A centre with plugins of the test's own, which are importable only while the test runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casewright.clock import SetClock

from .made import installed
from .plugged_centre import ONE_WAY, PluggedCentre

Plug = Callable[..., PluggedCentre]


@pytest.fixture
def plug(tmp_path: Path, workspace: Path, clock: SetClock) -> Iterator[Plug]:
    """Makes a centre with the plugins given by name and source, and publishes a workflow in which anybody may do everything."""
    made: list[PluggedCentre] = []
    site = tmp_path / "site"
    site.mkdir()

    def make(
        *,
        workflow: str = ONE_WAY,
        deadline: float = 0.5,
        grace: float = 2,
        toml: str = "",
        **plugins: str,
    ) -> PluggedCentre:
        centre = PluggedCentre(
            workspace, clock, site, plugins, deadline=deadline, grace=grace, toml=toml
        )
        made.append(centre)
        centre.publish(workflow)
        return centre

    with installed(site):
        yield make
        for centre in made:
            centre.close()
