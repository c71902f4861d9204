"""The plugin's section of casewright.toml: the workflows of articles and of their corrections."""

from collections.abc import Mapping
from typing import Any

from casewright import Setting, text

ARTICLES, CORRECTIONS, CATEGORY = "workflow", "corrections", "category"
SETTINGS = (
    Setting(
        name=ARTICLES,
        default="knowledge",
        help=text("the workflow whose tickets are articles"),
    ),
    Setting(
        name=CORRECTIONS,
        default="correction",
        help=text("the workflow in which an article that is wrong is corrected"),
    ),
    Setting(
        name=CATEGORY,
        default="category",
        help=text("the field of tickets that says what they are about, as articles say it"),
    ),
)


def articles(settings: Mapping[str, Any]) -> str:
    """Return the workflow of articles."""
    return str(settings[ARTICLES])


def corrections(settings: Mapping[str, Any]) -> str:
    """Return the workflow of corrections."""
    return str(settings[CORRECTIONS])


def category_of(settings: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    """Return what a ticket is about, "" where it does not say it."""
    return str(fields.get(str(settings[CATEGORY])) or "")
