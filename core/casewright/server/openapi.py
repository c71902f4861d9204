"""The description of the API, OpenAPI 3.1: written from the types of its commands, queries, answers and refusals."""

from collections.abc import Mapping
from typing import Any

from casewright import __version__
from casewright.commands import Command
from casewright.model import ANY_STAFF, Receipt
from casewright.patterns import pattern
from casewright.queries import Query
from casewright.server.credentials import COOKIE
from casewright.server.examples import example_of
from casewright.server.looking_up import LOOKUPS, Lookup
from casewright.server.openapi_paths import further_paths
from casewright.server.openapi_pieces import (
    IF_NONE_MATCH,
    SEGMENT,
    body,
    looked_up,
    parameter,
    responses,
)
from casewright.server.openapi_problems import problem_responses, problem_schema
from casewright.wire.answers import answer_of
from casewright.wire.parts import without_none
from casewright.wire.said import COMMAND_ID, commands_by_name, queries_by_name
from casewright.wire.schema import Schema, Schemas, description_of

_COMMAND_PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503)
_QUERY_PROBLEMS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504)
_WORDS = pattern(r"(?<=[a-z])(?=[A-Z])")


def document() -> dict[str, Any]:
    """Return the whole description; what loaded plugins bring is in it."""
    schemas = Schemas()
    schemas.named["Problem"] = problem_schema()
    paths = {
        **_commands(schemas, commands_by_name()),
        **_queries(schemas, queries_by_name()),
        **dict(_lookup(schemas, one) for one in LOOKUPS),
        **further_paths(schemas),
    }
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": said} for name, said in _TAGS.items()],
        "security": [{"token": []}, {"session": []}, {"socket": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.named.items())),
            "responses": problem_responses(),
            "securitySchemes": _SECURITY,
        },
    }


def _commands(schemas: Schemas, known: Mapping[str, type[Command]]) -> dict[str, Any]:
    receipt = schemas.answered(Receipt)
    return {
        f"/v1/commands/{name}": {
            "post": {
                **_about(name, kind, "commands"),
                "parameters": [_IDEMPOTENCY],
                "requestBody": _body(schemas, kind),
                "responses": responses("Done, and durable.", receipt, _COMMAND_PROBLEMS),
            }
        }
        for name, kind in sorted(known.items())
    }


def _queries(schemas: Schemas, known: Mapping[str, type[Query]]) -> dict[str, Any]:
    return {
        f"/v1/queries/{name}": {
            "post": {
                **_about(name, kind, "queries"),
                "requestBody": _body(schemas, kind),
                "responses": responses(
                    "The answer.", schemas.answered(answer_of(kind)), _QUERY_PROBLEMS
                ),
            }
        }
        for name, kind in sorted(known.items())
    }


def _lookup(schemas: Schemas, lookup: Lookup) -> tuple[str, Any]:
    kind = lookup.query
    about = _about(kind.__name__, kind, "looking up")
    in_path = [parameter(name, "path", SEGMENT) for name in sorted(lookup.in_path())]
    in_address = [
        parameter(name, "query", schemas.given(without_none(one)))
        for name, one in lookup.in_address().items()
    ]
    got = {
        **about,
        "operationId": f"lookUp{kind.__name__}",
        "parameters": [*in_path, *in_address, IF_NONE_MATCH],
        "responses": looked_up(schemas.answered(answer_of(kind))),
    }
    return lookup.path, {"get": got}


def _about(name: str, kind: type[Command | Query], tag: str) -> dict[str, Any]:
    said = description_of(kind)
    needs = "every member of staff" if kind.permission == ANY_STAFF else f"`{kind.permission}`"
    return {
        "operationId": name,
        "tags": [tag],
        "summary": _WORDS.sub(" ", name),
        "description": f"{said}\n\nNeeds: {needs}.",
        "x-permission": kind.permission,
    }


def _body(schemas: Schemas, kind: type[Command | Query]) -> dict[str, Any]:
    schema = body_schema(schemas, kind)
    example = example_of(kind.__name__)
    if example is None and not schema.get("required"):
        example = {}
    return body(schema, example=example)


def body_schema(schemas: Schemas, kind: type[Command | Query]) -> Schema:
    """Return the schema of what is posted for a command or query; who says it is known, and need not be said."""
    schema = schemas.fields(kind, given=True)
    schema.pop("description", None)
    properties = schema["properties"]
    properties["actor"] = {"type": "string", "description": "Who says it: nobody but you."}
    if "command_id" in properties:
        properties["command_id"] = {
            "type": "string",
            "pattern": COMMAND_ID.pattern,
            "description": _AT_MOST_ONCE,
        }
    required = [one for one in schema.pop("required", []) if one != "actor"]
    return {**schema, "required": required} if required else schema


_AT_MOST_ONCE = "Made by you. Said again with the same id it does not happen again; the receipt of the first time comes back."
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The `command_id` of a command that says none itself.",
    "schema": {"type": "string", "pattern": COMMAND_ID.pattern},
}
_INFO = {
    "title": "casewright",
    "version": __version__,
    "description": (
        "Tickets and workflows of a contact centre's back office. What can be asked to happen is a command, "
        "what can be known is a query; the command line, the terminal and programs say the same ones. "
        "Moments are ISO 8601 with their offset, lengths of time are seconds, octets are Base64. Personal fields are masked. "
        "Send Accept-Language: en or zh."
    ),
    "license": {"name": "See LICENSE"},
}
_TAGS = {
    "commands": "What can be asked to happen: at most once under each id.",
    "queries": "What can be known.",
    "looking up": "Queries said as a path.",
    "changes": "What changed, as it changes.",
    "files": "What is attached to tickets.",
    "sessions": "Getting in and out.",
    "copies": "The whole workspace, for those who may take it away.",
    "monitoring": "For those who watch over the server.",
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token (`casewright user token`), or the token of a session (`POST /v1/session`).",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "socket": {
        "type": "apiKey",
        "in": "header",
        "name": "Casewright-Actor",
        "description": "Over the Unix socket of a workspace that takes people at their word.",
    },
}
