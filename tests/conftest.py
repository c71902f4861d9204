"""What most tests begin with: a clock that stands, a desk of the shipped workflows, a workspace of one's own."""

import gc
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from casewright.cli.founding import add_people
from casewright.clock import SetClock
from casewright.config import Config
from casewright.desk import Desk, open_desk, publish

hypothesis.register_profile(
    "casewright", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis.load_profile("casewright")
"""How fast the machine is decides no test."""

ROOT = Path(__file__).resolve().parents[1]
MONDAY_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

OpenDesk = Callable[[], Desk]


def settings(root: Path, home: Path) -> Config:
    """The settings of the workspace `root` whose database is kept in `home`."""
    return Config(
        root=root,
        database=home / "casewright.db",
        attachments=home / "attachments",
        synchronous="NORMAL",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while thousands of tests are collected, which stay, nor among them afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _keys_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no process that it starts, makes a key or keeps a session among the settings of whoever runs it."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patched.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY_MORNING)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty folder for a workspace of the test's own."""
    path = tmp_path / "workspace"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def centre_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shipped workflows published and the people of people.yaml, to be copied."""
    home = tmp_path_factory.mktemp("centre")
    config = settings(ROOT, home)
    with open_desk(config, clock=SetClock(MONDAY_MORNING), create=True) as desk:
        publish(desk, ROOT, [ROOT / "workflows"], actor="system")
        add_people(desk, ROOT / "people.yaml")
    return config.database


@pytest.fixture
def new_desk(
    centre_database: Path, tmp_path_factory: pytest.TempPathFactory, clock: SetClock
) -> Iterator[OpenDesk]:
    """Opens a further desk of the shipped workflows, with a database of its own, at each call."""
    opened: list[Desk] = []

    def make() -> Desk:
        config = settings(ROOT, tmp_path_factory.mktemp("desk"))
        shutil.copyfile(centre_database, config.database)
        opened.append(open_desk(config, clock=clock))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(new_desk: OpenDesk) -> Desk:
    return new_desk()
