"""`POST /v1/queries/{name}`: everything that can be asked."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright.errors import NotFound, message
from casewright.nearest import hint
from casewright.queries import Query
from casewright.server.answering import answered
from casewright.server.credentials import Credentials
from casewright.server.posted import made_of
from casewright.server.readers import Readers
from casewright.wire.answers import answer_of
from casewright.wire.said import queries_by_name, said


class QueriesApi:
    """Takes questions in, and answers them from one snapshot each."""

    def __init__(self, readers: Readers, credentials: Credentials) -> None:
        self._readers, self._credentials = readers, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return the one path."""
        return (Route("/v1/queries/{name}", self._ask, methods=["POST"]),)

    async def _ask(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        known, name = queries_by_name(), request.path_params["name"]
        if name not in known:
            raise NotFound(kind=message("query"), name=name, hint=hint(name, known))
        actor = door.actor or ""
        query: Query = await made_of(request, lambda data: said(known[name], data, actor=actor))
        answer = await self._readers.ask(query, door)
        return await answered(request, answer, answer_of(known[name]))
