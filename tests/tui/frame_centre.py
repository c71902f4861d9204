"""A small workspace for the tests of what is the same everywhere."""

from pathlib import Path

from casewright.access import passwords
from casewright.commands import OpenTicket, SetPassword
from casewright.desk import open_desk
from casewright.model import SYSTEM

from ..server.served import founded

PASSWORD = "correct horse battery"
SUBJECTS = ("宽带很慢", "Roaming abroad", "A second SIM")


def centre(root: Path, *, sign_in: str = "trusted") -> Path:
    """Make a workspace with a few inquiries of the administrator."""
    config = founded(root, sign_in=sign_in)
    with open_desk(config) as desk:
        if sign_in == "password":
            verifier = passwords.hashed(PASSWORD)
            desk.execute_as_system(SetPassword(actor=SYSTEM, name="ada", verifier=verifier))
        for subject in SUBJECTS if sign_in == "trusted" else ():
            fields = {"subject": subject, "question": "What is to be done about it?"}
            desk.execute(OpenTicket(actor="ada", workflow="inquiry", fields=fields))
    return root
