"""`POST /v1/batch`: commands that are carried out together, or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from casewright.commands import Command
from casewright.errors import WireRefused, message
from casewright.front_door import Outcomes
from casewright.model import Receipt
from casewright.nearest import hint
from casewright.server.credentials import Credentials
from casewright.server.languages import texts_of
from casewright.server.posted import made_of
from casewright.server.problems import told
from casewright.server.writer import Writer
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts
from casewright.wire.codec import read, written
from casewright.wire.said import commands_by_name, said

MOST = 5000
AS_MANY = 10
"""So many commands of a batch count as one request of whoever says it: they take less than alone, and hold others up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One of the commands: its name, and its fields."""

    name: str
    command: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The commands, in the order in which they are carried out; of a `trial` nothing holds."""

    commands: tuple[Said, ...]
    trial: bool = False


class BatchApi:
    """Takes several commands in at once, and answers what came of each."""

    def __init__(self, writer: Writer, credentials: Credentials) -> None:
        self._writer, self._credentials = writer, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (Route("/v1/batch", self._execute, methods=["POST"]),)

    async def _execute(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        commands, trial = await made_of(request, lambda data: _said_by(data, door.actor))
        self._credentials.count(request, door, len(commands) / AS_MANY)
        outcomes = await self._writer.together(commands, door, trial=trial)
        return JSONResponse({"outcomes": _told(outcomes, texts_of(request))})


def _said_by(data: object, actor: str | None) -> tuple[Sequence[Command], bool]:
    """Return the commands that somebody says together, and whether it is only a trial; WireRefused."""
    batch: Batch = read(data, Batch, plain=True)
    if len(batch.commands) > MOST:
        reason = message("there are more than {limit} commands", limit=MOST)
        raise WireRefused(at="commands", reason=reason)
    return [
        _command(place, one, actor) for place, one in enumerate(batch.commands)
    ], batch.trial


def _command(place: int, one: Said, actor: str | None) -> Command:
    known, at = commands_by_name(), f"commands[{place}]"
    if one.name not in known:
        template = "nothing here is called '{name}'{hint}"
        reason = message(template, name=one.name, hint=hint(one.name, known))
        raise WireRefused(at=f"{at}.name", reason=reason)
    try:
        command: Command = said(known[one.name], one.command, actor=actor or "")
    except WireRefused as refused:
        raise WireRefused(at=f"{at}.command.{refused.at}", reason=refused.reason) from None
    return command


def _told(outcomes: Outcomes, texts: Texts) -> list[Mapping[str, Any]]:
    return [
        {"receipt": written(one, Receipt)}
        if isinstance(one, Receipt)
        else {"error": told(one, texts), "detail": texts.error(one)}
        for one in outcomes
    ]
