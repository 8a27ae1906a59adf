"""A server on this machine that speaks the part of Twilio's API that sends messages, and can misbehave."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

ACCOUNT, TOKEN = "AC" + "0" * 32, "the token of the account"
NUMBER = "+15005550006"


@dataclass
class TwilioPeer:
    """A running server: what it took, and how it answers whom: ``(status, code, message)``, or a body as it is.

    It never answers ``silent`` recipients before ``released``, and hangs up on ``cut`` ones having read the request.
    """

    url: str = ""
    received: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    peer: TwilioPeer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name is the base's
        pass

    def do_GET(self) -> None:
        if self._let_in():
            self._answer(200, {"sid": ACCOUNT, "friendly_name": "Carrier", "status": "active"})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        given = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        if not self._let_in():
            return
        recipient = given["To"]
        if recipient in self.peer.silent:
            self.peer.released.wait(30)
        if recipient in self.peer.cut:
            self.close_connection = True
            self.connection.close()
            return
        if recipient in self.peer.answers:
            status, code, message = self.peer.answers[recipient]
            self._problem(status, code, message)
            return
        if recipient in self.peer.bodies:
            self._send(201, self.peer.bodies[recipient].encode())
            return
        sid = f"SM{len(self.peer.received):032x}"
        self.peer.received.append({**given, "sid": sid})
        told = {"sid": sid, "status": "queued", "to": recipient, "body": given["Body"], "error_code": None}
        self._answer(201, told)

    def _let_in(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {expected}":
            self._problem(401, 20003, "Authenticate")
            return False
        if not self.path.startswith(f"/2010-04-01/Accounts/{ACCOUNT}"):
            self._problem(404, 20404, "The requested resource was not found")
            return False
        return True

    def _problem(self, status: int, code: int, message: str) -> None:
        self._answer(status, {"code": code, "message": message, "more_info": "", "status": status})

    def _answer(self, status: int, told: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(told).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def twilio_server() -> Iterator[TwilioPeer]:
    """Run a server for the account ``ACCOUNT`` with ``TOKEN``."""
    peer = TwilioPeer()
    handler = type("Handler", (_Handler,), {"peer": peer})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield peer
    finally:
        peer.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def signature(url: str, parameters: Mapping[str, str], token: str = TOKEN) -> str:
    """How Twilio signs a call-back."""
    return str(RequestValidator(token).compute_signature(url, dict(parameters)))
