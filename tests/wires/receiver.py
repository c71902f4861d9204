"""Another system that is told of events: a real HTTP server on this machine, which answers as it is told to."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from casewright.delivery.webhook_signature import AT, ID, SIGNATURE

SECRET = "what the two of us know"


class Told:
    """One request, as it came."""

    def __init__(self, headers, body: bytes) -> None:
        self.host = headers["Host"]
        self.id, self.at = headers[ID], int(headers[AT])
        self.signed, self.body = headers[SIGNATURE], body
        self.said = json.loads(body)

    @property
    def verified(self) -> bool:
        """Whether it is signed as the standard says; written out, so that it is not our own word for it."""
        content = f"{self.id}.{self.at}.".encode() + self.body
        signed = hmac.new(SECRET.encode(), content, hashlib.sha256).digest()
        return self.signed == f"v1,{base64.b64encode(signed).decode()}"


class Receiver:
    """Keeps what it is told; `answers` are used up one by one, then it says 204. A callable answers by itself."""

    def __init__(self, context=None) -> None:
        self.told: list[Told] = []
        self.answers: list = []
        self.release = threading.Event()
        self.turn = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.turn:
                    outer.told.append(Told(self.headers, body))
                    answer = outer.answers.pop(0) if outer.answers else 204
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", f"{outer.url}/elsewhere")
                self.end_headers()

            def log_message(self, *said):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        self.scheme = "https" if context else "http"
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{self.scheme}://localhost:{self.port}/hooks"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.told]

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
