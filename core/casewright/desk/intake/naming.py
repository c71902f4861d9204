"""What `intake.yaml` names of its workspace: workflows, and fields of their forms."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from casewright import strict_yaml
from casewright.customers.naming import Named
from casewright.desk.intake.page_naming import (
    channels_of_pages,
    map_problems,
    page_problems,
    shape_problems,
)
from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import FileUnreadable, Message, Problem, YamlRefused, message
from casewright.forms.spec import Form
from casewright.intake.rules_file import FILE, load
from casewright.nearest import hint

__all__ = ["FILE", "intake_problems"]


def intake_problems(root: Path, path: Path | None = None) -> list[Problem]:
    """Return what is wrong with the file of the workspace at `root`; one that is not there is no problem."""
    file = path or root / FILE
    if path is None and not file.exists():
        return []
    document, found = load(file)
    if document is None:
        return found
    if shape := shape_problems(document):
        return sorted((*found, *shape), key=lambda one: one.place)
    named = Named(root)
    return sorted(_problems(document, named, root), key=lambda one: one.place)


def _problems(document: Document, named: Named, root: Path) -> Iterator[Problem]:
    if not named.workflows:
        return
    for name, channel in document.data.get("channels", {}).items():
        path: DocumentPath = ("channels", name)
        for index, rule in enumerate(channel.get("rules", ())):
            if "open" in rule:
                yield from _rule(document, (*path, "rules", index), rule, channel, named, root)

    def form_of(workflow: str) -> Form | None:
        return _form_of(workflow, named, root)

    def promises_of(workflow: str) -> Collection[str] | None:
        promises = _workflow(workflow, root).get("promises", {})
        return promises if isinstance(promises, dict) else None

    yield from page_problems(document, named.workflows, form_of, promises_of)
    yield from map_problems(document, form_of)


def _rule(
    document: Document,
    path: DocumentPath,
    rule: Mapping[str, Any],
    channel: Mapping[str, Any],
    named: Named,
    root: Path,
) -> Iterator[Problem]:
    workflow = rule["open"]
    if workflow not in named.workflows:
        near = hint(workflow, sorted(named.workflows))
        reason = message("there is no workflow '{name}'{hint}", name=workflow, hint=near)
        yield _unknown(document, (*path, "open"), reason)
        return
    form = _form_of(workflow, named, root)
    if form is None:
        return
    for field in rule.get("fields", {}):
        if field not in form.fields:
            template = "the form of the workflow '{workflow}' has no field '{name}'{hint}"
            near = hint(field, sorted(form.fields))
            reason = message(template, workflow=workflow, name=field, hint=near)
            yield _unknown(document, (*path, "fields", field), reason, key=True)
    filled = {**channel.get("fields", {}), **rule.get("fields", {})}
    missing = [one for one in form.schema.get("required", ()) if one not in filled]
    if missing and "map" not in channel and path[1] not in channels_of_pages(document):
        template = "a ticket of '{workflow}' needs {fields}, and no field says what becomes of it: such mail would wait unsorted"
        reason = message(template, workflow=workflow, fields=missing)
        place = document.place((*path, "open"))
        yield Problem(code="intake.missing_field", message=reason, place=place, grave=False)


def _form_of(workflow: str, named: Named, root: Path) -> Form | None:
    """Return the form that a workflow's tickets are opened with; None where it has none, or cannot be read."""
    form = _workflow(workflow, root).get("form")
    return named.forms.get(form) if isinstance(form, str) else None


def _workflow(name: str, root: Path) -> Mapping[str, Any]:
    """Return what a workflow's file says; nothing where it cannot be read, which is told elsewhere."""
    for suffix in (".yaml", ".yml"):
        path = root / "workflows" / f"{name}{suffix}"
        if not path.is_file():
            continue
        try:
            data = strict_yaml.load_file(path).data
        except (FileUnreadable, YamlRefused):
            return {}
        return data if isinstance(data, dict) else {}
    return {}


def _unknown(
    document: Document, path: DocumentPath, reason: Message, *, key: bool = False
) -> Problem:
    place = document.key_place(path) if key else document.place(path)
    return Problem(code="intake.unknown_name", message=reason, place=place)
