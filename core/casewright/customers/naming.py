"""What `customers.yaml` names of its workspace: workflows, fields of their forms, and what these may be answered with."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import FileUnreadable, Message, Problem, YamlRefused, message
from casewright.forms.load import EXTENSIONS, load_form
from casewright.forms.spec import Form
from casewright.nearest import hint
from casewright.swift_dataclass import dataclass
from casewright.workflows.surroundings import WORKFLOW_SUFFIXES, is_workflow


@dataclass(frozen=True)
class Named:
    """The workflows and forms of the workspace at `root`; one that cannot be read is None, and allows anything."""

    root: Path

    @cached_property
    def workflows(self) -> Mapping[str, frozenset[str] | None]:
        """The forms that each workflow names."""
        files = (one for one in _files(self.root / "workflows", WORKFLOW_SUFFIXES))
        return {one.stem: _forms_of(one) for one in files if is_workflow(one)}

    @cached_property
    def forms(self) -> Mapping[str, Form | None]:
        """The forms by name."""
        return {one.stem: load_form(one)[0] for one in _files(self.root / "forms", EXTENSIONS)}

    def forms_of(self, workflow: str) -> list[Form] | None:
        """Return the forms of a workflow, of "" all; None where one of them cannot be read."""
        names = self.workflows.get(workflow) if workflow else frozenset(self.forms)
        found = [self.forms.get(name) for name in names or ()]
        known = [one for one in found if one is not None]
        return known if names is not None and len(known) == len(found) else None


def naming_problems(document: Document, named: Named) -> Iterator[Problem]:
    """Yield what a document, whose shape was checked before, names and the workspace has not."""
    if not named.workflows:
        return
    complaints = document.data.get("complaints", ())
    for index, name in enumerate(complaints):
        yield from _workflow_problem(document, ("complaints", index), name, named)
    for index, one in enumerate(document.data.get("survey", ())):
        yield from _survey_problems(document, ("survey", index), one, named)


def _survey_problems(
    document: Document, path: DocumentPath, data: Mapping[str, Any], named: Named
) -> Iterator[Problem]:
    workflow, name = data.get("workflow", ""), data["field"]
    wrong = list(_workflow_problem(document, (*path, "workflow"), workflow, named))
    yield from wrong
    forms = None if wrong else named.forms_of(workflow)
    if forms is None:
        return
    asked = [form.fields[name] for form in forms if name in form.fields]
    if not asked:
        known = {field for form in forms for field in form.fields}
        near = hint(name, sorted(known))
        reason = (
            message(
                "no form of the workflow '{workflow}' has a field '{name}'{hint}",
                workflow=workflow,
                name=name,
                hint=near,
            )
            if workflow
            else message("no form has a field '{name}'{hint}", name=name, hint=near)
        )
        yield _unknown(document, (*path, "field"), reason)
        return
    choices = sorted({choice for field in asked for choice in field.choices})
    if all(field.choices for field in asked):
        for answer in data["points"]:
            if answer not in choices:
                template = "the field '{name}' has no choice '{answer}'{hint}"
                near = hint(str(answer), choices)
                reason = message(template, name=name, answer=answer, hint=near)
                yield _unknown(document, (*path, "points", answer), reason, key=True)


def _workflow_problem(
    document: Document, path: DocumentPath, name: str, named: Named
) -> Iterator[Problem]:
    if name and name not in named.workflows:
        near = hint(name, sorted(named.workflows))
        reason = message("there is no workflow '{name}'{hint}", name=name, hint=near)
        yield _unknown(document, path, reason)


def _unknown(
    document: Document, path: DocumentPath, reason: Message, *, key: bool = False
) -> Problem:
    place = document.key_place(path) if key else document.place(path)
    return Problem(code="customers.unknown_name", message=reason, place=place)


def _forms_of(path: Path) -> frozenset[str] | None:
    try:
        data = strict_yaml.load_file(path).data
    except (FileUnreadable, YamlRefused):
        return None
    return frozenset(_form_names(data)) if isinstance(data, dict) else None


def _form_names(data: Any) -> Iterator[str]:
    """Yield whatever is written behind `form:`, wherever a workflow asks for one."""
    if isinstance(data, dict):
        if isinstance(form := data.get("form"), str):
            yield form
        for one in data.values():
            yield from _form_names(one)
    elif isinstance(data, list):
        for one in data:
            yield from _form_names(one)


def _files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(one for one in folder.iterdir() if one.suffix in suffixes)
