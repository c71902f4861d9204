"""The desk over the wire: what `casewright.desk.Desk` is in one's own process, for those who are not in the server's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from casewright.answers import ChangePage
from casewright.commands import AttachFile, Command
from casewright.desk.door import Door
from casewright.errors import CasewrightError, ServerUnreachable
from casewright.front_door import Outcomes
from casewright.model import Receipt
from casewright.queries import Query
from casewright.remote.entrance import RemoteEntrance
from casewright.remote.transport import Reaching, Transport
from casewright.wire.answers import answer_of
from casewright.wire.codec import read
from casewright.wire.said import data_of

PURPOSE, DOOR = "Casewright-Purpose", "Casewright-Door"


class RemoteDesk:
    """The front door of one workspace, whose server is somewhere else; to be used by one thread.

    A `casewright.front_door.FrontDoor`; `server` is its address, or how it is reached. `door` is what this front end calls
    itself, such as `terminal`.
    """

    def __init__(self, server: Reaching | str, *, door: str = "", language: str = "") -> None:
        at = server if isinstance(server, Reaching) else Reaching(find=lambda: server)
        self.transport = Transport(at)
        self.entrance = RemoteEntrance(self.transport)
        self.transport.headers |= {DOOR: door} if door else {}
        self.transport.headers |= {"Accept-Language": language} if language else {}

    @property
    def address(self) -> str:
        """Where the server is."""
        return self.transport.address

    def execute(self, command: Command) -> Receipt:
        """Carry out a command; return when it is durable. The refusal is the server's; ServerUnreachable."""
        name = type(command).__name__
        try:
            answer = self.transport.post(f"/v1/commands/{name}", data_of(command))
        except ServerUnreachable as lost:
            lost.command_id = command.command_id if lost.arrived else ""
            raise
        receipt: Receipt = read(answer, Receipt)
        return receipt

    def together(self, commands: Sequence[Command], *, trial: bool = False) -> Outcomes:
        """Carry out all the commands or, where one of them is refused or it is only a trial, none."""
        said = [{"name": type(one).__name__, "command": data_of(one)} for one in commands]
        answer = self.transport.post("/v1/batch", {"commands": said, "trial": trial})
        return tuple(_outcome(one) for one in answer["outcomes"])

    def ask(self, query: Query) -> Any:
        """Answer a query; what it answers is named in the query's docstring."""
        kind = type(query)
        answer = self.transport.post(f"/v1/queries/{kind.__name__}", data_of(query))
        return read(answer, answer_of(kind))

    def keep(self, content: bytes, *, asked: AttachFile) -> str:
        """Store the content of an attachment durably, for whoever may do what is asked; return its digest."""
        about = urlencode({"ticket": asked.ticket, "filename": asked.filename})
        return str(self.transport.put(f"/v1/files?{about}", content)["digest"])

    def changes(self, since: int, *, wait: int = 0) -> ChangePage:
        """Return what has changed since a sequence, waiting for so many seconds for something to change."""
        said = urlencode({"since": since, "wait": wait})
        page: ChangePage = read(self.transport.get(f"/v1/changes?{said}"), ChangePage)
        return page

    def file(self, ticket: str, number: int) -> bytes:
        """Return the content of a file that is attached to a ticket; NotFound."""
        path = f"/v1/tickets/{quote(ticket, safe='')}/files/{number}"
        with self.transport.answer("GET", path) as response:
            return response.read()

    @contextmanager
    def through(self, door: Door) -> Iterator[None]:
        """Take what is asked meanwhile as coming from whoever was let in by `door`."""
        headers = self.entrance.headers_of(door)
        if door.purpose:
            headers[PURPOSE] = " ".join(door.purpose.split()).encode().decode("latin-1")
        with self.transport.showing(headers):
            yield

    def close(self) -> None:
        """Close the connection."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _outcome(data: Any) -> Receipt | CasewrightError:
    kind: Any = Receipt if "receipt" in data else Any
    found: Receipt | CasewrightError = read(data.get("receipt", data.get("error")), kind)
    return found
