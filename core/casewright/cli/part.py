"""Where the processes of a server begin: `python -m casewright.cli.part http|writer|worker FOLDER`. `casewright serve` starts them."""

import socket
import sys
from collections.abc import Callable, Mapping, Sequence

from casewright.cli.grammar import Given
from casewright.cli.incident import incident_of, incident_sentence
from casewright.cli.output import print_line
from casewright.cli.session import Session
from casewright.errors import CasewrightError
from casewright.server.tether import Tether, tether

HTTP, WRITER, WORKER = "http", "writer", "worker"
DONE, REFUSED, BUG = 0, 1, 70


def main(words: Sequence[str]) -> int:
    """Do one part's work until it is told to stop; return the exit code."""
    name, folder, *numbers = words
    tied = tether()
    tied.hold()
    with Session(Given({"workspace": (folder,)})) as session:
        try:
            _PARTS[name](session, tied, [int(one) for one in numbers])
            return DONE
        except CasewrightError as error:
            print_line(session.texts.error(error), sys.stderr)
            return REFUSED
        except Exception as bug:  # noqa: BLE001 (the outermost border of this process)
            incident = incident_of(bug, session)
            print_line(incident_sentence(incident, session.texts), sys.stderr)
            return BUG


def _http(session: Session, tied: Tether, numbers: Sequence[int]) -> None:
    from casewright.server.serving import serve

    serve(session.config, [socket.socket(fileno=one) for one in numbers], tied)


def _writer(session: Session, tied: Tether, numbers: Sequence[int]) -> None:
    from casewright.server.writing import write

    write(session.config, socket.socket(fileno=numbers[0]), tied)


def _worker(session: Session, tied: Tether, numbers: Sequence[int]) -> None:
    from casewright.cli.worker import work

    work(session, Given({"workspace": (str(session.folder),)}))


_PARTS: Mapping[str, Callable[[Session, Tether, Sequence[int]], None]] = {
    HTTP: _http,
    WRITER: _writer,
    WORKER: _worker,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
