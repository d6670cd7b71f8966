"""Many sources on fewer hosts, some of which mean ill, in one process of its own.

Each host has an address of its own (127.21.x.y) and several feeds. A host answers as it should,
or it is slow, silent, leads in a circle, or lies about what it sends.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import random
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from bench.outlets import Feed, vocabulary

NETWORK = "127.21.0.0/16"
BAD = ("slow", "silent", "circle", "lies")
SLOW = 5.0  # seconds that a slow answer takes
ITEMS = 10


def address(host: int) -> str:
    """Return the address of a host."""
    return f"127.21.{host // 250}.{host % 250 + 1}"


def conduct(host: int, bad: int) -> str:
    """Return how a host behaves: "" for as it should, or one of `BAD` for one in `bad`."""
    return BAD[host // bad % len(BAD)] if bad and host % bad == 0 else ""


@dataclass
class Crowd:
    """What is served, and how often what was answered."""

    feeds: dict[tuple[str, str], Feed]  # by address and path
    conducts: dict[str, str]
    chance: random.Random
    changing: float = 0.0  # chance that a request finds a new item
    answers: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """Count an answer."""
        self.answers[what] = self.answers.get(what, 0) + 1

    def answer(self, host: str, path: str, head: str) -> bytes:
        """Answer a request as a good host does."""
        if path == "/robots.txt":
            return self._reply("404 Not Found", b"")
        feed = self.feeds[host, path]
        if self.chance.random() < self.changing:
            feed.add(1)
        if feed.etag in head:
            return self._reply("304 Not Modified", b"", feed.etag)
        return self._reply("200 OK", feed.body, feed.etag)

    def lie(self) -> bytes:
        """Answer with a body that is shorter than said, a page, or a bomb."""
        kind = self.chance.randrange(3)
        if kind == 0:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n<rss>"
        if kind == 1:
            return self._reply("200 OK", b"<html><title>Log in</title></html>")
        bomb = b"Content-Encoding: gzip\r\n"
        return self._reply("200 OK", _BOMB).replace(b"\r\n", b"\r\n" + bomb, 1)

    def _reply(self, status: str, body: bytes, etag: str = "") -> bytes:
        self.count(status[:3])
        tag = f"ETag: {etag}\r\n" if etag else ""
        length = "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
        return f"HTTP/1.1 {status}\r\n{tag}{length}\r\n".encode() + body


_BOMB = gzip.compress(bytes(50 << 20), 6)


async def _talk(crowd: Crowd, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    host = writer.get_extra_info("sockname")[0]
    with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            how = "" if path == "/robots.txt" else crowd.conducts[host]
            if how:
                crowd.count(how)
            await _ANSWERS[how](crowd, writer, (host, path, head))
            await writer.drain()
            if how == "lies":
                break
    writer.close()


Asked = tuple[str, str, str]  # address, path, head


async def _well(crowd: Crowd, writer: asyncio.StreamWriter, asked: Asked) -> None:
    writer.write(crowd.answer(*asked))


async def _slow(crowd: Crowd, writer: asyncio.StreamWriter, asked: Asked) -> None:
    answer = crowd.answer(*asked)
    size = len(answer) // 10 + 1
    for start in range(0, len(answer), size):
        writer.write(answer[start : start + size])
        await asyncio.sleep(SLOW / 10)


async def _silent(_crowd: Crowd, writer: asyncio.StreamWriter, _asked: Asked) -> None:
    await writer.wait_closed()


async def _circle(_crowd: Crowd, writer: asyncio.StreamWriter, asked: Asked) -> None:
    _, path, _ = asked
    to = path.removesuffix("-again") if path.endswith("-again") else f"{path}-again"
    writer.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


async def _lies(crowd: Crowd, writer: asyncio.StreamWriter, _asked: Asked) -> None:
    writer.write(crowd.lie())


_ANSWERS = {"": _well, "slow": _slow, "silent": _silent, "circle": _circle, "lies": _lies}


def _serve(pipe: Connection, hosts: int, each: int, bad: int, seed: int) -> None:
    words, feeds = vocabulary(), {}
    for at in range(hosts * each):
        feed = Feed(at, random.Random(seed * 100_003 + at), words["ar" if at % 2 else "en"])
        feed.add(ITEMS)
        feeds[address(at // each), f"/{at % each}.xml"] = feed
    conducts = {address(host): conduct(host, bad) for host in range(hosts)}
    asyncio.run(_run(pipe, Crowd(feeds, conducts, random.Random(seed))))


async def _run(pipe: Connection, crowd: Crowd) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def obey() -> None:
        try:
            crowd.changing = pipe.recv()
        except EOFError:
            stop.set()
            return
        answers, crowd.answers = crowd.answers, {}
        pipe.send(answers)

    port = 0
    for host in crowd.conducts:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        port = listener.getsockname()[1]
        await asyncio.start_server(lambda r, w: _talk(crowd, r, w), sock=listener)
    loop.add_reader(pipe.fileno(), obey)
    pipe.send(port)
    await stop.wait()


class CrowdOutlets:
    """The process as seen from outside; a context manager."""

    def __init__(self, hosts: int, each: int, bad: int, seed: int) -> None:
        self.hosts, self.each, self.bad = hosts, each, bad
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(other, hosts, each, bad, seed), daemon=True
        )
        self._process.start()
        other.close()
        self.port: int = self._pipe.recv()

    def __enter__(self) -> CrowdOutlets:
        """Return the outlets."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._pipe.close()
        self._process.join(5)
        self._process.terminate()

    def report(self, changing: float) -> dict[str, int]:
        """Return how often what was answered since; from now on, so many requests find news."""
        self._pipe.send(changing)
        answers: dict[str, int] = self._pipe.recv()
        return answers

    def healthy(self) -> set[str]:
        """Return the ids of the sources of hosts that answer as they should."""
        return {
            f"s{host}-{at}"
            for host in range(self.hosts)
            if not conduct(host, self.bad)
            for at in range(self.each)
        }

    def configuration(self, every: str) -> str:
        """Return a rules.yaml for all sources, with one rule that matches nothing."""
        sources = "".join(
            f"  - {{id: s{host}-{at}, outlet: o{host}, every: {every},"
            f" url: 'http://{address(host)}:{self.port}/{at}.xml'}}\n"
            for host in range(self.hosts)
            for at in range(self.each)
        )
        return (
            f"version: 1\nsettings:\n  security: {{allow_addresses: ['{NETWORK}']}}\n"
            "receivers: [{id: desk, urls: ['console://']}]\n"
            f"sources:\n{sources}rules:\n  - {{id: none, any: [xqzzt], notify: [desk]}}\n"
        )
