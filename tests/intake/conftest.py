"""A centre with a mailbox."""

import pytest

from casewright.clock import SetClock

from ..conftest import MONDAY_MORNING
from .mailbox_centre import RULES, MailboxCentre


@pytest.fixture
def centre(workspace, clock):
    made = MailboxCentre(workspace, clock)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def all_comers(tmp_path_factory):
    """A centre that many mails come to."""
    rules = RULES.replace("most_per_hour: 5", "most_per_hour: 10000")
    root = tmp_path_factory.mktemp("all") / "workspace"
    made = MailboxCentre(root, SetClock(MONDAY_MORNING), rules=rules)
    yield made
    made.desk.close()
