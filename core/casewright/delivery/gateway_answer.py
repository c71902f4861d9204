"""What a gateway's answer means: accepted, refused for now or for good, or not to be understood."""

import json
from collections.abc import Mapping

from casewright.delivery.channel import Accepted, Answer, Failed, Rejected
from casewright.patterns import pattern
from casewright.swift_dataclass import dataclass

_RULE = pattern(r"\s*([\w.-]+)\s*==\s*(.+?)\s*")
_FOR_NOW = frozenset({408, 409, 425, 429})
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`path == value, value`: holds when the answer has one of the values there."""

    path: str
    values: tuple[str, ...]

    def holds(self, answer: object) -> bool:
        """Return whether `answer` says so."""
        return found_at(answer, self.path) in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the answers of one gateway."""

    accepted_when: Rule | None
    later_when: Rule | None
    provider_id: str
    reason: str

    def read(self, status: int, octets: bytes) -> Answer:
        """Return what the gateway answered by its status and its body."""
        answer = _value(octets)
        if status >= 500 or status in _FOR_NOW:
            return Rejected(reason=self._why(status, answer), permanent=False)
        if not 200 <= status < 300:
            return Rejected(reason=self._why(status, answer), permanent=True)
        return self._by_rules(status, answer)

    def _by_rules(self, status: int, answer: object) -> Answer:
        if self.later_when is not None and self.later_when.holds(answer):
            return Rejected(reason=self._why(status, answer), permanent=False)
        if self.accepted_when is not None and not self.accepted_when.holds(answer):
            if found_at(answer, self.accepted_when.path) is None:
                return Failed(
                    reason=f"HTTP {status}, no '{self.accepted_when.path}' in the answer"
                )
            return Rejected(reason=self._why(status, answer), permanent=True)
        found = found_at(answer, self.provider_id) if self.provider_id else None
        return Accepted(provider_ids=(found,) if found else ())

    def _why(self, status: int, answer: object) -> str:
        said = found_at(answer, self.reason) if self.reason else None
        shown = "".join(one if one.isprintable() else " " for one in said or "")
        return f"HTTP {status} {shown}".strip()[:_LONGEST_REASON]


def rule_from(written: str) -> Rule | None:
    """Return the rule that an administrator wrote; None when it is none."""
    found = _RULE.fullmatch(written)
    if found is None:
        return None
    values = tuple(one.strip().strip("\"'") for one in found[2].split(","))
    return Rule(path=found[1], values=values)


def found_at(value: object, path: str) -> str | None:
    """Return the text, number or truth at `path` as a text; None for anything else."""
    found = part_at(value, path)
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int | float) else None


def part_at(value: object, path: str) -> object:
    """Return what lies at `path`, names and indexes with dots between; None for nothing."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _value(octets: bytes) -> object:
    try:
        return json.loads(octets)
    except (ValueError, RecursionError):
        return None
