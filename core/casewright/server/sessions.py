"""`/v1/session` and what belongs to it: how people begin and end their sessions over HTTP."""

from collections.abc import Sequence
from dataclasses import field, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from casewright.config import Config
from casewright.desk.door import SignedIn
from casewright.desk.people.signing_in import Entrance
from casewright.errors import (
    CasewrightError,
    NotSignedIn,
    SignInBusy,
    SignInRefused,
    message,
)
from casewright.server.callers import group_of
from casewright.server.credentials import Credentials, caller_of, cookie_name, token_of
from casewright.server.gate import too_many
from casewright.server.origins import must_be_of_our_pages
from casewright.server.posted import json_of
from casewright.server.rates import Rates
from casewright.server.readers import Readers
from casewright.server.sign_in_lane import SignInLane
from casewright.swift_dataclass import dataclass
from casewright.wire.codec import read, written

FREE_FAILURES = 20
"""Sign-ins from one address that may fail at once; one more every"""
FORGIVEN_AFTER = 30.0
"""seconds. A whole office comes from one address; to keep many names waiting takes more than this."""
A_PASSWORD_COUNTS = 10
"""So many requests of one person a new password counts as: working it out takes as long, and those who sign in wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What somebody says who signs in; with `cookie` a browser keeps the session's token, and no script sees it."""

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    new_factor: str = field(default="", repr=False)
    cookie: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """A password that somebody wants to have, for which `POST /v1/verifier` answers what `SetPassword` says."""

    name: str
    password: str = field(repr=False)


class Sessions:
    """Lets people in and out."""

    def __init__(
        self, config: Config, credentials: Credentials, readers: Readers, lane: SignInLane
    ) -> None:
        self._config, self._credentials = config, credentials
        self._readers, self._lane = readers, lane
        self._failures = Rates(a_second=1 / FORGIVEN_AFTER, at_once=FREE_FAILURES)

    def routes(self) -> Sequence[BaseRoute]:
        """Return its paths."""
        return (
            Route("/v1/entrance", self._entrance, methods=["GET"]),
            Route("/v1/session", self._begin, methods=["POST"]),
            Route("/v1/session", self._end, methods=["DELETE"]),
            Route("/v1/door", self._door, methods=["GET"]),
            Route("/v1/verifier", self._verifier, methods=["POST"]),
        )

    async def _entrance(self, request: Request) -> Response:
        """Say how people get in here; that nobody has a password yet is only said to the server's own user."""
        awaits = caller_of(request).is_ours and await self._awaits_first_password(request)
        sign_in = self._config.access.sign_in
        return JSONResponse({"sign_in": sign_in, "awaits_first_password": awaits})

    async def _begin(self, request: Request) -> Response:
        asked: SignIn = read(await json_of(request), SignIn, plain=True)
        if asked.cookie:
            must_be_of_our_pages(request.method, request.headers, self._config.server)
        begun = await self._signed_in(request, asked)
        shown = replace(begun, token="") if asked.cookie else begun
        response = JSONResponse(written(shown, SignedIn))
        if asked.cookie:
            _keep(response, request, begun.token)
        return response

    async def _signed_in(self, request: Request, asked: SignIn) -> SignedIn:
        """Let somebody in; a try counts against their address unless it turns out that the password was right, or nobody had time."""
        caller, nobody = caller_of(request), self._credentials.nobody_at(request)
        if caller.is_ours:
            return await self._lane.at_a_desk(nobody, lambda desk: _enter(desk.entrance, asked))
        group = group_of(caller)
        wait = self._failures.take(group)
        if wait:
            raise too_many(wait)
        try:
            begun = await self._lane.at_a_desk(
                nobody, lambda desk: _enter(desk.entrance, asked)
            )
        except CasewrightError as error:
            if isinstance(error, SignInBusy) or not isinstance(error, SignInRefused):
                self._failures.give_back(group)
            raise
        self._failures.give_back(group)
        return begun

    async def _end(self, request: Request) -> Response:
        token = token_of(request, self._config)
        if not token:
            raise NotSignedIn(reason=message("there is no session here to end"))
        nobody = self._credentials.nobody_at(request)
        ended = await self._readers.at_a_desk(
            nobody, lambda desk: desk.entrance.sign_out(token)
        )
        response = JSONResponse({"ended": ended})
        _forget(response, request)
        return response

    async def _door(self, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        return JSONResponse(written(door, type(door)))

    async def _verifier(self, request: Request) -> Response:
        if not await self._may_set_the_first_password(request):
            door = await self._credentials.door_of(request)
            self._credentials.count(request, door, A_PASSWORD_COUNTS)
        asked: NewPassword = read(await json_of(request), NewPassword, plain=True)
        nobody = self._credentials.nobody_at(request)
        verifier = await self._lane.at_a_desk(
            nobody, lambda desk: desk.entrance.verifier(asked.name, asked.password)
        )
        return JSONResponse({"verifier": verifier})

    async def _may_set_the_first_password(self, request: Request) -> bool:
        ours = caller_of(request).is_ours
        return ours and await self._awaits_first_password(request)

    async def _awaits_first_password(self, request: Request) -> bool:
        nobody = self._credentials.nobody_at(request)
        return await self._readers.at_a_desk(
            nobody, lambda desk: desk.entrance.awaits_first_password()
        )


def _enter(entrance: Entrance, asked: SignIn) -> SignedIn:
    return entrance.sign_in(
        asked.name, asked.password, code=asked.code, new_factor=asked.new_factor
    )


def _keep(response: Response, request: Request, token: str) -> None:
    response.set_cookie(
        cookie_name(request),
        token,
        path="/",
        secure=caller_of(request).encrypted,
        httponly=True,
        samesite="strict",
    )


def _forget(response: Response, request: Request) -> None:
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=caller_of(request).encrypted,
        httponly=True,
        samesite="strict",
    )
