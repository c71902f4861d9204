"""What a workspace has by its files, for the files of plugins that name it: workflows, their states and fields."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casewright.contributions import WorkflowNames
from casewright.forms.spec import Form

_DEEPEST = 50
"""So many levels of a workflow file are looked through; none that can be read has more."""


def names_of_workflows(
    written: Mapping[Path, Mapping[str, Any]], forms: Mapping[str, Form]
) -> Mapping[str, WorkflowNames]:
    """Return the states and fields of workflow files, as far as they can be read."""
    return {path.stem: _names(data, forms) for path, data in written.items()}


def _names(data: Mapping[str, Any], forms: Mapping[str, Form]) -> WorkflowNames:
    return WorkflowNames(states=_states(data), fields=_fields(data, forms))


def _states(data: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the states, with those inside of others; None for a file without any."""
    found: set[str] = set()
    for states in _values_of(data, "states"):
        if not isinstance(states, dict):
            return None
        found.update(str(name) for name in states)
    return frozenset(found) or None


def _fields(data: Mapping[str, Any], forms: Mapping[str, Form]) -> frozenset[str] | None:
    """Return the fields of all forms that the workflow names; None where one of those cannot be read."""
    if not data:
        return None
    found: set[str] = set()
    for name in _values_of(data, "form"):
        form = forms.get(name) if isinstance(name, str) else None
        if form is None:
            return None
        found.update(form.fields)
    return frozenset(found)


def _values_of(data: Any, word: str, depth: int = 0) -> Iterator[Any]:
    """Yield what stands at `word`, however deep in the file."""
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for name, one in data.items():
            if name == word:
                yield one
            yield from _values_of(one, word, depth + 1)
    elif isinstance(data, list):
        for one in data:
            yield from _values_of(one, word, depth + 1)
