"""What publishing does to the files of a workspace that are no workflows: `customers.yaml` and those of plugins."""

from collections.abc import Mapping
from typing import Any

from casewright.compact_json import canonical

TAKEN_OVER, UNCHANGED, GONE = "taken_over", "unchanged", "gone"


def file_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, str]:
    """Return for each file whether it was taken over, is unchanged, or went out of force as it is not there any more."""
    return {name: _change(before.get(name), now.get(name)) for name in sorted({*before, *now})}


def _change(before: Any, now: Any) -> str:
    if now is None:
        return GONE
    same = before is not None and canonical(before) == canonical(now)
    return UNCHANGED if same else TAKEN_OVER
