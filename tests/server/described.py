"""Requests made from the description of a server's API, sent to that server, and judged by what the description says."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import jsonschema_rs
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.config import (
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup

PATIENCE = 60.0
JSON = "application/json"
ASKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
)
"""What schemathesis judges; the answers themselves are held to their schemas here, as it does not read `prefixItems`."""
TOGETHER = "/v1/batch"
"""Takes what other paths take, each as those describe it."""
MISSHAPEN = frozenset({"wire.refused", "json.refused"})
"""The codes with which a request is refused for its shape: none that the description allows may be."""


@contextmanager
def client_of(socket: str, **headers: str) -> Iterator[httpx.Client]:
    """A client over a Unix socket."""
    transport = httpx.HTTPTransport(uds=socket)
    with httpx.Client(
        transport=transport, base_url="http://desk", headers=headers, timeout=PATIENCE
    ) as client:
        yield client


class _InProcess(httpx.BaseTransport):
    """Asks an application that is in this process."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answered(request))

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self._application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as client:
            found = await client.request(
                request.method, request.url, content=request.read(), headers=request.headers
            )
        # As a stream: only what was read from one has a time that it took, which is asked for.
        told = httpx.ByteStream(found.content)
        return httpx.Response(found.status_code, headers=found.headers, stream=told)


def client_at(application: Any) -> httpx.Client:
    """A client of an application in this process."""
    return httpx.Client(transport=_InProcess(application), base_url="http://desk")


def findings(
    client: httpx.Client, document: Mapping[str, Any], *, each: int, number: int = 1
) -> list[str]:
    """Return what is wrong with what the server answers to so many requests of each operation."""
    found: list[str] = []
    schema = schemathesis.openapi.from_dict(dict(document), config=_config())
    judge = _Judge(document)
    for result in schema.get_all_operations():
        found += _of_operation(client, result.ok(), judge, each=each, number=number)
    return found


def _of_operation(
    client: httpx.Client, operation: Any, judge: "_Judge", *, each: int, number: int
) -> list[str]:
    found: list[str] = []

    @seed(number)
    @settings(
        max_examples=each,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def send(case: Any) -> None:
        if not found:
            found.extend(judge.wrong(case, sent(client, case)))

    send()
    return [f"{operation.label}: {one}" for one in found]


def sent(client: httpx.Client, case: Any) -> httpx.Response:
    """Return what the server answers to a request."""
    headers = {name: str(value) for name, value in (case.headers or {}).items()}
    content = None
    if case.method.upper() in ("POST", "PUT") and not isinstance(case.body, NotSet):
        headers["Content-Type"] = case.media_type
        raw = isinstance(case.body, bytes | str) and case.media_type != JSON
        content = case.body if raw else json.dumps(case.body).encode()
    return client.request(
        case.method,
        case.formatted_path,
        params=case.query or None,
        content=content,
        headers=headers,
    )


class _Judge:
    """Says what is wrong with an answer by the description."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas: dict[tuple[str, str, int], Any] = {}

    def wrong(self, case: Any, response: httpx.Response) -> list[str]:
        """Return it, with the request that it was."""
        shown = f"{case.formatted_path} {case.query} {case.body!r:.300} -> {response.status_code} {response.text[:400]}"
        asked = CHECKS.get_by_names(list(ASKED))
        try:
            case.validate_response(response, checks=asked)
        except FailureGroup as group:
            return [f"{one.title}: {one.message[:200]}\n   {shown}" for one in group.exceptions]
        schema = self._schema(case, response.status_code)
        if schema is not None and not schema.is_valid(response.json()):
            fault = next(schema.iter_errors(response.json()))
            return [f"not as described: {fault.message[:200]}\n   {shown}"]
        refused = response.status_code == 400 and response.json().get("code") in MISSHAPEN
        if refused and case.path != TOGETHER and not _has_large_number(case.body):
            return [f"a valid request was refused for its shape\n   {shown}"]
        return []

    def _schema(self, case: Any, status: int) -> Any:
        key = (case.path, case.method, status)
        if key not in self._schemas:
            operation = self._document["paths"][case.path][case.method.lower()]
            response = operation["responses"][str(status)]
            named = response.get("$ref", "").rpartition("/")[2]
            response = self._document["components"]["responses"].get(named, response)
            content = response.get("content", {})
            told = next((one for kind, one in content.items() if kind.endswith("json")), {})
            self._schemas[key] = self._made(told.get("schema"))
        return self._schemas[key]

    def _made(self, schema: Any) -> Any:
        if schema is None:
            return None
        whole = {**schema, "components": self._document["components"]}
        return jsonschema_rs.Draft202012Validator(whole)


def _has_large_number(value: Any) -> bool:
    """Whether a number does not fit in 64 bits, which no description of JSON whose values are free can say."""
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return any(map(_has_large_number, members))
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _config() -> SchemathesisConfig:
    generation = GenerationConfig(
        modes=[GenerationMode.POSITIVE],
        allow_x00=False,
        codec="utf-8",
        with_security_parameters=False,
    )
    project = ProjectConfig(generation=generation)
    return SchemathesisConfig(projects=ProjectsConfig(default=project))
