"""An SMS provider in a process of its own: it writes down what it is handed, durably, and knows a key again.

`python -m soak.provider LOG CLOCK TROUBLE` prints its port. Of a hundred requests, TROUBLE are turned away for now, and
as many are taken without an answer. What has a key that was taken before is taken again and shown to nobody.
"""

import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .shared_clock import SharedClock

TESTS = Path(__file__).resolve().parents[1]
SURROUNDINGS = {"PYTHONPATH": os.pathsep.join([str(TESTS.parent / "core"), str(TESTS)])}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A request that the provider took; `shown` where the person's telephone rang for it."""

    key: str
    to: str
    text: str
    at: datetime
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A running provider: where it listens, and where it writes."""

    port: int
    log: Path

    def handed(self) -> list[Handed]:
        """Everything that it took, in order."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [Handed(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in lines]


@contextmanager
def provider(log: Path, clock: Path, *, trouble: int = 0) -> Iterator[Provider]:
    """Run a provider that goes by the clock in the file `clock`."""
    log.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "soak.provider", str(log), str(clock), str(trouble)],
        env={**os.environ, **SURROUNDINGS},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Provider(port=int(process.stdout.readline()), log=log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class _Book:
    """What was taken: one durable line for each request, written before it is answered."""

    def __init__(self, log: Path, clock: SharedClock) -> None:
        self._file = os.open(log, os.O_WRONLY | os.O_APPEND)
        self._clock, self._keys, self._lock = clock, Counter[str](), threading.Lock()

    def take(self, key: str, to: str, text: str) -> None:
        with self._lock:
            shown, at = not self._keys[key], self._clock.now().isoformat()
            self._keys[key] += 1
            line = json.dumps({"key": key, "to": to, "text": text, "at": at, "shown": shown})
            os.write(self._file, line.encode() + b"\n")
        os.fsync(self._file)


def _handler(book: _Book, trouble: int) -> type[BaseHTTPRequestHandler]:
    chance = random.Random(1)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            drawn = chance.randrange(100)
            if drawn < trouble:
                self._answer(503)
                return
            book.take(self.headers["Idempotency-Key"], body["to"], body["text"])
            if drawn < 2 * trouble:
                self.close_connection = True
                return
            self._answer(200)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *given: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True

    def handle_error(self, *given: object) -> None:
        """Say nothing of a caller that was killed before it was answered."""


def main(log: str, clock: str, trouble: str) -> None:
    """Serve until killed."""
    book = _Book(Path(log), SharedClock(Path(clock)))
    server = _Server(("127.0.0.1", 0), _handler(book, int(trouble)))
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
