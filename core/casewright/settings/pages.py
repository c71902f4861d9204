"""`[pages]` of `casewright.toml`: the pages for customers, the secret of their links, and how often one address may ask."""

from dataclasses import field
from typing import cast

from casewright.errors import ConfigRefused, Place, message
from casewright.settings.options import Option, checked
from casewright.settings.toml_places import TomlPlaces
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSettings:
    """What seals the links of pages for customers, and their limits."""

    secret: str = field(default="", repr=False)
    """As written, such as `secret://pages`; "" makes `casewright-pages-key` beside the database."""

    forms_an_hour: float = 30
    """How many forms one address may send in an hour."""

    looks_a_minute: float = 60
    """How many status pages one address may open in a minute."""

    least_seconds: float = 3
    """Seconds that a person needs at least to fill in a form; what comes sooner is asked for once more."""

    place: Place = field(default=Place("casewright.toml"))


PAGES_OPTIONS = (
    Option(
        name="secret",
        help="What seals the links to status pages, as `secret://pages`, at least 32 characters; "
        "empty makes `casewright-pages-key` beside the database. Another one ends all links.",
    ),
    Option(
        name="forms_an_hour",
        kind="number",
        default=30,
        help="How many forms one address may send in an hour.",
    ),
    Option(
        name="looks_a_minute",
        kind="number",
        default=60,
        help="How many status pages one address may open in a minute.",
    ),
    Option(
        name="least_seconds",
        kind="number",
        default=3,
        help="Seconds that a person needs at least to fill in a form; what comes sooner is asked for once more.",
    ),
)


def pages_from(written: object, places: TomlPlaces) -> PagesSettings:
    """Return the settings of `[pages]`; ConfigRefused."""
    if not isinstance(written, dict):
        reason = message("'{name}' is a section: [{name}]", name="pages")
        raise ConfigRefused(place=places.of("pages"), reason=reason)
    found = checked(written, PAGES_OPTIONS, section=("pages",), places=places)
    return PagesSettings(
        secret=cast(str, found["secret"]),
        forms_an_hour=float(cast(float, found["forms_an_hour"])),
        looks_a_minute=float(cast(float, found["looks_a_minute"])),
        least_seconds=float(cast(float, found["least_seconds"])),
        place=places.of("pages"),
    )
