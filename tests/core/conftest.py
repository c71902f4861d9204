"""The real event logs, read once per run (tests that need them are skipped where they are absent), and a small centre."""

from pathlib import Path

import pytest
import yaml

from casewright.exchange.log_columns import guess_columns
from casewright.exchange.log_model import Case, Columns
from casewright.exchange.logs import read_cases

from .private_centre import MATTER, PrivateCentre
from .small_centre import SmallCentre
from .time_desk import TimeDesk

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the folder shared/data is not beside this repository")
    return DATA


@pytest.fixture(scope="session")
def facts(real_data):
    return yaml.safe_load((real_data / "expected_facts.yaml").read_text())


@pytest.fixture(scope="session")
def helpdesk(real_data) -> tuple[Columns, list[Case]]:
    path = real_data / "helpdesk_it.csv"
    columns = guess_columns(path)
    return columns, read_cases(path, columns)


@pytest.fixture(scope="session")
def incidents(real_data) -> tuple[Columns, list[Case]]:
    path = real_data / "BPIC13_incidents.xes.gz"
    columns = guess_columns(path, activity=["concept:name", "lifecycle:transition"])
    return columns, read_cases(path, columns)


@pytest.fixture
def centre(workspace, clock):
    """A centre without a workflow yet: the test publishes its own."""
    made = SmallCentre(workspace, clock)
    yield made
    made.desk.close()


@pytest.fixture
def timed(workspace, clock):
    """A centre whose clock the test drives, without a workflow yet."""
    made = TimeDesk(workspace, clock)
    yield made
    made.desk.close()


@pytest.fixture
def private(workspace, clock):
    """A centre whose tickets and customers hold personal data."""
    made = PrivateCentre(workspace, clock)
    made.publish(MATTER)
    yield made
    made.desk.close()
