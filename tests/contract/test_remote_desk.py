"""The desk over the wire keeps the contract of a front door."""

from contextlib import AbstractContextManager
from hashlib import sha256

import pytest

from casewright.clock import SetClock
from casewright.commands import AttachFile, OpenTicket
from casewright.config import Config
from casewright.desk.door import Door
from casewright.errors import NotFound
from casewright.front_door import FrontDoor
from casewright.server import files
from casewright.testing.desk import MOMENT
from casewright.testing.desk_contract import DeskContract, furnished

from .remote_site import remote


class TestRemoteDesk(DeskContract):
    def open(self, config: Config, clock: SetClock) -> AbstractContextManager[FrontDoor]:
        return remote(config, clock)


def test_a_large_file_comes_in_pieces_and_says_how_much_there_is(tmp_path, monkeypatch):
    clock, content = SetClock(MOMENT), bytes(range(256)) * 40
    monkeypatch.setattr(files, "_PIECE", 1000)
    with remote(furnished(tmp_path, clock), clock) as desk, desk.through(Door(actor="ana")):
        opening = OpenTicket(actor="ana", workflow="matter", fields={})
        attaching = AttachFile(
            actor="ana",
            ticket=desk.execute(opening).ticket,
            digest=sha256(content).hexdigest(),
            filename="large",
            size=len(content),
        )
        desk.keep(content, asked=attaching)
        key = desk.execute(attaching).ticket

        with desk.transport.answer("GET", f"/v1/tickets/{key}/files/1") as response:
            assert response.headers["Content-Length"] == str(len(content))
            assert response.read() == content


def test_a_file_is_given_out_as_what_no_browser_opens(tmp_path):
    clock = SetClock(MOMENT)
    with remote(furnished(tmp_path, clock), clock) as desk, desk.through(Door(actor="ana")):
        opening = OpenTicket(actor="ana", workflow="matter", fields={})
        attaching = AttachFile(
            actor="ana",
            ticket=desk.execute(opening).ticket,
            digest=sha256(b"<script>").hexdigest(),
            filename='a"\r\nb.html',
            size=8,
        )
        desk.keep(b"<script>", asked=attaching)
        key = desk.execute(attaching).ticket

        with desk.transport.answer("GET", f"/v1/tickets/{key}/files/1") as response:
            headers, content = response.headers, response.read()

        assert (content, desk.file(key, 1)) == (b"<script>", b"<script>")
        assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%0D%0Ab.html"
        assert headers["Content-Type"] == "application/octet-stream"
        with pytest.raises(NotFound):
            desk.file(key, 2)
