"""What the pages and maps of `intake.yaml` name of their workspace: workflows, promises, and fields of their forms."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from casewright.document import Document
from casewright.document import Path as DocumentPath
from casewright.errors import Message, Problem, message
from casewright.forms.spec import Form
from casewright.intake import maps
from casewright.nearest import hint
from casewright.pages import said

FormOf = Callable[[str], Form | None]
"""Returns the form that a workflow's tickets are opened with, None where it has none or cannot be read."""

PromisesOf = Callable[[str], Collection[str] | None]
"""Returns the promises of a workflow, None where they cannot be read."""


def shape_problems(document: Document) -> list[Problem]:
    """Return what is wrong with the pages and maps of a document before one looks at what they name."""
    return [*said.problems(document), *maps.problems(document)]


def channels_of_pages(document: Document) -> frozenset[str]:
    """Return the channels that pages send to, whose values come from the page."""
    pages = document.data.get("pages", {})
    return frozenset(one.get("channel", name) for name, one in pages.items())


def page_problems(
    document: Document, workflows: Collection[str], form_of: FormOf, promises_of: PromisesOf
) -> Iterator[Problem]:
    """Yield what the pages of a document name and the workspace has not, and what they leave out."""
    for name, page in said.pages_from_data(document.data).forms.items():
        path: DocumentPath = ("pages", name)
        if page.workflow not in workflows:
            near = hint(page.workflow, sorted(workflows))
            reason = message(
                "there is no workflow '{name}'{hint}", name=page.workflow, hint=near
            )
            yield _wrong(document, (*path, "workflow"), reason)
            continue
        promises = promises_of(page.workflow)
        if page.promise and promises is not None and page.promise not in promises:
            template = "the workflow '{workflow}' has no promise '{name}'{hint}"
            near = hint(page.promise, sorted(promises))
            reason = message(template, workflow=page.workflow, name=page.promise, hint=near)
            yield _wrong(document, (*path, "promise"), reason)
        form = form_of(page.workflow)
        if form is None:
            continue
        for index, field in enumerate(page.fields):
            yield from _field(document, (*path, "fields", index), field, page.workflow, form)
        for field in page.always:
            yield from _field(document, (*path, "always", field), field, page.workflow, form)
        yield from _left_out(document, path, {*page.fields, *page.always}, page.workflow, form)


def map_problems(document: Document, form_of: FormOf) -> Iterator[Problem]:
    """Yield the fields that a channel's map fills and no form has of the workflows that it opens."""
    for name, channel in document.data.get("channels", {}).items():
        opened = {rule["open"] for rule in channel.get("rules", ()) if "open" in rule}
        forms = [form for form in map(form_of, sorted(opened)) if form is not None]
        for field in channel.get("map", {}).get("fields", {}) if forms else ():
            if not any(field in form.fields for form in forms):
                known = sorted({one for form in forms for one in form.fields})
                template = "no form that this channel opens has the field '{name}'{hint}"
                reason = message(template, name=field, hint=hint(field, known))
                yield _wrong(document, ("channels", name, "map", "fields", field), reason)


def _field(
    document: Document, path: DocumentPath, field: str, workflow: str, form: Form
) -> Iterator[Problem]:
    if field in form.fields:
        return
    template = "the form of the workflow '{workflow}' has no field '{name}'{hint}"
    near = hint(field, sorted(form.fields))
    reason = message(template, workflow=workflow, name=field, hint=near)
    yield _wrong(document, path, reason)


def _left_out(
    document: Document, path: DocumentPath, given: Collection[str], workflow: str, form: Form
) -> Iterator[Problem]:
    required: Any = form.schema.get("required", ())
    missing = [one for one in required if one not in given]
    if missing:
        template = "a ticket of '{workflow}' needs {fields}, which the page neither asks nor says: what it sends would wait unsorted"
        reason = message(template, workflow=workflow, fields=missing)
        place = document.place((*path, "fields"))
        yield Problem(code="intake.missing_field", message=reason, place=place, grave=False)


def _wrong(document: Document, path: DocumentPath, reason: Message) -> Problem:
    return Problem(code="intake.unknown_name", message=reason, place=document.place(path))
