"""Where the steps of a workflow's ladders stand in its file, so that a finding can point there."""

from collections.abc import Iterator
from pathlib import Path

from casewright import strict_yaml
from casewright.document import Document
from casewright.errors import Place
from casewright.rehearse.stage import Stage
from casewright.workflows import thresholds
from casewright.workflows.spec import LadderStep, Workflow

_EVERY = "every "


class LadderPlaces:
    """The ladders of the workflow that is rehearsed, and of the others of its workspace that take part."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._documents: dict[str, Document] = {stage.workflow.name: stage.document}

    def step(
        self, workflow: Workflow, promise: str, threshold: str
    ) -> tuple[LadderStep | None, Place]:
        """Return the step that has a threshold, and where it stands; else where its ladder does."""
        steps = workflow.ladder.get(promise, ())
        for index, step in enumerate(steps):
            if _has(step, threshold):
                return step, self.place(workflow, promise, index)
        return None, self._of(workflow).key_place(("ladder", promise))

    def place(self, workflow: Workflow, promise: str, index: int) -> Place:
        """Return where a step stands, by its position in its ladder."""
        return self._of(workflow).place(("ladder", promise, index))

    def steps(self) -> Iterator[tuple[str, LadderStep, Place]]:
        """Yield the steps of the workflow that is rehearsed: promise, step, and where it stands."""
        workflow = self._stage.workflow
        for promise, steps in workflow.ladder.items():
            for index, step in enumerate(steps):
                yield promise, step, self.place(workflow, promise, index)

    def _of(self, workflow: Workflow) -> Document:
        known = self._documents.get(workflow.name)
        if known is None:
            path = Path(self._stage.config.root, "workflows", f"{workflow.name}.yaml")
            known = self._documents[workflow.name] = strict_yaml.load_file(path)
        return known


def _has(step: LadderStep, threshold: str) -> bool:
    """Whether a threshold, as notices and events name it, is one of the step's: `80%`, `every 1 day #3`."""
    if threshold.startswith(_EVERY):
        pace = threshold.removeprefix(_EVERY).partition(" #")[0]
        return step.every is not None and str(step.every) == pace
    if step.every is not None:
        return False
    written = threshold.partition(" (")[0]
    return thresholds.fault(written) is None and thresholds.threshold(written) == step.at
