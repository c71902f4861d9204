"""`/health`, `/ready` and `/metrics` of a worker: whether it turns, whether it can work, and what it has done."""

from typing import TYPE_CHECKING

from casewright.errors import Place
from casewright.worker.http_thread import HttpThread
from casewright.worker.pulse import Pulse

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


class Monitor:
    """Answers programs that watch over the worker: numbers, and no secret."""

    def __init__(self, pulse: Pulse, *, host: str, port: int) -> None:
        from casewright.figures import Figures

        self._pulse, self._figures = pulse, Figures()
        self._figures.read_from(pulse.figures)
        application = self._application()
        self._thread = HttpThread(
            application, host=host, port=port, place=Place("--metrics"), name="monitor"
        )

    def start(self) -> int:
        """Answer from now on; return the port. ConfigRefused where nothing can listen there."""
        return self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._thread.stop()

    def _application(self) -> "Starlette":
        from starlette.applications import Starlette
        from starlette.routing import Route

        return Starlette(
            routes=[
                Route("/health", self._health, methods=["GET"]),
                Route("/ready", self._ready, methods=["GET"]),
                Route("/metrics", self._metrics, methods=["GET"]),
            ]
        )

    async def _health(self, request: "Request") -> "Response":
        from starlette.responses import JSONResponse

        alive = self._pulse.alive
        document = {
            "status": "ok" if alive else "stuck",
            "still_seconds": round(self._pulse.still, 3),
        }
        return JSONResponse(document, status_code=200 if alive else 503)

    async def _ready(self, request: "Request") -> "Response":
        from starlette.responses import JSONResponse

        seen, alive = self._pulse.seen, self._pulse.alive
        ready = alive and seen is not None
        document: dict[str, object] = {"ready": ready, "writable": seen is not None}
        if seen is not None:
            document |= {
                "late_timers": seen.late_timers,
                "late_notices": seen.late_notices,
                "worker_lag_seconds": round(seen.lag, 3),
                "outbox": seen.outbox,
            }
        return JSONResponse(document, status_code=200 if ready else 503)

    async def _metrics(self, request: "Request") -> "Response":
        from starlette.responses import Response

        from casewright.figures import MEDIA_TYPE

        return Response(self._figures.text(), headers={"Content-Type": MEDIA_TYPE})
