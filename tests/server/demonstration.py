"""The shipped demonstration, served, and somebody who may do everything there that anybody may."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from ..conftest import ROOT
from .described import client_of
from .served import ADMIN, founded, served


@contextmanager
def demonstration(root: Path) -> Iterator[httpx.Client]:
    """Yield a client of a demonstration that is served; what it says, somebody with all roles says."""
    founded(root, people=True)
    with (
        served(root) as server,
        client_of(
            server.address.removeprefix("unix:"), **{"Casewright-Actor": ADMIN}
        ) as client,
    ):
        roles = sorted(yaml.safe_load((ROOT / "roles.yaml").read_text())["roles"])
        saved = client.post("/v1/commands/SavePerson", json={"name": ADMIN, "roles": roles})
        assert saved.status_code == 200, saved.text
        yield client
