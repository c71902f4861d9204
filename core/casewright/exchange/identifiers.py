"""Names for a workflow file, made from what people wrote in a log: never two alike."""

import hashlib
import re
from collections.abc import Iterable

TRANSITION_PREFIX = "to_"
"""Tells a transition from the state it leads to, so that a promise can name either."""

START = "opened"
"""The state of a ticket before the first event of its case."""

_TAKEN = frozenset(
    [START, "withdrawn", "merged", "y", "yes", "n", "no", "on", "off", "true", "false", "null"]
)
_LONGEST = 40


def state_names(activities: Iterable[str]) -> dict[str, str]:
    """Return a state name for each activity: `Take in charge` -> `take_in_charge`.

    What is not written in ASCII letters is numbered (`activity_07`); its title keeps the words.
    """
    names: dict[str, str] = {}
    used = set(_TAKEN)
    for number, activity in enumerate(activities, start=1):
        name = _free(_slug(activity) or f"activity_{number:02d}", used)
        # A state called `to_x` must not meet the transition to a state called `x`.
        used |= {name, TRANSITION_PREFIX + name, name.removeprefix(TRANSITION_PREFIX)}
        names[activity] = name
    return names


def workflow_name(text: str) -> str:
    """Return the name of a workflow kept in a file of this stem, as `check` expects it there."""
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") if text.isascii() else ""
    return name if name[:1].isalpha() else "discovered"


def ticket_prefix(name: str) -> str:
    """Return five capital letters that begin the keys of its tickets.

    The last two are drawn from the whole name, since two workflows of a workspace may not share a prefix.
    """
    letters = "".join(re.findall(r"[a-z]", name))[:3].upper().ljust(3, "L")
    drawn = hashlib.sha256(name.encode()).digest()
    return letters + "".join(chr(ord("A") + byte % 26) for byte in drawn[:2])


def _slug(text: str) -> str:
    if any(letter.isalnum() and not letter.isascii() for letter in text):
        return ""
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:_LONGEST].rstrip("_")
    return f"activity_{slug}" if slug[:1].isdigit() or slug in _TAKEN else slug


def _free(name: str, used: set[str]) -> str:
    number, free = 1, name
    while free in used or TRANSITION_PREFIX + free in used:
        number += 1
        free = f"{name}_{number}"
    return free
