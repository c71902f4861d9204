"""Do the actions of a workflow fill fields that exist, with values that fit? Its own fields and those of child tickets."""

from collections.abc import Mapping

from casewright.document import Path
from casewright.errors import Message, message
from casewright.forms.spec import Field
from casewright.workflows import uses
from casewright.workflows.inspection import Inspection
from casewright.workflows.spec import Action, Constant, Value


def check(inspection: Inspection) -> None:
    """Record unknown fields, values that do not fit, unknown child workflows and what their forms lack."""
    for use in uses.actions(inspection):
        if use.action.verb == "set" and isinstance(use.action.argument, dict):
            if inspection.fields_are_known:
                _values(inspection, use.action.argument, inspection.fields, (*use.path, "set"))
        elif use.action.verb == "open":
            _child(inspection, use.action, use.path)


def _child(inspection: Inspection, action: Action, path: Path) -> None:
    around, name = inspection.surroundings, str(action.argument)
    known = {**around.workflows, inspection.workflow.name: inspection.workflow.form}
    if name not in known:
        inspection.unknown("workflow", (*path, "open"), name, known, message("workflow"))
        return
    form_name = known[name]
    form = around.forms.get(form_name or "")
    if form_name and form is None:
        return
    fields = form.fields if form else {}
    _values(inspection, action.fields, fields, (*path, "fields"))
    for field in fields.values():
        if field.required and field.default is None and field.name not in action.fields:
            template = "'{workflow}' cannot be opened without the field '{field}'"
            reason = message(template, workflow=name, field=field.name)
            inspection.report("missing_field", (*path, "fields"), reason, key=True)


def _values(
    inspection: Inspection, values: Mapping[str, Value], fields: Mapping[str, Field], path: Path
) -> None:
    for name, value in values.items():
        at = (*path, name)
        field = fields.get(name)
        if field is None:
            inspection.unknown("field", at, name, fields, message("field"))
        elif isinstance(value, Constant):
            _literal(inspection, value.value, field, at)


def _literal(inspection: Inspection, value: object, field: Field, path: Path) -> None:
    if not _fits(value, field):
        template = "{value} does not fit the field '{field}', which holds {kind}"
        reason = message(template, value=repr(value), field=field.name, kind=spoken_kind(field))
        inspection.report("wrong_value", path, reason)
        return
    for one in value if isinstance(value, list) else [value]:
        known = allowed(inspection, field)
        if known is not None and one not in known:
            what = message("choice in '{field}'", field=field.name)
            inspection.unknown("choice", path, str(one), known, what)


def allowed(inspection: Inspection, field: Field) -> tuple[str, ...] | None:
    """Return the texts that a field may hold, or None when it may hold any."""
    if field.choices:
        return field.choices
    table = inspection.surroundings.tables.get(field.lookup or "")
    return tuple(table.rows) if table else None


def spoken_kind(field: Field) -> Message:
    """Return what a field holds, for people."""
    return message(_KINDS[field.kind])


_KINDS = {
    "text": "a text",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "texts": "a list of texts",
}


def _fits(value: object, field: Field) -> bool:
    if field.kind == "texts":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(value, bool):
        return field.kind == "boolean"
    if field.kind == "decimal":
        return isinstance(value, (int, float))
    return isinstance(value, {"text": str, "integer": int, "boolean": bool}[field.kind])
