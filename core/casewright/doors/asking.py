"""A door's line to the server: it asks who somebody is, and says when their sessions begin and end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from typing import Any

from casewright.errors import CasewrightError
from casewright.remote.transport import Reaching, Transport
from casewright.swift_dataclass import dataclass

_PATIENCE, _LONG_PATIENCE = 5.0, 60.0
"""Seconds for which it is tried again where the server is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody whom the server has let in: by what token, who, and in which language they read ("" for the workspace's)."""

    token: str
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server behind one door; every question goes over a connection of its own, outside the loop."""

    address: str
    door: str
    secret: str = field(repr=False)

    async def opened(self) -> None:
        """Have the sessions ended that a former process of this door has left open; it waits for the server to be there."""
        await self._asked("/v1/door/opened", {}, patience=_LONG_PATIENCE)

    async def by_password(
        self, name: str, password: str, *, code: str = "", new_factor: str = ""
    ) -> Known:
        """Let somebody in by a password; SignInRefused, SecondFactorNeeded."""
        body = {"name": name, "password": password, "code": code, "new_factor": new_factor}
        return _known(await self._asked("/v1/session", body))

    async def has_key(self, name: str, key: str) -> bool:
        """Return whether somebody of this name comes in with this key."""
        told = await self._asked("/v1/door/keys", {"name": name, "key": key})
        return bool(told["known"])

    async def by_key(self, name: str, key: str) -> Known:
        """Let somebody in who has proved to have the private part of a key; SignInRefused."""
        return _known(await self._asked("/v1/door/entries", {"name": name, "key": key}))

    async def begin(self, known: Known, *, how: str) -> Known:
        """Begin a session of somebody who was let in; NotSignedIn."""
        body = {"token": known.token, "how": how}
        return _known(await self._asked("/v1/door/sessions", body))

    async def end(self, session: Known, *, how: str) -> None:
        """End a session; where the server is gone, the next process of this door puts that on record."""
        body = {"token": session.token, "person": session.name, "how": how}
        with suppress(CasewrightError):
            await self._asked("/v1/door/sessions/end", body)

    async def leave(self, known: Known) -> None:
        """Let somebody out who was let in."""
        with suppress(CasewrightError):
            await self._asked("DELETE", {}, token=known.token)

    async def is_in(self, token: str) -> str:
        """Return the login name of whoever has this token; NotSignedIn."""
        told = await self._asked("GET", {}, token=token)
        return str(told["actor"])

    async def _asked(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        token: str = "",
        patience: float = _PATIENCE,
    ) -> Any:
        return await asyncio.to_thread(self._ask, path, body, token, patience)

    def _ask(self, path: str, body: Mapping[str, Any], token: str, patience: float) -> Any:
        transport = Transport(Reaching(find=lambda: self.address, longest=patience))
        transport.headers.update(
            {"Casewright-Door": self.door, "Casewright-Door-Secret": self.secret}
        )
        if token:
            transport.headers["Authorization"] = f"Bearer {token}"
        try:
            if path == "GET":
                return transport.get("/v1/door")
            if path == "DELETE":
                return transport.delete("/v1/session")
            return transport.post(path, body, again=path not in _ONCE)
        finally:
            transport.close()


_ONCE = ("/v1/session", "/v1/door/entries", "/v1/door/sessions")
"""What would begin a second session if it were said again."""


def _known(told: Mapping[str, Any]) -> Known:
    person = told["person"]
    return Known(token=told["token"], name=person["name"], language=person.get("language", ""))
