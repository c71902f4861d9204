"""The link to its status page that a customer is sent with what is written to them, where there are pages for customers."""

from datetime import datetime
from typing import Any

from casewright.config import Config
from casewright.desk.pages_secret import sealer_of
from casewright.model import Ticket
from casewright.texts import Texts

HIDDEN = "…"
"""What stands in the place of the link where somebody else than the customer reads it."""


def has_pages(config: Config, said: Any) -> bool:
    """Return whether customers have pages: the server's `url` is known, and `intake.yaml`, as published, has `pages`."""
    return bool(config.server.url and said and said.get("pages"))


def with_link(
    text: str, config: Config, said: Any, ticket: Ticket, *, language: str, now: datetime
) -> str:
    """Return a text with the link to the page of its ticket below; ConfigRefused, SecretMissing."""
    if not has_pages(config, said):
        return text
    from casewright.pages.said import pages_from_data
    from casewright.pages.status_links import ticket_link

    valid = pages_from_data(said).status.valid
    token = ticket_link(
        sealer_of(config), ticket.key, customer=ticket.customer or "", now=now, valid=valid
    )
    return _below(text, config, token, language)


def with_hidden_link(text: str, config: Config, said: Any, *, language: str) -> str:
    """Return a text as `with_link` would, for others to read: whoever has the link is the customer."""
    return _below(text, config, HIDDEN, language) if has_pages(config, said) else text


def _below(text: str, config: Config, token: str, language: str) -> str:
    link = f"{config.server.url}/s/{token}"
    told = Texts(language).say("How it stands, and where to add something: {link}", link=link)
    return f"{text}\n\n{told}"
