"""A real HTTP server of scripted behaviours, on a loopback address of its own.

    with Outlet() as outlet:
        outlet.body("/feed", RSS, etag='"1"')
        outlet.url("/feed")

Behaviours get the request and write to the raw socket, so that anything can be broken.
Every request is in `outlet.requests`; concurrency is counted in `outlet.most_at_once`.
"""

from __future__ import annotations

import itertools
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Outlet</title><link>http://outlet.example/</link>
<item><guid>1</guid><title>قصف على الميادين</title><link>http://outlet.example/1</link></item>
<item><guid>2</guid><title>Rain in Idlib</title><link>http://outlet.example/2</link></item>
</channel></rss>
""".encode()

# each process of a run has addresses of its own
_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_numbers = itertools.count(2 + _process % 4 * 16_000)
_taken = threading.Lock()


def next_address() -> str:
    """Return a loopback address that nobody else of this run has used."""
    with _taken:
        number = next(_numbers)
    return f"127.10.{number // 250}.{number % 250 + 1}"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    at: float  # time.monotonic


Behaviour = Callable[[socket.socket, Asked], None]


@dataclass
class Outlet:
    """Serves in threads until the `with` block ends. Unknown paths answer 404."""

    host: str = field(default_factory=next_address)
    port: int = 0
    tls: ssl.SSLContext | None = None
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Outlet:
        self._listener = socket.create_server((self.host, self.port), backlog=256)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # wakes accept(), which a plain close leaves hanging
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            _shut(connection)

    def url(self, path: str = "/feed") -> str:
        """Return the address of a path."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{path}"

    @property
    def address(self) -> str:
        """Return what `allow_addresses` takes."""
        return f"{self.host}:{self.port}"

    def asked(self, path: str = "/feed") -> list[Asked]:
        """Return the requests for one path."""
        return [one for one in self.requests if one.path == path]

    def on(self, path: str, behaviour: Behaviour) -> None:
        """Let a path behave in any way."""
        self.behaviours[path] = behaviour

    def answer(self, path: str, status: int = 200, body: bytes = b"", /, **headers: str) -> None:
        """Let a path answer always the same. `Retry_After="1"` becomes `Retry-After: 1`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.on(path, lambda sock, _: sock.sendall(response(status, body, named)))

    def body(
        self, path: str, body: bytes = RSS, etag: str = "", modified: str = "", **headers: str
    ) -> None:
        """Serve a body, and 304 to who has its validators."""
        named = {"Content-Type": "application/rss+xml"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"ETag": etag} if etag else {}
        named |= {"Last-Modified": modified} if modified else {}

        def serve(sock: socket.socket, asked: Asked) -> None:
            same = etag and asked.headers.get("if-none-match") == etag
            same = same or (modified and asked.headers.get("if-modified-since") == modified)
            sock.sendall(response(304, b"", named) if same else response(200, body, named))

        self.on(path, serve)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Let a path redirect."""
        self.answer(path, status, b"", Location=to)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        raw = connection
        try:
            connection.settimeout(30)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                while asked := _read(connection):
                    if not self._behave(connection, asked):
                        return
        except OSError:  # the client went away: what it came for is in `requests`
            pass
        finally:
            with self._lock:
                self._open.discard(raw)
            raw.close()

    def _behave(self, connection: socket.socket, asked: Asked) -> bool:
        with self._lock:
            self.requests.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            behaviour = self.behaviours.get(asked.path)
            if behaviour is None:
                connection.sendall(response(404, b"", {}))
            else:
                behaviour(connection, asked)
            return connection.fileno() != -1
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def several(count: int) -> Iterator[list[Outlet]]:
    """Serve as that many outlets, each at an address of its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(Outlet()) for _ in range(count)]


def response(status: int, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a whole HTTP/1.1 response."""
    lines = [f"HTTP/1.1 {status} Status", *(f"{k}: {v}" for k, v in headers.items())]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


def close(sock: socket.socket) -> None:
    """End a connection from inside a behaviour."""
    _shut(sock)
    sock.close()


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:  # closed by the other side already
        return


def _read(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    first, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Asked(method, path, headers, time.monotonic())
