"""What can be looked up by a path of its own: workflows, forms, customers and tickets. Each is one of the queries, said as a path."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from casewright import queries, strict_json
from casewright.errors import message
from casewright.patterns import pattern
from casewright.queries import Query
from casewright.server.answering import looked_up
from casewright.server.credentials import Credentials
from casewright.server.form_pages import FormPages
from casewright.server.readers import Readers
from casewright.swift_dataclass import dataclass
from casewright.wire.answers import answer_of
from casewright.wire.parts import parts_of, without_none
from casewright.wire.reading import refused
from casewright.wire.said import said

_WHOLE = pattern(r"-?[0-9]{1,19}")
_TRUTHS = {"true": True, "false": False}
_NOT_ASKED = frozenset({"actor"})
"""Fields of queries that no address says: who asks is known from the credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A path and the query that it says; what stands in braces are fields of that query."""

    path: str
    query: type[Query]

    def in_path(self) -> frozenset[str]:
        """Return the fields that stand in the path."""
        return frozenset(re.findall(r"\{(\w+)\}", self.path))

    def in_address(self) -> Mapping[str, Any]:
        """Return the type of each field that may stand behind the `?`."""
        left_out = self.in_path() | _NOT_ASKED
        return {
            name: kind
            for name, (kind, _) in parts_of(self.query).items()
            if name not in left_out
        }


LOOKUPS = (
    Lookup(path="/v1/workflows", query=queries.ListWorkflows),
    Lookup(path="/v1/workflows/{workflow}", query=queries.GetWorkflow),
    Lookup(path="/v1/customers", query=queries.ListCustomers),
    Lookup(path="/v1/customers/{customer}", query=queries.GetCustomerView),
    Lookup(path="/v1/customers/{customer}/contacts", query=queries.ListContacts),
    Lookup(path="/v1/tickets", query=queries.ListTickets),
    Lookup(path="/v1/tickets/{ticket}", query=queries.GetTicket),
    Lookup(path="/v1/tickets/{ticket}/history", query=queries.GetHistory),
    Lookup(path="/v1/tickets/{ticket}/actions", query=queries.GetActions),
    Lookup(path="/v1/tickets/{ticket}/clocks", query=queries.GetClocks),
)


class LookingUp:
    """Answers what is looked up, with a tag by which who has it already is told that it still holds."""

    def __init__(self, readers: Readers, credentials: Credentials) -> None:
        self._readers, self._credentials = readers, credentials

    def routes(self) -> Sequence[BaseRoute]:
        """Return all these paths, those of forms among them."""
        own = [Route(one.path, partial(self._look_up, one), methods=["GET"]) for one in LOOKUPS]
        return [*own, *FormPages(self._readers, self._credentials).routes()]

    async def _look_up(self, lookup: Lookup, request: Request) -> Response:
        door = await self._credentials.door_of(request)
        data = {**_asked(lookup, request), **request.path_params}
        query = said(lookup.query, data, actor=door.actor or "")
        answer = await self._readers.ask(query, door)
        headers = _next_page(request, getattr(answer, "after", None))
        return await looked_up(request, answer, answer_of(lookup.query), headers)


def _asked(lookup: Lookup, request: Request) -> dict[str, Any]:
    """Return the fields of a query that the address says; what no field is, or stands there twice, WireRefused."""
    kinds = lookup.in_address()
    found: dict[str, Any] = {}
    for name, text in request.query_params.multi_items():
        if name in found:
            raise refused(name, message("the key '{key}' appears twice", key=name))
        found[name] = _value(text, kinds.get(name, str))
    return found


def _value(text: str, kind: Any) -> Any:
    """Return what a text of the address says; what it does not say is left for the reading of the query to refuse."""
    wanted = without_none(kind)
    if wanted is int and _WHOLE.fullmatch(text) and int(text) in strict_json.INTEGERS:
        return int(text)
    if wanted is bool:
        return _TRUTHS.get(text, text)
    return text.replace(" ", "+") if wanted is datetime else text


def _next_page(request: Request, after: object) -> Mapping[str, str]:
    """Return the header that names the next page, where there is one (RFC 8288)."""
    if after is None:
        return {}
    asked = {**request.query_params, "after": str(after)}
    return {"Link": f'<{request.url.path}?{urlencode(asked)}>; rel="next"'}
