"""The application that a web server runs: the routes of all parts, one after the other, and refusals as problems."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from casewright.config import Config
from casewright.errors import CasewrightError
from casewright.logs import Log
from casewright.server.commands_api import CommandsApi
from casewright.server.credentials import Credentials
from casewright.server.incidents import Incidents
from casewright.server.languages import texts_by_language
from casewright.server.looking_up import LookingUp
from casewright.server.openapi_api import OpenApi
from casewright.server.problems import not_served, refused
from casewright.server.queries_api import QueriesApi
from casewright.server.readers import Readers
from casewright.server.writer import Writer


class Part(Protocol):
    """Something that answers under paths of its own."""

    def routes(self) -> Sequence[BaseRoute]:
        """Return its paths, and what each does."""


def api(writer: Writer, readers: Readers, credentials: Credentials) -> tuple[Part, ...]:
    """Return the parts of the API: its commands, its queries, what is looked up by a path, and its description."""
    return (
        CommandsApi(writer, credentials),
        QueriesApi(readers, credentials),
        LookingUp(readers, credentials),
        OpenApi(),
    )


def application(
    parts: Iterable[Part], config: Config, *, middleware: Sequence[Middleware] = ()
) -> Starlette:
    """Return the application of these parts; what goes wrong in casewright itself is written into the workspace's log.

    `middleware` stands before all of them.
    """
    log = Log(config.log_file, level=config.logs.level)
    made = Starlette(
        routes=[route for part in parts for route in part.routes()],
        middleware=[Middleware(Incidents, log=log), *middleware],
        exception_handlers={CasewrightError: refused, HTTPException: not_served},
    )
    made.router.redirect_slashes = False  # A path is one path, and another is none.
    made.state.texts = texts_by_language(config.zone, more=partial(_chinese_of_plugins, config))
    return made


def _chinese_of_plugins(config: Config) -> Mapping[str, str]:
    from casewright.plugins.asking import chinese
    from casewright.workflows.vocabulary import plugins_of

    if not config.plugins.load:
        return {}
    plugins = plugins_of(config)
    try:
        return chinese(plugins)
    finally:
        plugins.close()
