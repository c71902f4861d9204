"""`/v1/door/...`: what only the server's own doors may ask: to let somebody in by a key, to begin a session and to end it."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from casewright.desk import Desk
from casewright.desk.people.door_sessions import DoorSessions
from casewright.desk.people.signing_in import SignedIn
from casewright.errors import NotSignedIn, WireRefused, message
from casewright.server.credentials import Credentials, caller_of
from casewright.server.posted import json_of
from casewright.server.readers import Readers

HEADER = "casewright-door-secret"
LONGEST = 16 * 1024


class DoorGrants:
    """Takes the word of the server's doors for who is there; nobody else knows the secret, and none comes by the network."""

    def __init__(self, readers: Readers, credentials: Credentials, secret: str) -> None:
        self._readers, self._credentials, self._secret = readers, credentials, secret

    def routes(self) -> Sequence[BaseRoute]:
        """Return the paths; there are none where no door is open."""
        if not self._secret:
            return ()
        paths = {
            "opened": self._opened,
            "keys": self._key,
            "entries": self._enter,
            "sessions": self._begin,
            "sessions/end": self._end,
        }
        return [
            Route(f"/v1/door/{path}", done, methods=["POST"], include_in_schema=False)
            for path, done in paths.items()
        ]

    async def _opened(self, request: Request) -> Response:
        await self._said(request)
        lost = await self._at(request, DoorSessions.end_lost)
        return JSONResponse({"lost": lost})

    async def _key(self, request: Request) -> Response:
        said = await self._said(request, "name", "key")
        known = await self._at(
            request, lambda doors: doors.knows_key(said["name"], said["key"])
        )
        return JSONResponse({"known": known})

    async def _enter(self, request: Request) -> Response:
        said = await self._said(request, "name", "key")
        found = await self._at(request, lambda doors: doors.by_key(said["name"], said["key"]))
        return JSONResponse(_document(found))

    async def _begin(self, request: Request) -> Response:
        said = await self._said(request, "token", "how")
        found = await self._at(
            request, lambda doors: doors.begin(said["token"], how=said["how"])
        )
        return JSONResponse(_document(found))

    async def _end(self, request: Request) -> Response:
        said = await self._said(request, "token", "person", "how")
        await self._at(
            request,
            lambda doors: doors.end(said["token"], person=said["person"], how=said["how"]),
        )
        return JSONResponse({})

    async def _at(self, request: Request, work: Callable[[DoorSessions], Any]) -> Any:
        def at(desk: Desk) -> Any:
            return work(DoorSessions(entrance=desk.entrance))

        return await self._readers.at_a_desk(self._credentials.nobody_at(request), at)

    async def _said(self, request: Request, *names: str) -> Mapping[str, str]:
        """Return the texts that a door said; NotSignedIn for whoever is none of ours."""
        shown = request.headers.get(HEADER, "")
        known = hmac.compare_digest(shown.encode(), self._secret.encode())
        if not known or not caller_of(request).is_local:
            raise NotSignedIn(reason=message("only the server's own doors may ask this"))
        data = await json_of(request)
        for name in names:
            given = data.get(name) if isinstance(data, dict) else None
            if not isinstance(given, str) or len(given) > LONGEST:
                raise WireRefused(at=name, reason=message("it is a text"))
        return data if isinstance(data, dict) else {}


def _document(found: SignedIn) -> dict[str, Any]:
    return {
        "token": found.token,
        "until": found.until.isoformat(),
        "person": {"name": found.person.name, "language": found.person.language},
    }
