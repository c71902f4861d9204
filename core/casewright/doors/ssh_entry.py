"""Signing in by SSH: one connection from its first octet until it is known whose it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import field

import asyncssh

from casewright.access import second_factor
from casewright.doors.asking import Known, Server
from casewright.doors.crowd import Addresses, Crowd
from casewright.doors.ssh_session import SshSession, Surroundings
from casewright.errors import (
    CasewrightError,
    CommandRefused,
    NotSignedIn,
    SecondFactorNeeded,
    SignInRefused,
    message,
)
from casewright.server.callers import Caller, group_of, plain
from casewright.swift_dataclass import dataclass
from casewright.texts import Texts

MOST_TRIES = 6
"""Passwords and codes that may be wrong on one connection."""
MOST_KEYS = 10
"""Keys that a client may offer on one connection."""
_Challenge = tuple[str, str, str, Sequence[tuple[str, bool]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What the connections of a door have in common: who is inside, who stands before it, from where too much has failed.

    `before` counts by address those that have not signed in: each takes memory, and a minute.
    """

    inside: Crowd
    before: Crowd
    addresses: Addresses


@dataclass(slots=True)
class _Asked:
    """What keyboard-interactive has asked for so far."""

    password: str = field(default="", repr=False)
    new_factor: str = field(default="", repr=False)
    for_code: bool = False


class SshEntry(asyncssh.SSHServer):
    """One connection: who may come in by it, and the sessions that they begin; nothing is forwarded for anybody."""

    def __init__(self, server: Server, surroundings: Surroundings, guard: Guard) -> None:
        self._server, self._surroundings, self._guard = server, surroundings, guard
        self._asked = _Asked()
        self._tries = self._keys = 0
        self._known: Known | None = None
        self._key = ""
        self._how = ""
        self._address = self._group = "?"
        self._waits = self._gone = False
        self._entering = asyncio.Lock()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note from where it comes; it is dropped where too many wait there already."""
        self._connection = conn
        if peer := conn.get_extra_info("peername"):
            self._address = plain(str(peer[0]))
        self._group = group_of(Caller(address=self._address))
        try:
            self._guard.before.enter(self._group)
        except CommandRefused:
            asyncio.get_running_loop().call_soon(conn.abort)
            return
        self._waits = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Let whoever was here out."""
        self._gone = True
        self._wait_no_more()
        if self._known is not None:
            self._surroundings.later(self._server.leave(self._known))

    def begin_auth(self, username: str) -> bool:
        """Ask everybody who they are."""
        return True

    def public_key_auth_supported(self) -> bool:
        """Take keys."""
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Return whether the key is one of the person's; that they have its private part is proved after that."""
        self._keys += 1
        if self._keys > 2 * MOST_KEYS:
            return False
        written = key.export_public_key("openssh").decode("ascii")
        try:
            known = await self._server.has_key(username, written)
        except CasewrightError as error:
            self._surroundings.note(error)
            return False
        self._key = written if known else self._key
        return known

    def password_auth_supported(self) -> bool:
        """Take passwords; who needs a code beside it is asked for both by keyboard-interactive."""
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Return whether the password lets the person in by itself."""
        try:
            return await self._enter(username, password)
        except SecondFactorNeeded:
            return False

    def kbdint_auth_supported(self) -> bool:
        """Ask for a password, and for a code where one is needed."""
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> _Challenge:
        """Ask for the password."""
        self._asked = _Asked()
        question = self._texts.say("Password of {name}: ", name=_shown(username))
        return "", "", "", [(question, False)]

    async def validate_kbdint_response(
        self, username: str, responses: Sequence[str]
    ) -> bool | _Challenge:
        """Take a password or a code; return whether it lets the person in, or what else is asked for."""
        answer = responses[0] if responses else ""
        if not self._asked.for_code:
            self._asked.password = answer
        code = answer.strip() if self._asked.for_code else ""
        try:
            return await self._enter(username, self._asked.password, code=code)
        except SecondFactorNeeded as needed:
            return self._code(username, needed)

    def auth_completed(self) -> None:
        """Forget what was typed."""
        self._asked = _Asked()
        self._wait_no_more()

    async def session_of(self) -> Known:
        """Return a session of its own for one channel of this connection; CasewrightError."""
        async with (
            self._entering
        ):  # Several channels may be opened at once, and one person comes in once.
            known = self._known or await self._by_key()
        return await self._server.begin(known, how=self.how)

    @property
    def how(self) -> str:
        """By what whoever is here came in, and from where."""
        return f"{self._how} {self._address}"

    def session_requested(self) -> SshSession:
        """Begin a session, as far as it is known; it is refused later where there are too many."""
        return SshSession(self, self._server, self._surroundings, self._guard.inside)

    async def _by_key(self) -> Known:
        username = self._connection.get_extra_info("username")
        known = await self._server.by_key(username, self._key)
        if self._gone:
            await self._server.leave(known)
            raise NotSignedIn(reason=message("the session is over"))
        self._known, self._how = known, _fingerprint(self._key)
        self._guard.addresses.succeeded(self._group, username)
        return known

    def _wait_no_more(self) -> None:
        if self._waits:
            self._guard.before.leave(self._group)
            self._waits = False

    async def _enter(self, name: str, password: str, *, code: str = "") -> bool:
        self._tries += 1
        if self._tries > MOST_TRIES:
            self._connection.disconnect(
                asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "too many tries"
            )
            return False
        try:
            self._guard.addresses.must_not_wait(self._group)
            self._known = await self._server.by_password(
                name, password, code=code, new_factor=self._asked.new_factor
            )
        except SignInRefused as refused:
            if not refused.wait_seconds:
                self._guard.addresses.failed(self._group, name)
            self._connection.send_auth_banner(f"{self._texts.error(refused)}\r\n")
            return False
        except SecondFactorNeeded:
            raise
        except CasewrightError as error:
            self._surroundings.note(error)
            return False
        self._how = "password"
        self._guard.addresses.succeeded(self._group, name)
        return True

    def _code(self, username: str, needed: SecondFactorNeeded) -> _Challenge | bool:
        if self._asked.for_code:
            return False
        self._asked.for_code = True
        instructions = ""
        if not needed.enrolled:
            self._asked.new_factor = second_factor.new_secret()
            issuer = self._surroundings.issuer
            address = second_factor.address(
                self._asked.new_factor, name=username, issuer=issuer
            )
            shown = self._texts.text(
                "Enter this into your authenticator; it is shown only now:"
            )
            instructions = f"{shown}\n  {self._asked.new_factor}\n  {address}\n"
        question = self._texts.text("Code of the authenticator:")
        return "", instructions, "", [(f"{question} ", True)]

    @property
    def _texts(self) -> Texts:
        return self._surroundings.texts


def _fingerprint(written: str) -> str:
    from casewright.access.ssh_keys import key_of

    return key_of(written).fingerprint if written else "key"


def _shown(name: str) -> str:
    from casewright.cli.output import clean

    return clean(name)[:100]
