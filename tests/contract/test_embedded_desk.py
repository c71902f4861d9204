"""The desk in one's own process keeps the contract of a front door."""

from collections.abc import Iterator
from contextlib import contextmanager

from casewright.clock import SetClock
from casewright.config import Config
from casewright.desk import open_desk
from casewright.desk.door import Door
from casewright.front_door import FrontDoor
from casewright.testing.desk_contract import DeskContract


class TestEmbeddedDesk(DeskContract):
    @contextmanager
    def open(self, config: Config, clock: SetClock) -> Iterator[FrontDoor]:
        with open_desk(config, clock=clock, door=Door(actor="")) as desk:
            yield desk
