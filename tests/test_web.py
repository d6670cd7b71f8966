"""The web server as it is asked over a socket: health, limits, and where it listens."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import START

from rasid.errors import StorageUnavailableError, WebError
from rasid.heartbeat import STUCK, Beat
from rasid.settings import HOUR, Web
from rasid.web.app import web_app
from rasid.web.health import health_routes
from rasid.web.server import WebServer
from storage import open_storage

WELL = Beat(pid=1, at=START, polling_at=START, delivery_at=START)
ANY_PORT = Web(port=0)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks a server as HTTP/1.1 says, or not quite."""

    server: WebServer
    beat: Beat = WELL
    storage: Any = field(default=None)

    async def raw(self, sent: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(sent)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()

    async def ask(self, path: str, method: str = "GET") -> Answer:
        got = await self.raw(
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        head, _, body = got.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        return Answer(int(first.split()[1]), headers, body)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    made: Client
    storage = open_storage(tmp_path / "rasid.db", lambda: START)
    server = WebServer(web_app(health_routes(lambda: made.beat, storage)))
    made = Client(server, storage=storage)
    await server.use(ANY_PORT)
    yield made
    await server.close()
    await storage.close()


async def test_T11_healthz_tells_progress(client: Client) -> None:
    answer = await client.ask("/healthz")
    assert answer.status == 200
    assert answer.json == {
        "well": True,
        "why": "well",
        "polling_at": "2026-09-21T14:13:20Z",
        "delivery_at": "2026-09-21T14:13:20Z",
        "oldest_pending_at": None,
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"polling_at": START - STUCK - 1}, "polling has made no progress for 300 s"),
        ({"delivery_at": START - HOUR}, "delivery has made no progress for 3600 s"),
        ({"storage_error": "/srv/rasid.db: full"}, "the database cannot be written: see the log"),
    ],
)  # fmt: skip
async def test_T11_Q06_healthz_fails_when_nothing_moves(
    client: Client, change: dict[str, Any], why: str
) -> None:
    client.beat = replace(WELL, **change)
    answer = await client.ask("/healthz")
    assert (answer.status, answer.json["well"], answer.json["why"]) == (503, False, why)


async def test_W12_answers_disclose_neither_version_nor_files(client: Client) -> None:
    client.beat = replace(
        WELL,
        config_error="/etc/rasid/rules.yaml:7: $strike",
        sources="1 source is failing",
        captures="[Errno 28] No space left on device: '/etc/captures'",
    )
    answers = [
        await client.ask(path) for path in ("/healthz", "/readyz", "/", "/healthz/", "/docs")
    ]
    answers.append(await client.ask("/healthz", "POST"))
    assert [answer.status for answer in answers] == [200, 200, 404, 404, 404, 405]
    for answer in answers:
        assert "server" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert b"/etc" not in answer.body
        assert b"strike" not in answer.body
    assert (
        answers[0].json["why"]
        == "well, but 1 source is failing; rules.yaml was refused: see the log; "
        "responses are not captured: see the log"
    )


async def test_readyz_asks_the_database(client: Client) -> None:
    assert (await client.ask("/readyz")).json == {"ready": True, "why": "ready"}

    async def fails(_fn: Callable[[Any], Any]) -> Any:
        raise StorageUnavailableError("locked")

    client.storage.read = fails
    answer = await client.ask("/readyz")
    assert (answer.status, answer.json["ready"]) == (503, False)
    assert (await client.ask("/healthz")).status == 200, "a restart would not mend it"


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/9\r\n\r\n", b"\x16\x03\x01" * 20, b"GET /" + b"a" * 200_000,
     b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 30_000],
)  # fmt: skip
async def test_W08_what_is_no_request_gets_no_more_than_a_400(client: Client, sent: bytes) -> None:
    try:
        got = await client.raw(sent)
    except ConnectionError:  # it did not read on
        got = b""
    assert got == b"" or b" 400 " in got.split(b"\r\n")[0]
    assert (await client.ask("/healthz")).status == 200


async def test_an_address_that_is_taken_is_told(client: Client) -> None:
    with pytest.raises(WebError, match=r"settings\.web: cannot listen on 127\.0\.0\.1 port"):
        await WebServer(web_app([])).use(Web(port=client.server.port))


async def test_a_reload_moves_the_server_and_takes_it_away(client: Client) -> None:
    server, before = client.server, client.server.port
    await server.use(ANY_PORT)
    assert server.port == before, "nothing has changed"
    await server.use(Web(host="127.0.0.2", port=0))
    moved = server.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", before), 5)
    socket.create_connection(("127.0.0.2", moved), 5).close()
    await server.use(None)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", moved), 5)
