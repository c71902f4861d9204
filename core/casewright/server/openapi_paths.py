"""What the description of the API says of the paths that are no command and no query: forms, sessions, files, copies, changes."""

from collections.abc import Mapping
from typing import Any

from casewright.answers import ChangePage
from casewright.desk.door import Door
from casewright.desk.people.signing_in import SignedIn
from casewright.server.batch_api import Batch
from casewright.server.form_pages import ListedForm
from casewright.server.openapi_pieces import (
    IF_NONE_MATCH,
    OCTETS,
    SEGMENT,
    TEXT,
    body,
    looked_up,
    parameter,
    problems_of,
    response,
    responses,
)
from casewright.server.sessions import NewPassword, SignIn
from casewright.server.streams import KIND, AskedBackup, AskedExport
from casewright.wire.schema import WHOLE, Schema, Schemas

_ALWAYS = (400, 401, 403, 404, 429, 500, 503)
_POSTED = (*_ALWAYS, 413, 415, 422)
_NUMBER: Schema = {**WHOLE, "minimum": 0}
_FREE: Schema = {"type": "object"}


def further_paths(schemas: Schemas) -> dict[str, Any]:
    """Return the descriptions by path."""
    return {
        **_forms(schemas),
        **_sessions(schemas),
        **_files(),
        **_copies(schemas),
        **_changes(schemas),
        **_monitoring(),
        "/v1/batch": {
            "post": _operation(
                "executeTogether",
                "commands",
                "Commands that are carried out together, or not at all; each as its own path takes it.",
                requestBody=body(schemas.given(Batch)),
                responses=responses("What came of each.", _FREE, (*_POSTED, 409, 502)),
            )
        },
    }


def _forms(schemas: Schemas) -> Mapping[str, Any]:
    listed = schemas.answered(tuple[ListedForm, ...])
    return {
        "/v1/forms": {
            "get": _operation(
                "lookUpForms",
                "looking up",
                "The forms of the current workflows.",
                parameters=[IF_NONE_MATCH],
                responses=looked_up(listed),
            )
        },
        "/v1/forms/{name}": {
            "get": _operation(
                "lookUpForm",
                "looking up",
                "A form as the JSON Schema that its fields are held to, of the first workflow that has one of this name.",
                parameters=[
                    parameter("name", "path", SEGMENT),
                    parameter("workflow", "query", TEXT),
                    IF_NONE_MATCH,
                ],
                responses=looked_up(_FREE),
            )
        },
    }


def _sessions(schemas: Schemas) -> Mapping[str, Any]:
    entrance = _object(sign_in=TEXT, awaits_first_password={"type": "boolean"})
    signed_in = responses("In.", schemas.answered(SignedIn), _POSTED)
    verifier = responses("What SetPassword says.", _object(verifier=TEXT), _POSTED)
    door = responses("Through which you came.", schemas.answered(Door), _ALWAYS)
    return {
        "/v1/entrance": {
            "get": {
                **_operation(
                    "getEntrance",
                    "sessions",
                    "How people get in.",
                    responses=responses("By what.", entrance, (400, 429, 500, 503)),
                ),
                "security": [],
            }
        },
        "/v1/session": {
            "post": {
                **_operation(
                    "signIn",
                    "sessions",
                    "Sign in with a password, and a code where one is asked for. With `cookie` a browser keeps the token.",
                    requestBody=body(schemas.given(SignIn)),
                    responses=signed_in,
                ),
                "security": [],
            },
            "delete": _operation(
                "signOut",
                "sessions",
                "End the session.",
                responses=responses("Out.", _object(ended={}), _ALWAYS),
            ),
        },
        "/v1/door": {
            "get": _operation(
                "getDoor", "sessions", "Who you are here, and until when.", responses=door
            )
        },
        "/v1/verifier": {
            "post": _operation(
                "makeVerifier",
                "sessions",
                "What a new password is hashed to, for SetPassword: the password itself is in no command.",
                requestBody=body(schemas.given(NewPassword)),
                responses=verifier,
            )
        },
    }


def _files() -> Mapping[str, Any]:
    kept = responses("Kept.", _object(digest=TEXT), (*_ALWAYS, 413, 422))
    content = {"200": response("The content.", TEXT, OCTETS), **problems_of((*_ALWAYS, 422))}
    return {
        "/v1/files": {
            "put": _operation(
                "keepFile",
                "files",
                "Send the content of a file for a ticket; AttachFile then names the digest.",
                parameters=[
                    {**parameter("ticket", "query", SEGMENT), "required": True},
                    parameter("filename", "query", TEXT),
                ],
                requestBody={"required": True, "content": {OCTETS: {"schema": TEXT}}},
                responses=kept,
            )
        },
        "/v1/tickets/{ticket}/files/{number}": {
            "get": _operation(
                "getFileContent",
                "files",
                "The content of an attached file, by its number.",
                parameters=[
                    parameter("ticket", "path", SEGMENT),
                    parameter("number", "path", {**_NUMBER, "maximum": 10**9 - 1}),
                ],
                responses=content,
            )
        },
    }


def _copies(schemas: Schemas) -> Mapping[str, Any]:
    asked = {"backup": AskedBackup, "export": AskedExport, "audit-export": AskedBackup}
    return {
        f"/v1/{name}": {
            "post": _operation(
                f"make{name.title().replace('-', '')}",
                "copies",
                "A copy, sent as it is made: one line of JSON that says what it came to, then the file. It is on record before.",
                requestBody=body(schemas.given(kind)),
                responses={
                    "200": response("The line and the file.", TEXT, KIND),
                    **problems_of((*_POSTED, 504)),
                },
            )
        }
        for name, kind in asked.items()
    }


def _changes(schemas: Schemas) -> Mapping[str, Any]:
    page = response("What changed.", schemas.answered(ChangePage))
    page["content"]["text/event-stream"] = {"schema": TEXT}
    return {
        "/v1/changes": {
            "get": _operation(
                "followChanges",
                "changes",
                "What happened to the tickets that you may see since a number, waited for so many seconds; with "
                "`Accept: text/event-stream` as a stream that does not end.",
                parameters=[
                    parameter("since", "query", _NUMBER),
                    parameter("wait", "query", {"type": "number", "minimum": 0, "maximum": 60}),
                    parameter("limit", "query", {**WHOLE, "minimum": 1, "maximum": 1000}),
                ],
                responses={"200": page, **problems_of((*_ALWAYS, 422))},
            )
        }
    }


def _monitoring() -> Mapping[str, Any]:
    ready = responses("It can work.", _FREE, (401, 403, 429, 500))
    ready["503"] = response("It cannot.", _FREE)
    figures = {
        "200": response("For Prometheus.", TEXT, "text/plain"),
        **problems_of((401, 403, 429, 500, 503)),
    }
    return {
        "/health": {
            "get": {
                **_operation(
                    "isThere",
                    "monitoring",
                    "Whether the server is there.",
                    responses=responses("It is.", _FREE, (400, 429, 500)),
                ),
                "security": [],
            }
        },
        "/ready": {
            "get": _operation("isReady", "monitoring", "Whether it can work.", responses=ready)
        },
        "/metrics": {
            "get": _operation(
                "tellFigures", "monitoring", "What it has done.", responses=figures
            )
        },
    }


def _operation(name: str, tag: str, said: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": [tag], "summary": said, **more}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }
