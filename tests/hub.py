"""A WebSub hub over HTTP, on a loopback address of its own.

    with Hub() as hub:
        hub.url             # what a feed names
        hub.push(topic, b"<rss>...")

It verifies what it is asked as the recommendation says, before or after it answers.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

from outlet import next_address

Form = dict[str, str]


@dataclass
class Hub:
    """Serves in threads until the `with` block ends."""

    status: int = 202
    location: str = ""  # redirects there
    verifies: bool = True
    lease: str | None = None  # granted; None: as asked
    asked: list[Form] = field(default_factory=list)
    callbacks: dict[str, Form] = field(default_factory=dict)  # confirmed, by topic
    echoes: list[tuple[int, bytes]] = field(default_factory=list)

    def __enter__(self) -> Hub:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                hub.asked.append(form)
                if hub.verifies and hub.status < 300:  # before the answer: some hubs do
                    hub.verify(form)
                self.send_response(hub.status)
                if hub.location:
                    self.send_header("Location", hub.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        host = next_address()
        self._server = ThreadingHTTPServer((host, 0), Handler)
        self.address = f"{host}:{self._server.server_address[1]}"
        self.url = f"http://{self.address}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    def verify(self, form: Form, **changed: str) -> tuple[int, bytes]:
        """Ask the callback whether a request was its own; note it where it was."""
        lease = self.lease if self.lease is not None else form.get("hub.lease_seconds", "")
        question = {name: form[name] for name in ("hub.mode", "hub.topic")}
        question |= {"hub.challenge": "challenge-<1>"}
        question |= {"hub.lease_seconds": lease} if lease else {}
        question |= {f"hub.{name}": value for name, value in changed.items()}
        got = request(f"{form['hub.callback']}?{urlencode(question)}")
        self.echoes.append(got)
        if got == (200, b"challenge-<1>"):
            if form["hub.mode"] == "subscribe":
                self.callbacks[form["hub.topic"]] = form
            else:
                self.callbacks.pop(form["hub.topic"], None)
        return got

    def deny(self, form: Form, reason: str) -> int:
        """Tell the callback that a subscription is denied."""
        said = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": reason}
        return request(f"{form['hub.callback']}?{urlencode(said)}")[0]

    def push(self, topic: str, body: bytes, method: str = "sha256", secret: str = "") -> int:
        """Send content to a subscriber, signed; with `method=""` unsigned."""
        form = self.callbacks[topic]
        key = (secret or form["hub.secret"]).encode()
        headers = {"Content-Type": "application/rss+xml"}
        if method:
            digest = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
            headers["X-Hub-Signature"] = f"{method}={digest}"
        return request(form["hub.callback"], body, headers)[0]


def request(url: str, body: bytes | None = None, headers: Any = None) -> tuple[int, bytes]:
    """Return status and body of an answer, whatever the status."""
    asked = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
