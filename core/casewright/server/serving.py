"""Answers for one workspace on sockets that are open already, until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

import uvloop

from casewright.config import Config
from casewright.desk import open_desk
from casewright.desk.watching import Watch
from casewright.server.application import api, application
from casewright.server.batch_api import BatchApi
from casewright.server.changes_api import ChangesApi
from casewright.server.credentials import Credentials
from casewright.server.door_grants import DoorGrants
from casewright.server.door_secret import secret_of_the_doors
from casewright.server.feed import Feed
from casewright.server.files import Files
from casewright.server.gate import Gate
from casewright.server.listening import writer_path
from casewright.server.metrics import Metrics
from casewright.server.monitoring import Monitoring
from casewright.server.outside.parts import outside
from casewright.server.readers import Readers
from casewright.server.sessions import Sessions
from casewright.server.sign_in_lane import SignInLane
from casewright.server.streams import Streams
from casewright.server.tether import BEAT, BEAT_EVERY, READY, Tether
from casewright.server.web_server import WebServer
from casewright.server.writer_link import WriterLink


def serve(config: Config, listening: Sequence[socket.socket], tether: Tether) -> None:
    """Answer on the sockets until SIGTERM; what was begun is ended first. Whatever keeps it from that is raised at once."""
    opener = partial(open_desk, config, owned=True)
    metrics = Metrics()
    with ExitStack() as closing:
        readers = Readers(opener, metrics, answer_seconds=config.server.answer_seconds)
        closing.callback(readers.stop)
        feed = Feed(readers, metrics)
        writer = WriterLink(writer_path(config), metrics, feed.committed)
        lane = SignInLane(opener)
        closing.callback(lane.stop)
        credentials = Credentials(config, readers)
        parts = (
            *api(writer, readers, credentials),
            BatchApi(writer, credentials),
            Files(readers, credentials),
            Streams(config, readers, credentials),
            Sessions(config, credentials, readers, lane),
            DoorGrants(readers, credentials, secret_of_the_doors()),
            ChangesApi(feed, credentials),
            *outside(config, writer, readers),
            Monitoring(config, credentials, writer, readers, metrics),
        )
        gate = Gate(application(parts, config), config.server)
        server = WebServer(gate, config, listening)
        with (
            Watch(config) as watch,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(_answer(server, writer, feed, watch, tether))


async def _answer(
    server: WebServer, writer: WriterLink, feed: Feed, watch: Watch, tether: Tether
) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        feed.stop()
        writer.stop()
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    works = (server.answer(), writer.run(), feed.run(watch), _beat(server, tether))
    tasks = [loop.create_task(one) for one in works]
    try:
        # All but one never end: what ends first is the answering, or something that went wrong.
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


async def _beat(server: WebServer, tether: Tether) -> None:
    """Say that all answer, and then again and again that this loop is alive."""
    while not server.started:
        await asyncio.sleep(0.01)
    tether.say(READY)
    while True:
        await asyncio.sleep(BEAT_EVERY)
        tether.say(BEAT)
