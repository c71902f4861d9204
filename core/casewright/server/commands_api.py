"""`POST /v1/commands/{name}`: what can be asked to happen, at most once under each `command_id`."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.commands import Command
from casewright.errors import NotFound, message
from casewright.model import Receipt
from casewright.nearest import hint
from casewright.server.answering import answered
from casewright.server.credentials import Credentials
from casewright.server.posted import idempotency_key, made_of
from casewright.server.writer import Writer
from casewright.wire.said import commands_by_name, said


class CommandsApi:
    """Takes commands in, and answers their receipts once they are durable."""

    def __init__(self, writer: Writer, credentials: Credentials) -> None:
        self._writer, self._credentials = writer, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (Route("/v1/commands/{name}", self._execute, methods=["POST"]),)

    async def _execute(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        known, name = commands_by_name(), request.path_params["name"]
        if name not in known:
            raise NotFound(kind=message("command"), name=name, hint=hint(name, known))
        actor, key = door.actor or "", idempotency_key(request)
        command: Command = await made_of(
            request, lambda data: said(known[name], data, actor=actor, command_id=key)
        )
        receipt = await self._writer.execute(command, door)
        return await answered(request, receipt, Receipt)
