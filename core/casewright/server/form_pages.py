"""`GET /v1/forms`: the forms of the current workflows, each as the JSON Schema that what is entered is held to."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.bilingual import Bilingual
from casewright.desk import Desk
from casewright.errors import NotFound, message
from casewright.forms.spec import Field, Form
from casewright.nearest import hint
from casewright.queries import GetWorkflow, ListWorkflows
from casewright.server.answering import looked_up
from casewright.server.credentials import Credentials
from casewright.server.readers import Readers
from casewright.swift_dataclass import dataclass
from casewright.wire.codec import written


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedForm:
    """A form and the workflow whose current version has it; `opens` is whether it opens tickets of that one."""

    name: str
    workflow: str
    title: Bilingual
    opens: bool


class FormPages:
    """Answers which forms there are, and what each asks."""

    def __init__(self, readers: Readers, credentials: Credentials) -> None:
        self._readers, self._credentials = readers, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return the path of all forms and that of one."""
        return (
            Route("/v1/forms", self._list, methods=["GET"]),
            Route("/v1/forms/{name}", self._get, methods=["GET"]),
        )

    async def _list(self, request: Request) -> Response:
        found = await self._forms(request)
        listed = tuple(one for one, _ in found)
        return await looked_up(request, listed, tuple[ListedForm, ...])

    async def _get(self, request: Request) -> Response:
        name, workflow = request.path_params["name"], request.query_params.get("workflow")
        found = await self._forms(request)
        for one, form in found:
            if one.name == name and workflow in (None, one.workflow):
                return await looked_up(request, document(form), Any)
        near = hint(name, [one.name for one, _ in found])
        raise NotFound(kind=message("form"), name=name, hint=near)

    async def _forms(self, request: Request) -> Sequence[tuple[ListedForm, Form]]:
        door = await self._credentials.door_of(request)
        actor = door.actor or ""
        return await self._readers.at_a_desk(door, lambda desk: forms_of(desk, actor))


def forms_of(desk: Desk, actor: str) -> list[tuple[ListedForm, Form]]:
    """Return the forms of all current workflows as `actor` may see them, by workflow and name."""
    found = []
    for published in desk.ask(ListWorkflows(actor=actor, counted=False)):
        if published.current:
            workflow, forms = desk.ask(GetWorkflow(actor=actor, workflow=published.name))
            found += [(_listed(form, workflow), form) for form in forms.values()]
    return sorted(found, key=lambda one: (one[0].workflow, one[0].name))


def document(form: Form) -> Mapping[str, Any]:
    """Return a form as a JSON Schema document of its own, with what its fields are called and which are personal."""
    properties = {
        name: {**schema, **_shown(form.fields[name])} if name in form.fields else schema
        for name, schema in form.schema.get("properties", {}).items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-form": form.name,
        "x-title": written(form.title, Bilingual),
        **form.schema,
        "properties": properties,
    }


def _shown(field: Field) -> Mapping[str, Any]:
    """Return what is said of a field in the words in which forms are written."""
    said: dict[str, Any] = {"x-title": written(field.title, Bilingual)}
    if field.personal:
        said["x-personal"] = True
    if field.lookup:
        said["x-lookup"] = field.lookup
    if field.labels:
        said["x-labels"] = written(field.labels, Mapping[str, Bilingual])
    return said


def _listed(form: Form, workflow: Any) -> ListedForm:
    return ListedForm(
        name=form.name,
        workflow=workflow.name,
        title=form.title,
        opens=form.name == workflow.form,
    )
