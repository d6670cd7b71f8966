"""A small newspaper on this machine, so that the whole path can be seen without a network."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from ipaddress import ip_address
from types import TracebackType
from typing import Final, cast

from rasid.demo import pages
from rasid.demo.pages import Page, Printed

_MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Edition:
    """What the server shows at one moment; replaced whole when something is published."""

    items: tuple[Printed, ...]
    feed: Page


class Newspaper:
    """Publishes the demo's items, in Arabic and English, at `url` as RSS.

    Serves from `start()` to `stop()`, which its context manager calls. Listens on
    loopback addresses only.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000,
    ) -> None:
        if not ip_address(host).is_loopback:
            raise ValueError(f"{host} is not a loopback address")
        self._clock = clock
        self._lock = threading.Lock()
        self._server = _Server((host, port), self)
        self._thread: threading.Thread | None = None
        self._edition = _Edition((), self._feed(()))

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it listens on."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    @property
    def url(self) -> str:
        """Address of its feed."""
        return f"{self._root}/feed.xml"

    @property
    def _root(self) -> str:
        host, port = self.address
        return f"http://{host}:{port}"

    @property
    def left(self) -> int:
        """How many items are still to be published."""
        return len(_stories()) - len(self._edition.items)

    def start(self) -> Newspaper:
        """Begin to serve, in a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._server.serve_forever, args=(0.05,), name="newspaper", daemon=True
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def publish(self, count: int = 1) -> int:
        """Publish the next `count` items; return how many there were."""
        with self._lock:
            printed = self._edition.items
            fresh = _stories()[len(printed) : len(printed) + count]
            seconds = self._clock() // _MICROS
            items = printed + tuple(
                Printed(number, story["language"], story["title"], story["summary"], seconds)
                for number, story in enumerate(fresh, len(printed) + 1)
            )
            if fresh:
                self._edition = _Edition(items, self._feed(items))
            return len(fresh)

    def page(self, path: str) -> Page | None:
        """Return what stands at a path, or None."""
        edition = self._edition
        if path == "/feed.xml":
            return edition.feed
        if path == "/robots.txt":
            return pages.robots()
        wanted = (item for item in edition.items if path == f"/item/{item.number}")
        found = next(wanted, None)
        return pages.item(found) if found else None

    def _feed(self, items: tuple[Printed, ...]) -> Page:
        changed = items[-1].published if items else self._clock() // _MICROS
        return pages.feed(self._root, items, changed)

    def __enter__(self) -> Newspaper:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def configuration(host: str, port: int) -> str:
    """Return a rules.yaml that polls the newspaper at an address and prints its alerts."""
    return _text("rules.yaml").replace("HOST:PORT", f"{host}:{port}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], newspaper: Newspaper) -> None:
        self.newspaper = newspaper
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        page = cast(_Server, self.server).newspaper.page(self.path.partition("?")[0])
        if page is None:
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"Not here.\n")
        elif pages.unchanged(page, self.headers):
            self._answer(HTTPStatus.NOT_MODIFIED, page.validators, b"")
        else:
            headers = page.validators | {"Content-Type": page.content_type}
            self._answer(HTTPStatus.OK, headers, page.body)

    do_HEAD = do_GET  # noqa: N815

    def _answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent: the demo's screen is for alerts."""


@cache
def _stories() -> list[dict[str, str]]:
    return [json.loads(line) for line in _text("items.jsonl").splitlines()]


def _text(name: str) -> str:
    return files("rasid.demo").joinpath(name).read_text(encoding="utf-8")
