"""The API is what it says of itself: requests made from its description, sent to a server, judged by the description."""

import copy
import re

import pytest
from starlette.responses import JSONResponse
from starlette.routing import Route

from casewright.config import Config
from casewright.server.application import application

from ..conftest import ROOT
from .described import client_at, findings

FEW, MANY = 3, 150
STREAMS = frozenset({"/v1/changes"})
"""What waits for something to happen."""
ROUTE = re.compile(r'\bRoute\(\s*"(/[^"]*)"')
PAGES = re.compile(
    r"^/(f/|s/|in/|receipts/|replies/|desk|v1/(commands|queries)/\{name\}|openapi)"
)
"""What is for browsers and other systems, described elsewhere, and the two patterns that stand for one path each."""


@pytest.fixture(scope="module")
def document(desk_client):
    return desk_client.get("/openapi.json").raise_for_status().json()


def without(document, paths):
    return {
        **document,
        "paths": {path: one for path, one in document["paths"].items() if path not in paths},
    }


class Answering:
    """A part that answers one question, in its own way."""

    def __init__(self, answer):
        self._answer = answer

    def routes(self):
        return (Route("/v1/queries/WhoAmI", self._answer, methods=["POST"]),)


def client_of(answer, tmp_path):
    config = Config(root=tmp_path, database=tmp_path / "x.db", attachments=tmp_path / "a")
    return client_at(application([Answering(answer)], config))


def only(document, path):
    return {**document, "paths": {path: copy.deepcopy(document["paths"][path])}}


def test_no_request_that_is_described_is_refused_for_its_shape_or_answered_otherwise(
    desk_client, document
):
    assert findings(desk_client, without(document, STREAMS), each=FEW) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1, 4))
def test_the_same_with_many_more_requests(desk_client, document, number):
    asked = without(document, STREAMS)
    assert findings(desk_client, asked, each=MANY, number=number) == []


def test_the_description_leaves_no_path_out(document):
    sources = (ROOT / "core" / "casewright" / "server").rglob("*.py")
    routes = {path for one in sources for path in ROUTE.findall(one.read_text())}

    assert {"/v1/tickets/{ticket}/files/{number}", "/health"} <= routes
    assert {one for one in routes - set(document["paths"]) if not PAGES.match(one)} == set()


def test_an_answer_with_a_field_that_is_not_described_is_found(desk_client, document):
    lying = only(document, "/v1/queries/WhoAmI")
    lying["components"] = copy.deepcopy(document["components"])
    myself = lying["components"]["schemas"]["Myself"]
    del myself["properties"]["door"]

    assert "not as described" in "".join(findings(desk_client, lying, each=1))


def test_a_status_that_is_not_described_is_found(desk_client, document):
    lying = only(document, "/v1/queries/GetTicket")
    del lying["paths"]["/v1/queries/GetTicket"]["post"]["responses"]["404"]

    assert "status" in "".join(findings(desk_client, lying, each=3))


def test_a_handler_that_raises_is_found(document, tmp_path):
    async def broken(request):
        raise ZeroDivisionError("a bug")

    with client_of(broken, tmp_path) as client:
        found = findings(client, only(document, "/v1/queries/WhoAmI"), each=1)

    assert "Server error" in "".join(found)


def test_a_valid_request_that_is_refused_for_its_shape_is_found(document, tmp_path):
    async def picky(request):
        return JSONResponse(
            {"type": "x", "title": "x", "status": 400, "detail": "x", "code": "wire.refused"},
            status_code=400,
            media_type="application/problem+json",
        )

    with client_of(picky, tmp_path) as client:
        found = findings(client, only(document, "/v1/queries/WhoAmI"), each=1)

    assert "refused for its shape" in "".join(found)
