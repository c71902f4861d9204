"""`POST /in/{channel}`: what another system tells us, as JSON, taken in once and answered when that is durable."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from casewright import strict_json
from casewright.clock import Clock
from casewright.commands import TakeIn
from casewright.config import Config
from casewright.delivery.webhook_signature import (
    AT,
    ID,
    SHORTEST_SECRET,
    SIGNATURE,
    key_of,
    signature,
)
from casewright.desk import Desk
from casewright.desk.door import Door
from casewright.errors import ConfigRefused, NotFound, NotSignedIn, WireRefused, message
from casewright.intake.maps import arrival_of, map_from_data
from casewright.model import INTAKE
from casewright.queries import GetIntake
from casewright.server.posted import JSON
from casewright.server.readers import Readers
from casewright.server.writer import Writer
from casewright.settings.intake import WEBHOOK, IntakeSettings

DOOR = Door(name="webhook", actor=INTAKE)
WINDOW = timedelta(minutes=5)
"""How old, or how far ahead, a signed delivery may be."""
LONGEST_ID = 200


class WebhooksIn:
    """Takes in what other systems post."""

    def __init__(
        self, writer: Writer, readers: Readers, *, config: Config, clock: Clock
    ) -> None:
        self._writer, self._readers, self._clock = writer, readers, clock
        channels = {
            name: one for name, one in config.intake.items() if one.driver == WEBHOOK.name
        }
        self._secrets = {name: _secret(one) for name, one in channels.items()}
        self._signed = {name for name, one in channels.items() if one.yes("signed")}

    def routes(self) -> Sequence[BaseRoute]:
        """Return the path of each channel."""
        return (Route("/in/{channel}", self._post, methods=["POST"]),)

    async def _post(self, request: Request) -> Response:
        name = request.path_params["channel"]
        octets = await request.body()
        self._must_know_the_secret(name, request.headers, octets)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON:
            raise HTTPException(415)
        document = strict_json.loads(octets, file="body")
        said = await self._readers.at_a_desk(DOOR, _intake)
        channel = said.get("channels", {}).get(name)
        if channel is None:
            reason = message("intake.yaml, as it is published, has no channel of this name")
            raise WireRefused(at="channel", reason=reason)

        def keep(desk: Desk) -> str:
            return desk.keep(octets)

        arrival = arrival_of(
            map_from_data(channel.get("map", {})),
            document,
            channel=name,
            kind="webhook",
            id=_id(request.headers, octets),
            now=self._clock.now(),
            raw=await self._readers.at_a_desk(DOOR, keep),
        )
        receipt = await self._writer.execute_as_system(TakeIn(actor=INTAKE, arrival=arrival))
        answer = dict(receipt.answer or {})
        status = 200 if answer.get("outcome") == "repeated" else 202
        return JSONResponse(answer, status_code=status, headers={"Cache-Control": "no-store"})

    def _must_know_the_secret(
        self, name: str, headers: Mapping[str, str], octets: bytes
    ) -> None:
        """Raise NotSignedIn unless whoever posts knows the secret of the channel; NotFound where there is no such channel."""
        secret = self._secrets.get(name)
        if secret is None:
            raise NotFound(kind=message("webhook"), name=name[:80], hint=message(""))
        if SIGNATURE in headers:
            if not self._is_signed(secret, headers, octets):
                reason = message("the signature is not that of this delivery, or it is too old")
                raise NotSignedIn(reason=reason)
            return
        scheme, _, token = headers.get("authorization", "").partition(" ")
        knows = hmac.compare_digest(token.strip().encode(), secret)
        if name in self._signed or scheme.lower() != "bearer" or not knows:
            raise NotSignedIn(reason=message("the secret is missing or wrong"))

    def _is_signed(self, secret: bytes, headers: Mapping[str, str], octets: bytes) -> bool:
        written, named = headers.get(AT, ""), headers.get(ID, "")
        if not (written.isascii() and written.isdigit() and len(written) < 16 and named):
            return False
        if abs(self._clock.now().timestamp() - int(written)) > WINDOW.total_seconds():
            return False
        wanted = signature(key_of(secret), named, int(written), octets)
        given = headers[SIGNATURE].split(" ")
        return any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given)


def _secret(settings: IntakeSettings) -> bytes:
    """Return what a sender has to know; ConfigRefused, SecretMissing."""
    secret = settings.with_secrets().text("secret").encode()
    try:
        key = key_of(secret)
    except ValueError:
        key = b""
    if len(key) < SHORTEST_SECRET:
        template = "'secret' needs at least {count} characters; behind whsec_ it is Base64 of as many octets"
        reason = message(template, count=SHORTEST_SECRET)
        raise ConfigRefused(place=settings.place, reason=reason)
    return secret


def _intake(desk: Desk) -> Mapping[str, Any]:
    found: Mapping[str, Any] = desk.ask_as_system(GetIntake(actor=INTAKE))
    return found


def _id(headers: Mapping[str, str], octets: bytes) -> str:
    """Return the id of a delivery: its sender's, else what it says itself."""
    named = headers.get(ID, "")
    if 0 < len(named) <= LONGEST_ID:
        return named
    return hashlib.sha256(octets).hexdigest()
