"""The entrance of a server: people prove who they are to it, and this keeps what they are to show from then on."""

from datetime import datetime

from casewright.desk.door import Door, SignedIn
from casewright.errors import NotSignedIn
from casewright.remote.transport import Transport
from casewright.wire.codec import read

_Way = tuple[str | None, tuple[str, ...] | None, datetime | None]
"""By what a door is known again, whatever it is used for."""
BEARER, ACTOR = "Authorization", "Casewright-Actor"


class RemoteEntrance:
    """Lets people in at a server; a `casewright.front_door.WayIn`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._shown: dict[_Way, str] = {}

    def sign_in(
        self, name: str, password: str, *, code: str = "", new_factor: str = ""
    ) -> SignedIn:
        """Begin a session of somebody who proves who they are; SignInRefused, SecondFactorNeeded."""
        said = {"name": name, "password": password, "code": code, "new_factor": new_factor}
        # Said again it would begin a second session, or show a code that was used.
        found: SignedIn = read(self._transport.post("/v1/session", said, again=False), SignedIn)
        return found

    def session(self, token: str) -> Door:
        """Return the door of whoever's session has this token; NotSignedIn."""
        return self._let_in(token)

    def token(self, token: str) -> Door:
        """Return the door of whoever's program shows this token; NotSignedIn."""
        return self._let_in(token)

    def machine_user(self, login: str) -> Door | None:
        """Return the door of whoever the server's machine knows at this socket; None where that is nobody on the staff."""
        try:
            found = read(self._transport.get("/v1/door"), Door)
        except NotSignedIn:
            return None
        return found if found.actor == login else None

    def sign_out(self, token: str) -> bool:
        """End the session with this token; return whether there was one."""
        with self._transport.showing(_bearer(token)):
            return bool(self._transport.delete("/v1/session")["ended"])

    def verifier(self, name: str, password: str) -> str:
        """Return what `SetPassword` says for a new password of `name`; CommandRefused where it cannot be one."""
        said = {"name": name, "password": password}
        return str(self._transport.post("/v1/verifier", said)["verifier"])

    def awaits_first_password(self) -> bool:
        """Return whether it is still to be said who gets in here."""
        return bool(self._transport.get("/v1/entrance")["awaits_first_password"])

    def headers_of(self, door: Door) -> dict[str, str]:
        """Return what somebody who was let in shows: their token, or their name where it is taken at their word."""
        token = self._shown.get(_way(door))
        if token is not None:
            return _bearer(token)
        return {ACTOR: door.actor.encode().decode("latin-1")} if door.actor else {}

    def _let_in(self, token: str) -> Door:
        with self._transport.showing(_bearer(token)):
            found: Door = read(self._transport.get("/v1/door"), Door)
        self._shown[_way(found)] = token
        return found


def _way(door: Door) -> _Way:
    return door.actor, door.only, door.until


def _bearer(token: str) -> dict[str, str]:
    return {BEARER: f"Bearer {token}"}
