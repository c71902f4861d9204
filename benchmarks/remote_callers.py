"""Callers of a server, in a process of their own: each sends a command over its own connection, waits, and sends the next.

    python benchmarks/remote_callers.py SOCKET KEYS...

Lines on the standard input say how many callers and how many commands; the answer to each is the seconds it took.
They speak HTTP with as little ceremony as possible, so that what is measured is the server.
"""

import json
import selectors
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from job_workspace import ACTOR, Steps, form

_HEAD = (
    "POST /v1/commands/FireTransition HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
    f"Casewright-Actor: {ACTOR}\r\nContent-Length: "
)


def request(key: str, transition: str, note: int) -> bytes:
    """Return a command as it goes over the wire, under an id of its own."""
    said = {
        "command_id": uuid.uuid4().hex,
        "ticket": key,
        "transition": transition,
        "form": form(note) if note >= 0 else {},
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return f"{_HEAD}{len(body)}\r\n\r\n".encode() + body


@dataclass(slots=True)
class Caller:
    """One connection, and what has come of the answer so far."""

    connection: socket.socket
    steps: Steps
    got: bytes = b""
    times: list[float] = field(default_factory=list)
    began: float = 0.0

    def ask(self) -> None:
        """Send the next command."""
        octets = request(*self.steps.next())
        self.began = time.perf_counter()
        self.connection.sendall(octets)

    def answered(self) -> bool:
        """Take what has come; return whether it is a whole answer. SystemExit for a refusal."""
        self.got += self.connection.recv(65536)
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return False
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"refused: {self.got.decode()[:2000]}")
        self.times.append(time.perf_counter() - self.began)
        self.got = b""
        return True


def work(callers: list[Caller], commands: int) -> float:
    """Have the callers do so many commands together; return the seconds it took."""
    left = commands
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for caller in callers[:left]:
            caller.ask()
            left -= 1
            selector.register(caller.connection, selectors.EVENT_READ, caller)
        under_way = len(selector.get_map())
        while under_way:
            for key, _ in selector.select():
                if not key.data.answered():
                    continue
                if left:
                    left -= 1
                    key.data.ask()
                else:
                    under_way -= 1
                    selector.unregister(key.fileobj)
    return time.perf_counter() - began


def connected(path: str, keys: list[str], number: int, most: int) -> Caller:
    """Return a caller who works on tickets of its own."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    # Pairs, because every other ticket of the workspace is one that is being checked.
    begins = range(2 * number, len(keys) - 1, 2 * most)
    own = [key for begin in begins for key in keys[begin : begin + 2]]
    return Caller(connection, Steps(own, filled=True, seed=number))


def lines() -> Iterator[list[str]]:
    """Yield the words of the lines that say what to do."""
    for line in sys.stdin:
        yield line.split()


def main() -> None:
    """Do what the lines say."""
    path, most, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(file, encoding="utf-8") as read:
        keys = read.read().split()
    callers = [connected(path, keys, number, most) for number in range(most)]
    print("ready", flush=True)
    for many, commands in lines():
        some = callers[: int(many)]
        seconds = work(some, int(commands))
        times = sorted(one for caller in some for one in caller.times)
        for caller in some:
            caller.times.clear()
        print(seconds, times[len(times) // 2], times[len(times) * 99 // 100], flush=True)


if __name__ == "__main__":
    main()
