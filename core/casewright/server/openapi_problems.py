"""How the description of the API tells of refusals: their shape, and by status which codes there are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from casewright.errors import CasewrightError, ServerRefused
from casewright.server.problems import INCIDENT, MEDIA_TYPE
from casewright.server.statuses import STATUS
from casewright.wire.kinds import every_error
from casewright.wire.schema import sentence_of

_OF_THE_SERVER = (404, 405, 413, 415, 429, 503, 504)
"""Statuses with which a server refuses before anybody is asked."""


def problem_schema() -> dict[str, Any]:
    """Return the schema of a refusal."""
    codes = sorted({one.code for one in every_error()} | {INCIDENT})
    return {
        "type": "object",
        "description": "A refusal (RFC 9457). The code never changes; the detail is in your language, and says what to do.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": codes},
            "error": {
                "type": "object",
                "description": "The fields of the refusal, as `$` names it.",
            },
            "incident": {
                "type": "string",
                "description": "Of a bug: under what the log has it.",
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
        "additionalProperties": False,
    }


def problem_responses() -> Mapping[str, Any]:
    """Return the response of each status that a refusal can have, with its codes and what they mean."""
    said: dict[int, dict[str, str]] = {}
    for kind in every_error():
        said.setdefault(_status(kind), {})[kind.code] = sentence_of(kind)
    for status in _OF_THE_SERVER:
        said.setdefault(status, {})[ServerRefused.code] = sentence_of(ServerRefused)
    said.setdefault(500, {})[INCIDENT] = "Something in casewright itself went wrong."
    return {str(status): _response(status, codes) for status, codes in sorted(said.items())}


def _status(kind: type[CasewrightError]) -> int:
    found = next((STATUS[one] for one in kind.__mro__ if one in STATUS), None)
    return int(found or HTTPStatus.UNPROCESSABLE_ENTITY)


def _response(status: int, codes: Mapping[str, str]) -> dict[str, Any]:
    lines = [f"- `{code}`: {said}" for code, said in sorted(codes.items())]
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "\n".join([f"{HTTPStatus(status).phrase}.", "", *lines]),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
