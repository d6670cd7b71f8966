"""Many loopback outlets and a webhook, in one process of its own.

Each outlet has an address of its own (127.20.x.y), so that politeness towards a host does not
distort what is measured.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import re
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

import rasid.demo

ISOLATES = re.compile("[\u2066-\u2069\u2060]")
NUMBER = re.compile(r"number (\d+)")
NETWORK = "127.20.0.0/16"
SINK = "127.20.255.1"
SHOWN = 20


def address(at: int) -> str:
    """Return the address of an outlet."""
    return f"127.20.{at // 250}.{at % 250 + 1}"


def vocabulary() -> dict[str, list[str]]:
    """Return the Arabic and English words of the demo newspaper."""
    found: dict[str, set[str]] = {"ar": set(), "en": set()}
    lines = Path(rasid.demo.__file__).with_name("items.jsonl").read_text(encoding="utf-8")
    for line in lines.splitlines():
        item = json.loads(line)
        if item["language"] in found:
            found[item["language"]].update(f"{item['title']} {item['summary']}".split())
    return {language: sorted(words) for language, words in found.items()}


@dataclass
class Feed:
    """One outlet's feed; outlets with an odd number write Arabic."""

    at: int
    random: random.Random
    words: list[str]
    items: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # published, not yet served
    made: int = 0
    body: bytes = b""
    etag: str = ""
    ahead: float = 0.0  # seconds that its clock is ahead of this machine's

    def add(self, count: int, title: str = "") -> None:
        """Publish items of random words, or one with a title."""
        for _ in range(count):
            self.made += 1
            headline = title or " ".join(self.random.choices(self.words, k=9))
            summary = " ".join(self.random.choices(self.words, k=35))
            link = f"http://{address(self.at)}/{self.made}"
            self.items.insert(
                0,
                f"<item><guid isPermaLink='false'>{link}</guid><title>{headline}</title>"
                f"<link>{link}</link><description>{summary}</description>"
                f"<pubDate>{formatdate(time.time() + self.ahead, usegmt=True)}</pubDate></item>",
            )
        del self.items[SHOWN:]
        head = (
            f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
            f"<title>Outlet {self.at}</title><link>http://{address(self.at)}/</link>"
            "<description>A bench</description>"
        )
        self.body = (head + "".join(self.items) + "</channel></rss>").encode()
        self.etag = f'"{sha256(self.body).hexdigest()[:16]}"'


@dataclass
class World:
    """What the process serves, and what it saw."""

    feeds: dict[str, Feed]
    changing: float = 0.0  # chance that a request finds a new item
    chance: random.Random = field(default_factory=random.Random)
    served: dict[int, float] = field(default_factory=dict)
    received: dict[int, float] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    def answer(self, host: str, head: str, body: bytes) -> bytes:
        """Answer one request."""
        if host == SINK:
            told = json.loads(body)
            text = ISOLATES.sub("", f"{told.get('title', '')}\n{told.get('message', '')}")
            for number in NUMBER.findall(text):
                self.received.setdefault(int(number), time.monotonic())
            return self._reply("200 OK", b"")
        feed = self.feeds[host]
        if "/robots.txt" in head.partition("\r\n")[0]:
            return self._reply("404 Not Found", b"")
        if self.changing and self.chance.random() < self.changing:
            feed.add(1, f"strike number {feed.made}" if feed.made % 10 == 0 else "")
        if feed.etag in head:
            return self._reply("304 Not Modified", b"", feed.etag)
        while feed.numbers:
            self.served.setdefault(feed.numbers.pop(), time.monotonic())
        return self._reply("200 OK", feed.body, feed.etag)

    def _reply(self, status: str, body: bytes, etag: str = "") -> bytes:
        self.answers[status[:3]] = self.answers.get(status[:3], 0) + 1
        tag = f"ETag: {etag}\r\n" if etag else ""
        length = "" if status.startswith("304") else f"Content-Length: {len(body)}\r\n"
        head = f"HTTP/1.1 {status}\r\n{tag}Content-Type: application/rss+xml\r\n{length}\r\n"
        return head.encode() + body


class _Talk(asyncio.Protocol):
    def __init__(self, world: World) -> None:
        self.world = world
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whom was called."""
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self.data += data
        while b"\r\n\r\n" in self.data:
            raw, _, rest = self.data.partition(b"\r\n\r\n")
            head = raw.decode("latin-1")
            length = re.search(r"(?im)^content-length: *(\d+)", head)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return
            self.data = rest[size:]
            self.transport.write(self.world.answer(self.host, head, rest[:size]))


def _listen(hosts: list[str]) -> list[socket.socket]:
    port = 0
    listeners = []
    for host in hosts:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        port = listener.getsockname()[1]
        listeners.append(listener)
    return listeners


def _serve(pipe: Connection, count: int, items: int, seed: int) -> None:
    words = vocabulary()
    feeds = {}
    for at in range(count):
        chance = random.Random(seed * 100_003 + at)
        feed = feeds[address(at)] = Feed(at, chance, words["ar" if at % 2 else "en"])
        feed.add(items)
    world = World(feeds, chance=random.Random(seed))
    asyncio.run(_run(pipe, world))


async def _run(pipe: Connection, world: World) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def obey() -> None:
        try:
            verb, *values = pipe.recv()
        except EOFError:
            stop.set()
            return
        pipe.send(_obey(world, verb, values))

    listeners = _listen([SINK, *world.feeds])
    for listener in listeners:
        await loop.create_server(lambda: _Talk(world), sock=listener)
    loop.add_reader(pipe.fileno(), obey)
    pipe.send(listeners[0].getsockname()[1])
    await stop.wait()


def _obey(world: World, verb: str, values: list[float]) -> object:
    feeds = list(world.feeds.values())
    if verb == "change":
        for feed in world.chance.sample(feeds, int(len(feeds) * values[0])):
            feed.add(1)
    elif verb == "changing":
        world.changing = values[0]
    elif verb == "ahead":
        for feed in feeds:
            feed.ahead = values[0]
    elif verb == "publish":
        feed = feeds[int(values[0])]
        feed.add(1, f"عاجل قصف bench number {values[1]}")
        feed.numbers.append(int(values[1]))
    answers, world.answers = world.answers, {}
    return {"served": world.served, "received": world.received, "answers": answers}


class Outlets:
    """The process as seen from outside; a context manager."""

    def __init__(self, count: int, items: int, seed: int) -> None:
        self.count = count
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(other, count, items, seed), daemon=True
        )
        self._process.start()
        other.close()
        self.port: int = self._pipe.recv()

    def __enter__(self) -> Outlets:
        """Return the outlets."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._pipe.close()
        with suppress(TimeoutError):
            self._process.join(5)

    def tell(self, verb: str, *values: float) -> dict[str, dict]:
        """Ask `change share`, `changing chance`, `ahead seconds`, `publish at number`, `report`."""
        self._pipe.send((verb, *values))
        return self._pipe.recv()

    def urls(self) -> list[str]:
        """Return the addresses of all feeds."""
        return [f"http://{address(at)}:{self.port}/feed.xml" for at in range(self.count)]

    def configuration(self, rules: str, every: str = "15m") -> str:
        """Return a rules.yaml for all feeds, with the webhook `hook` as receiver."""
        sources = "".join(
            f"  - {{id: s{at}, outlet: o{at}, url: '{url}', every: {every}}}\n"
            for at, url in enumerate(self.urls())
        )
        return (
            "version: 1\nsettings:\n  story_updates: 0s\n"
            f"  security: {{allow_addresses: ['{NETWORK}']}}\n"
            f"receivers:\n  - {{id: hook, urls: ['json://{SINK}:{self.port}/hook']}}\n"
            f"sources:\n{sources}rules:\n{rules}"
        )
