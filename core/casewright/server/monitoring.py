"""`/health`, `/ready` and `/metrics`: whether the server is there, whether it can work, and what it has done."""

from collections.abc import Sequence
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from casewright.config import Config
from casewright.desk.door import Door
from casewright.desk.vitals import Vitals
from casewright.errors import DatabaseBusy, DatabaseUnusable, ServerRefused
from casewright.figures import MEDIA_TYPE
from casewright.server.credentials import Credentials, caller_of
from casewright.server.metrics import NONE, Metrics
from casewright.server.readers import Readers
from casewright.server.writer import Writer

_MONITORING = "monitoring"
_KEPT = 1.0
"""Seconds for which what the database said of itself is not asked again."""


class Monitoring:
    """Answers programs that watch over the server: numbers, and no secret; over the network only by a token or where it is open."""

    def __init__(
        self,
        config: Config,
        credentials: Credentials,
        writer: Writer,
        readers: Readers,
        metrics: Metrics,
    ) -> None:
        self._open = config.server.open_monitoring
        self._credentials, self._metrics = credentials, metrics
        self._writer, self._readers = writer, readers
        self._seen: tuple[float, bool, Vitals] = (-_KEPT, False, NONE)

    def routes(self) -> Sequence[BaseRoute]:
        """Return its paths."""
        return (
            Route("/health", self._health, methods=["GET"]),
            Route("/ready", self._ready, methods=["GET"]),
            Route("/metrics", self._figures, methods=["GET"]),
        )

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _ready(self, request: Request) -> Response:
        await self._must_be_known(request)
        writable, seen = await self._vitals()
        ready = writable and self._writer.alive
        document = {
            "ready": ready,
            "writable": writable,
            "worker": bool(seen.worker),
            "commands_waiting": self._writer.waiting,
            "queries_waiting": self._readers.waiting,
            "late_timers": seen.late_timers,
            "late_notices": seen.late_notices,
            "worker_lag_seconds": round(seen.lag, 3),
            "outbox": seen.outbox,
        }
        return JSONResponse(document, status_code=200 if ready else 503)

    async def _figures(self, request: Request) -> Response:
        await self._must_be_known(request)
        _, seen = await self._vitals()
        return Response(self._metrics.text(seen), headers={"Content-Type": MEDIA_TYPE})

    async def _must_be_known(self, request: Request) -> None:
        if not self._open and not caller_of(request).is_local:
            await self._credentials.door_of(request)

    async def _vitals(self) -> tuple[bool, Vitals]:
        """Return whether the database can be written, and how the workspace does."""
        at, writable, seen = self._seen
        if monotonic() - at >= _KEPT:
            writable, seen = await self._asked()
            self._seen = (monotonic(), writable, seen)
        return writable, seen

    async def _asked(self) -> tuple[bool, Vitals]:
        nobody = Door(name=_MONITORING, actor="")
        try:
            return True, await self._readers.at_a_desk(nobody, lambda desk: desk.vitals())
        except (DatabaseBusy, DatabaseUnusable, ServerRefused):
            return False, NONE
