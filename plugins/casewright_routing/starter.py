"""The routing.yaml that a workspace begins with: it names the people of the demonstration, and is to be edited."""

from pathlib import Path

from casewright_routing.routing_file import NAME


def starter() -> str:
    """Return the text of the starter."""
    return Path(__file__).with_name(NAME).read_text("utf-8")
