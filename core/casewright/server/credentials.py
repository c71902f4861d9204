"""Who is at the door of a request: by a token, by a session, by the kernel's word, or at their own where it is trusted."""

from dataclasses import replace

from starlette.requests import Request

from casewright.config import Config
from casewright.desk import Desk
from casewright.desk.door import COMMAND_LINE, Door
from casewright.errors import NotSignedIn, message
from casewright.server.callers import CALLER, NOBODY_KNOWN, Caller
from casewright.server.gate import too_many
from casewright.server.local_users import login_of
from casewright.server.origins import must_be_of_our_pages
from casewright.server.rates import Rates
from casewright.server.readers import Readers

API = "api"
DOORS = frozenset({COMMAND_LINE, "terminal", "ssh", "web"})
"""What a caller of this machine may say that it is, in `Casewright-Door`; everybody else comes by the API."""
ACTOR, DOOR, PURPOSE = "casewright-actor", "casewright-door", "casewright-purpose"
COOKIE, SECURE_COOKIE = "casewright-session", "__Host-casewright-session"
"""The cookie with a session's token; over TLS no other host and no plain page can have set it."""
_LONGEST_TOKEN = 128
_SECONDS_AT_ONCE = 4


class Credentials:
    """Finds out who asks; everything else about them is the desk's matter."""

    def __init__(self, config: Config, readers: Readers) -> None:
        self._config, self._readers = config, readers
        rate = config.server.requests_a_second
        self._rates = Rates(a_second=rate, at_once=rate * _SECONDS_AT_ONCE)

    async def door_of(self, request: Request) -> Door:
        """Return the door of whoever sent a request; NotSignedIn, ServerRefused for one who asks too often."""
        found = await self._door_of(request)
        self.count(request, found)
        return found

    async def still_in(self, request: Request) -> None:
        """Have whoever sent a request found out again, without counting it; NotSignedIn."""
        await self._door_of(request)

    def count(self, request: Request, door: Door, requests: float = 1) -> None:
        """Count a request of whoever came through `door`, or what it brought as several; ServerRefused where they ask too often."""
        if not caller_of(request).is_ours:
            wait = self._rates.take(door.actor or "", requests)
            if wait:
                raise too_many(wait)

    def nobody_at(self, request: Request) -> Door:
        """Return the door of somebody who has not said yet who they are."""
        purpose = _text(request.headers.get(PURPOSE, ""))
        return Door(name=_name(request), actor="", purpose=purpose)

    async def _door_of(self, request: Request) -> Door:
        nobody = self.nobody_at(request)
        if token := token_of(request, self._config):
            return await self._readers.at_a_desk(
                nobody, lambda desk: desk.entrance.session_or_token(token)
            )
        caller = caller_of(request)
        if caller.is_local:
            return await self._by_the_machine(request, caller, nobody)
        raise NotSignedIn(reason=_TO_SIGN_IN)

    async def _by_the_machine(self, request: Request, caller: Caller, nobody: Door) -> Door:
        """Return the door of a user of this machine, where the workspace goes by the machine's word or by theirs."""
        claimed = _text(request.headers.get(ACTOR, ""))
        sign_in = self._config.access.sign_in
        if sign_in == "trusted" and claimed:
            return replace(nobody, actor=claimed)
        if sign_in == "os_user" and caller.user is not None:
            number = caller.user
            login = await self._readers.at_a_desk(
                nobody, lambda desk: _login_on_the_staff(number, desk)
            )
            if login and claimed in ("", login):
                return replace(nobody, actor=login)
        raise NotSignedIn(reason=_TO_SIGN_IN)


def caller_of(request: Request) -> Caller:
    """Return from where a request comes."""
    found: Caller = request.scope.get("state", {}).get(CALLER, NOBODY_KNOWN)
    return found


def token_of(request: Request, config: Config) -> str:
    """Return the token that a request shows, or ""; ServerRefused for a cookie that another's page has sent along."""
    written = request.headers.getlist("authorization")
    if written:
        scheme, _, token = written[0].partition(" ")
        if len(written) > 1 or scheme.lower() != "bearer" or not token.strip():
            reason = message("the header Authorization says 'Bearer' and one token")
            raise NotSignedIn(reason=reason)
        return token.strip()[:_LONGEST_TOKEN]
    token = request.cookies.get(cookie_name(request), "")
    if token:
        must_be_of_our_pages(request.method, request.headers, config.server)
    return token[:_LONGEST_TOKEN]


def cookie_name(request: Request) -> str:
    """Return the name of the cookie with a session."""
    return SECURE_COOKIE if caller_of(request).encrypted else COOKIE


def _login_on_the_staff(user: int, desk: Desk) -> str:
    """Return the login name of a user of this machine who is on the staff, or ""; a directory may take long to name them."""
    login = login_of(user)
    return login if desk.entrance.knows(login) else ""


def _name(request: Request) -> str:
    """Return through which front door somebody comes; only processes of the server's own user may say another than the API."""
    said = request.headers.get(DOOR, API)
    return said if caller_of(request).is_ours and said in DOORS else API


def _text(header: str) -> str:
    """Return a header as it was meant: HTTP hands on bytes, and people write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


_TO_SIGN_IN = message("sign in with POST /v1/session, or send a token")
