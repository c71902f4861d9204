"""The people of a log: who acted becomes somebody on the staff, told apart from the real staff by `log.`."""

import hashlib
import re
from collections.abc import Iterable, Mapping

from casewright.commands import SavePerson
from casewright.exchange.log_model import Case

PREFIX = "log."
UNKNOWN = PREFIX + "unknown"
"""Acts where the log names nobody."""

_LONGEST = 40


def person_name(agent: str | None) -> str:
    """Return the login name of a log's agent: `Value 2` -> `log.value_2`.

    It depends on the agent's text alone. Where signs or letters are lost on the way, a few digits
    of the text's hash keep two agents apart; capitals alone do not make another person.
    """
    if agent is None:
        return UNKNOWN
    told = " ".join(agent.casefold().split())
    slug = re.sub(r"\W+", "_", told).strip("_")[:_LONGEST].rstrip("_")
    if slug.replace("_", " ") == told and PREFIX + slug != UNKNOWN:
        return PREFIX + slug
    mark = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{PREFIX}{slug}_{mark}" if slug else PREFIX + mark


def names_of(cases: Iterable[Case]) -> dict[str | None, str]:
    """Return the login name of each agent that the log names, or None, in the log's order."""
    agents = dict.fromkeys(event.agent for case in cases for event in case.events)
    return {agent: person_name(agent) for agent in agents}


def staff_of(
    names: Mapping[str | None, str], *, role: str, actor: str
) -> dict[str, SavePerson]:
    """Return by login name the commands that put agents on the staff, titled as the log has them."""
    staff: dict[str, SavePerson] = {}
    for agent, name in names.items():
        if name not in staff:
            en, zh = ("Unknown", "未知") if agent is None else (agent, agent)
            staff[name] = SavePerson(actor=actor, name=name, en=en, zh=zh, roles=(role,))
    return staff
