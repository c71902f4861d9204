"""The border behind which a bug is one: it is written into the log, and the caller is told its id and nothing else."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casewright.logs import Log
from casewright.server.languages import texts_of
from casewright.server.problems import incident_problem


class Incidents:
    """Answers for an application that raised something which is no refusal."""

    def __init__(self, application: ASGIApp, *, log: Log) -> None:
        self._application, self._log = application, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, or say that it could not."""
        begun = False

        async def sending(told: Message) -> None:
            nonlocal begun
            begun = True
            await send(told)

        try:
            await self._application(scope, receive, sending)
        except ClientDisconnect:
            raise  # Whoever asked went away, or was told already why not: no bug of ours.
        except Exception as bug:
            told = {"door": "api", "path": _shown(scope)}
            incident = await run_in_threadpool(self._log.incident, bug, **told)
            if begun or scope["type"] != "http":
                raise  # Half an answer is no answer: the connection is cut.
            response = incident_problem(incident.id, texts_of(Request(scope)))
            await response(scope, receive, send)


def _shown(scope: Scope) -> str:
    """Return the path that was asked for as the routes write it: what stands in it may be a customer's."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "?"
