"""Refusals as HTTP tells them: `application/problem+json`, with our code, in the reader's language."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from casewright import errors
from casewright.errors import CasewrightError, Message, ServerRefused, WireRefused, message
from casewright.server.languages import texts_of as texts_of
from casewright.server.statuses import status_of
from casewright.texts import Texts
from casewright.wire.codec import written

MEDIA_TYPE = "application/problem+json"
INCIDENT = "incident"
"""The code of what is no refusal but a bug."""
_SOON = "1"
"""After so many seconds it is worth while to ask a busy database again."""


def problem(
    error: CasewrightError, texts: Texts, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a refusal as a response."""
    status = status_of(error)
    document = _document(status, error.code, texts.error(error))
    document["error"] = told(error, texts)
    sent = {**_headers(error, status), **(headers or {})}
    return JSONResponse(document, status_code=status, media_type=MEDIA_TYPE, headers=sent)


def told(error: CasewrightError, texts: Texts) -> Any:
    """Return a refusal as data; one of a plugin's which holds what JSON cannot say is told as the server's own."""
    try:
        return written(error, say=texts.render)
    except WireRefused:
        reason = Message("{detail}", {"detail": texts.error(error).rstrip(".。")})
        return written(ServerRefused(status=status_of(error), reason=reason), say=texts.render)


def incident_problem(number: str, texts: Texts) -> JSONResponse:
    """Return what is told of a bug: the id under which the log says more, and nothing else."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    document = _document(status, INCIDENT, texts.say(_INCIDENT.text, id=number))
    document["incident"] = number
    return JSONResponse(document, status_code=status, media_type=MEDIA_TYPE)


async def refused(request: Request, error: Exception) -> Response:
    """Answer a request that was refused."""
    assert isinstance(error, CasewrightError)
    return problem(error, texts_of(request))


async def not_served(request: Request, error: Exception) -> Response:
    """Answer a request that no path takes as it is."""
    assert isinstance(error, HTTPException)
    reason = _NOT_SERVED.get(error.status_code) or Message("{detail}", {"detail": error.detail})
    found = ServerRefused(status=error.status_code, reason=reason)
    return problem(found, texts_of(request), error.headers)


def _document(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:casewright:{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }


def _headers(error: CasewrightError, status: int) -> Mapping[str, str]:
    if isinstance(error, ServerRefused | errors.SignInBusy) and error.wait_seconds:
        return {"Retry-After": str(error.wait_seconds)}
    if isinstance(error, errors.SignInRefused) and error.wait_seconds:
        return {"Retry-After": str(error.wait_seconds), "WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": _SOON} if isinstance(error, errors.DatabaseBusy) else {}


_INCIDENT = message(
    "Something in casewright itself went wrong: incident {id}. Nothing is half done. "
    "Please tell whoever looks after this installation the id; the log says more under it."
)
_NOT_SERVED: Mapping[int, Message] = {
    404: message("there is nothing under this path; /openapi.json says what there is"),
    405: message("this path does not take this method; the header Allow says which it takes"),
    413: message("what was sent is too large"),
    415: message("send JSON, with the header Content-Type: application/json"),
}
