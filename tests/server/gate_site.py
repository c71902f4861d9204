"""A small workspace with passwords, behind the gate, on a clock that the test moves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from casewright.access import passwords
from casewright.access.tokens import digest_of, new_token
from casewright.clock import SetClock
from casewright.commands import MakeToken, SavePerson, SetPassword
from casewright.config import Config, read_config
from casewright.desk import Desk, open_desk
from casewright.model import SYSTEM
from casewright.server.files import Files
from casewright.testing.plugged_desk import plugin_desk

from .gated import Gated, Said, gated

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass(frozen=True, kw_only=True)
class Site:
    """A workspace that is served, and a desk at which the test does what nobody does over HTTP."""

    gated: Gated
    clock: SetClock
    desk: Desk

    def sign_in(self, name: str = "ana", **more: Any) -> Said:
        """Sign somebody in over the network."""
        return self.gated.ask(
            "POST", "/v1/session", {"name": name, "password": PASSWORD, **more}
        )

    def session(self, name: str = "ana") -> str:
        """A new session's token."""
        token: str = self.sign_in(name).data["token"]
        return token

    def token(self, name: str = "ana", *only: str, days: float = 1) -> str:
        """A new token of a program."""
        token = new_token()
        making = MakeToken(
            actor=SYSTEM,
            name=name,
            label="x",
            digest=digest_of(token),
            only=only or ("ticket.read",),
            expires_at=self.clock.now() + timedelta(days=days),
        )
        self.desk.execute_as_system(making)
        return token

    def ask(self, token: str, what: str = "queries/ListTickets", **data: Any) -> Said:
        """Ask over the network with a token."""
        bearer = {"Authorization": f"Bearer {token}"}
        return self.gated.ask("POST", f"/v1/{what}", data, **bearer)


@contextmanager
def site(
    folder: Path, *, settings: str = "", server: Mapping[str, Any] | None = None, **more: Any
) -> Iterator[Site]:
    """Serve a small workspace meanwhile: ana and ben may do everything, ned looks at tickets; their password is PASSWORD."""
    clock = SetClock(NOON)
    desk = plugin_desk(folder, plugins=[], settings=settings, clock=clock)
    try:
        verifier = passwords.hashed(PASSWORD)
        desk.execute_as_system(SavePerson(actor=SYSTEM, name="ned", roles=("agent",)))
        for name in ("ana", "ben", "ned"):
            desk.execute_as_system(SetPassword(actor=SYSTEM, name=name, verifier=verifier))
        config = _config(folder, server or {})
        opener = partial(open_desk, config, owned=True, clock=clock)
        more.setdefault("parts", lambda credentials, readers, _: (Files(readers, credentials),))
        with gated(config, opener, **more) as served:
            yield Site(gated=served, clock=clock, desk=desk)
    finally:
        desk.close()


def _config(folder: Path, server: Mapping[str, Any]) -> Config:
    config = read_config(folder / "workspace", {})
    return replace(config, synchronous="NORMAL", server=replace(config.server, **server))
