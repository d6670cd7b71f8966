"""Receivers that tests point notifiers at: a real HTTP server and a real SMTP server."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def alerts(self) -> list[str]:
        return self.headers["X-Rasid-Alert"].split(",")


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang: float = 0


class HttpSink:
    """Keeps every request; `answer(request)` says what to reply, 200 unless set."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Callable[[Request], Answer] = lambda _request: Answer()
        self.released = threading.Event()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                request = Request(self.path, dict(self.headers), body, self.command)
                sink.requests.append(request)
                answer = sink.answer(request)
                if answer.hang:
                    sink.released.wait(answer.hang)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    self.close_connection = True

            do_GET = do_PUT = do_POST  # noqa: N815 - heartbeats ask, Matrix puts

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [alert for request in self.requests for alert in request.alerts]


@contextmanager
def http_sink(tls: ssl.SSLContext | None = None) -> Iterator[HttpSink]:
    sink = HttpSink()
    if tls is not None:
        sink.server.socket = tls.wrap_socket(sink.server.socket, server_side=True)
    thread = threading.Thread(target=sink.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.released.set()
        sink.server.shutdown()
        sink.server.server_close()
        thread.join()


class SmtpSink:
    """Keeps every mail; recipients in `refused` get a 550, all of them while `busy` a 451."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.recipients: list[list[str]] = []
        self.refused: set[str] = set()
        self.busy = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        if self.busy:
            return "451 later"
        if address in self.refused:
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def url(self, to: str = "desk@example.org", mode: str = "insecure") -> str:
        scheme = "mailto" if mode == "insecure" else "mailtos"
        asked = f"mode={mode}&from=rasid@example.org&to={to}"
        return f"{scheme}://127.0.0.1:{self.port}/?{asked}"


class _TlsController(Controller):
    """A server of implicit TLS: the base class would knock at it with the server's own context."""

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), 1):
            pass


@contextmanager
def smtp_sink(*, tls: ssl.SSLContext | None = None, mode: str = "insecure") -> Iterator[SmtpSink]:
    """Serve mail; with `tls` from the first byte (`mode` "ssl") or after STARTTLS."""
    sink = SmtpSink()
    sink.port = _free_port()
    if mode == "ssl":
        controller = _TlsController(sink, hostname="127.0.0.1", port=sink.port, ssl_context=tls)
    else:
        controller = Controller(
            sink,
            hostname="127.0.0.1",
            port=sink.port,
            tls_context=tls,
            require_starttls=tls is not None,
        )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return condition()
