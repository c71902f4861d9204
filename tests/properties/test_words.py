"""Random workflows are valid, and between them they use every word of the language."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casewright.access.roles import roles_from_data
from casewright.document import Document, Mark
from casewright.forms.load import form_from_data
from casewright.workflows.check import check_paths, check_workflow
from casewright.workflows.load import read_workflow
from casewright.workflows.surroundings import Surroundings
from casewright.workflows.tables import table_from_data
from casewright.workflows.words import CONSTRUCTS

from .expressions import Choices
from .surroundings import CALENDARS, DEPARTMENTS, ROLES
from .workflows import Workspace
from .workflows import workspace as any_workspace

EXAMPLES = 320
OCCURRENCES = 100
"""Which seeds are drawn depends on the modules that happen to be loaded: the examples leave room for that."""


def test_random_workflows_are_valid_and_use_every_word_of_the_language():
    seen: Counter[tuple[str, str]] = Counter()

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
              phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.integers(0, 2**63))
    def every_one_is_valid(seed: int) -> None:
        workspace = any_workspace(Choices.seeded(seed))
        through_files = not seen or not sum(seen.values()) % 7
        problems = _problems_of_files(workspace) if through_files else _problems(workspace)
        assert problems == []
        for data in workspace.workflows.values():
            seen.update(set(_words("Workflow", data)))

    every_one_is_valid()

    rare = {word: seen[word] for word in _every_word() if seen[word] < OCCURRENCES}
    assert rare == {}


def _problems_of_files(workspace: Workspace) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = workspace.write(Path(folder) / "workspace")
        return [str(one) for one in check_paths([root / "workflows"]) if one.grave]


def _problems(workspace: Workspace) -> list[str]:
    """The same without files, which take most of the time: what a file says is the data it was made of."""
    around = Surroundings(
        forms={name: form_from_data(name, data) for name, data in workspace.forms.items()},
        roles=roles_from_data({"roles": ROLES}),
        tables={"departments": table_from_data("departments", DEPARTMENTS)},
        workflows={name: data.get("form") for name, data in workspace.workflows.items()},
        calendars=frozenset({"always", *CALENDARS}),
    )
    return [
        problem
        for data in workspace.workflows.values()
        for problem in _problems_of(data, around)
    ]


def _problems_of(data: dict[str, Any], around: Surroundings) -> list[str]:
    document = Document(data=data, file=f"{data['workflow']}.yaml", marks=Mark(1, 1))
    workflow, faults = read_workflow(document)
    found = check_workflow(workflow, document, around) if workflow else []
    return [f"{data}: {one}" for one in (*faults, *found) if one.grave]


def _every_word() -> list[tuple[str, str]]:
    return [(construct, word) for construct, words in CONSTRUCTS.items() for word in words]


def _words(construct: str, data: Any) -> Iterator[tuple[str, str]]:
    """Yield every word that stands in a part of a workflow, with the construct that it stands in."""
    if construct == "Transition" and isinstance(data, str):
        yield construct, "to"
        return
    for word, value in data.items():
        yield construct, word
        for shape in CONSTRUCTS[construct][word].shapes:
            kind, _, inner = shape.partition(":")
            if kind in CONSTRUCTS and isinstance(value, dict):
                yield from _words(kind, value)
            elif inner == "Ladder":
                yield from (
                    found
                    for steps in value.values()
                    for step in steps
                    for found in _words("LadderStep", step)
                )
            elif inner in CONSTRUCTS and isinstance(value, dict) and kind == "table":
                yield from (found for one in value.values() for found in _words(inner, one))
            elif inner in CONSTRUCTS and isinstance(value, list) and kind == "list":
                yield from (found for one in value for found in _words(inner, one))
