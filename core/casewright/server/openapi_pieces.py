"""The pieces that the description of the API is put together from: parameters, bodies, responses."""

from collections.abc import Iterable, Mapping
from typing import Any

from casewright.server.posted import JSON
from casewright.wire.schema import Schema

SEGMENT: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"}
TEXT: Schema = {"type": "string"}
OCTETS = "application/octet-stream"
IF_NONE_MATCH: Mapping[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of what you have.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
}
LOOKED_UP_PROBLEMS = (400, 401, 403, 404, 422, 429, 500, 502, 503, 504)


def parameter(name: str, place: str, schema: Schema) -> dict[str, Any]:
    """Return a parameter; what stands in the path must be there."""
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def body(schema: Schema, *, example: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a body of JSON that must be there."""
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["examples"] = {"one": {"value": dict(example)}}
    return {"required": True, "content": {JSON: content}}


def responses(said: str, schema: Schema, problems: Iterable[int]) -> dict[str, Any]:
    """Return the responses of what answers JSON, or refuses with one of these statuses."""
    return {"200": response(said, schema), **problems_of(problems)}


def looked_up(schema: Schema) -> dict[str, Any]:
    """Return the responses of what is looked up, and may be known already."""
    header = {"schema": TEXT}
    found = {**response("Found.", schema), "headers": {"ETag": header, "Link": header}}
    known = {"description": "As you have it already."}
    return {"200": found, "304": known, **problems_of(LOOKED_UP_PROBLEMS)}


def response(said: str, schema: Schema, kind: str = JSON) -> dict[str, Any]:
    """Return one response."""
    return {"description": said, "content": {kind: {"schema": schema}}}


def problems_of(statuses: Iterable[int]) -> dict[str, Any]:
    """Return the responses that refuse."""
    return {str(one): {"$ref": f"#/components/responses/{one}"} for one in statuses}
