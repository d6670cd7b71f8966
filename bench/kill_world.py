"""The loopback outlet that publishes and the sink that receives, for the kill test."""

from __future__ import annotations

import itertools
import json
import random
import re
import sqlite3
import threading
import time
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WINDOW = 120  # items that the feed shows
BACKLOG = 40  # items not kept yet beyond which nothing is published: well inside the window
SHUFFLED = 0.3  # of the polls
UNAVAILABLE = 0.05  # of the sink's answers are 503
PATIENT = 0.8  # of those say when to come again; after the others the daemon decides
SLOWEST = 0.006  # seconds until the sink answers

ISOLATES = re.compile("[\u2066-\u2069\u2060]")
TITLE = re.compile(r"strike number (\d+)")

CONFIGURATION = """\
version: 1
settings:
  story_updates: 0s  # every item is told by itself: each is expected
  security: {{allow_addresses: ["127.0.0.10:{outlet}", "127.0.0.1:{sink}"]}}
sources:
  - {{id: paper, outlet: paper, url: "http://127.0.0.10:{outlet}/", every: 1m}}
receivers:
  - {{id: one, urls: ["json://127.0.0.1:{sink}/one"]}}
  - {{id: two, urls: ["json://127.0.0.1:{sink}/two"]}}
rules:
  - {{id: strike, any: [غارة, strike], notify: [one, two]}}
"""


def configuration(outlet: int, sink: int) -> str:
    """Return a rules.yaml for the two servers."""
    return CONFIGURATION.format(outlet=outlet, sink=sink)


class _Server:
    """A threaded loopback server."""

    address = "127.0.0.1"

    def __init__(self) -> None:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.answer(self, b"")

            def do_POST(self) -> None:
                owner.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *args: object) -> None:
                """Stay silent."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Stay silent: clients are killed here."""

        self._server = Server((self.address, 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request."""
        raise AssertionError("a server answers")

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def _reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    try:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Type", "application/rss+xml")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
    except OSError:
        request.close_connection = True  # it was killed meanwhile


class Outlet(_Server):
    """Publishes `rate` items a second while its reader follows; each title is its own."""

    # not where the daemon has just tested its guard: it would leave that host alone for a second
    address = "127.0.0.10"

    def __init__(self, seed: float, rate: float) -> None:
        self.rate = rate
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._opened: float | None = None
        self._before = 0
        self._most = 0
        self.polls = 0
        super().__init__()

    @property
    def published(self) -> list[str]:
        """Return the titles published so far."""
        return [f"غارة strike number {n}" for n in range(self._count())]

    def publish_on(self, kept: int) -> None:
        """Publish from now on, but never more than `BACKLOG` beyond what is kept.

        What scrolls away between two polls is not covered by the guarantee.
        """
        self._most = max(self._most, kept + BACKLOG)
        if self._opened is None:
            self._opened = time.monotonic()

    def pause(self) -> None:
        """Publish nothing more."""
        self._before, self._opened = self._count(), None

    def _count(self) -> int:
        opened = self._opened
        more = 0 if opened is None else int((time.monotonic() - opened) * self.rate)
        return min(self._before + more, self._most)

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Serve the feed: its newest items, sometimes shuffled, 304 when nothing is new."""
        if request.path == "/robots.txt":
            _reply(request, 404)
            return
        with self._lock:
            self.polls += 1
            count = self._count()
            numbers = list(range(max(0, count - WINDOW), count))[::-1]
            if self._random.random() < SHUFFLED:
                self._random.shuffle(numbers)
        feed = _feed(numbers)
        etag = f'"{sha256(feed).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            _reply(request, 304, ETag=etag)
        else:
            _reply(request, 200, feed, ETag=etag)


def _feed(numbers: list[int]) -> bytes:
    date = formatdate(usegmt=True)
    items = "".join(
        f"<item><guid isPermaLink='false'>paper-{n}</guid><title>غارة strike number {n}</title>"
        f"<link>http://paper.example/{n}</link><pubDate>{date}</pubDate></item>"
        for n in numbers
    )
    head = "<rss version='2.0'><channel><title>Paper</title><link>http://paper.example/</link>"
    return f"<?xml version='1.0'?>{head}{items}</channel></rss>".encode()


@dataclass(frozen=True)
class Told:
    """One alert that the sink accepted."""

    receiver: str
    title: str
    alert: str
    send: int  # which send brought it, counted from 0


class Sink(_Server):
    """Accepts notifications, refuses some for a moment, and remembers what it accepted."""

    def __init__(self, seed: float) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.told: list[Told] = []
        self._sends = itertools.count()
        super().__init__()

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Accept or refuse one notification."""
        with self._lock:
            refuse = self._random.random() < UNAVAILABLE
            patient = self._random.random() < PATIENT
            delay = self._random.random() * SLOWEST
        time.sleep(delay)
        if refuse:
            _reply(request, 503, **({"Retry_After": "1"} if patient else {}))
            return
        with self._lock:
            self.told.extend(_told(request, body, next(self._sends)))
        _reply(request, 200)

    def promised(self, titles: list[str]) -> set[tuple[str, str]]:
        """Return (receiver, title) of what is to be told when these are published."""
        return {(receiver, title) for receiver in ("one", "two") for title in titles}

    def missing(self, promised: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return what of it was not told yet."""
        with self._lock:
            return promised - {(one.receiver, one.title) for one in self.told}


def _told(request: BaseHTTPRequestHandler, body: bytes, send: int) -> list[Told]:
    """Read titles, and which alert each belongs to, out of a webhook's body and headers."""
    payload = json.loads(body)
    receiver = request.path.strip("/")
    lines = f"{payload.get('title', '')}\n{payload.get('message', '')}"
    ids = (request.headers.get("X-Rasid-Alert") or "").replace(",", " ").split()
    titles = list(dict.fromkeys(TITLE.findall(ISOLATES.sub("", lines))))
    return [
        Told(receiver, f"غارة strike number {n}", ids[at] if at < len(ids) else "", send)
        for at, n in enumerate(titles)
    ]


def counted(database: Path, *, check: bool = True) -> dict[str, int | str]:
    """Return the verdict of SQLite on a database file and how many items it has."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0] if check else "not run"
        (items,) = connection.execute("SELECT count(*) FROM items").fetchone()
    connection.close()
    return {"quick_check": verdict, "items": items}


def make_due(database: Path) -> None:
    """Let the next start poll at once, whatever the interval says."""
    if database.exists():
        with sqlite3.connect(database, timeout=10) as connection:
            connection.execute("UPDATE sources SET next_poll_at = 0")
        connection.close()
