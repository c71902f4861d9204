"""Workspaces with a few tickets, for the tests of forms."""

from pathlib import Path

from casewright.commands import OpenTicket
from casewright.config import Config
from casewright.desk import open_desk

from ..server.served import founded

FIELDS = {
    "inquiry": {"subject": "宽带很慢", "question": "What is to be done about it?"},
    "complaint": {
        "subject": "Bill too high",
        "description": "The bill is wrong.",
        "demand": "Refund",
    },
}


def centre(root: Path, *workflows: str) -> Config:
    """Make a workspace in which the administrator holds a ticket of each workflow."""
    config = founded(root, people=True)
    with open_desk(config) as desk:
        for workflow in workflows:
            desk.execute(OpenTicket(actor="ada", workflow=workflow, fields=FIELDS[workflow]))
    return config
