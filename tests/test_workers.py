"""The pool of killable parse workers, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from crawler.records import ParseHints
from crawler.workers import ParsePool
from rasid.models import PollReason

HINTS = ParseHints(url="http://outlet.example/feed")
GOOD = (
    b"<rss version='2.0'><channel><title>T</title>"
    b"<item><title>One</title><link>http://outlet.example/1</link></item></channel></rss>"
)
WALL = 1.5


def with_markup(markup: bytes) -> bytes:
    """Return the good feed with this in an item before its own."""
    return GOOD.replace(b"<item>", b"<item><title>Odd</title>" + markup + b"</item><item>", 1)


def many_attributes(count: int = 100_000) -> bytes:
    """Return a feed that takes minutes: each attribute is looked for among all the others.

    Its document type keeps it from the strict reader, which has no trouble with attributes.
    """
    attributes = b" ".join(b"a%d=''" % n for n in range(count))
    return b"<!DOCTYPE rss>" + with_markup(b"<a " + attributes + b"/>")


@pytest.fixture
async def pool() -> AsyncIterator[ParsePool]:
    pool = ParsePool(workers=2, wall=WALL, cpu=10, memory=1 << 30)
    await pool.warm_up()
    yield pool
    await pool.close()


async def longest_lag(stop: asyncio.Event) -> float:
    worst = 0.0
    while not stop.is_set():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        worst = max(worst, time.monotonic() - before - 0.01)
    return worst


async def test_parses_in_another_process(pool: ParsePool) -> None:
    outcome = await pool.parse(GOOD, HINTS)
    assert outcome.reason is PollReason.PARSED
    assert outcome.feed is not None
    assert [item.title for item in outcome.feed.items] == ["One"]


async def test_P05_T02_T08_a_hanging_parse_is_killed_and_others_go_on(pool: ParsePool) -> None:
    stop = asyncio.Event()
    lag = asyncio.create_task(longest_lag(stop))
    started = time.monotonic()
    hostile = asyncio.create_task(pool.parse(many_attributes(), HINTS))
    await asyncio.sleep(0.1)
    others = await asyncio.gather(*(pool.parse(GOOD, HINTS) for _ in range(10)))
    assert time.monotonic() - started < WALL, "healthy feeds waited for the hostile one"
    outcome = await hostile
    took = time.monotonic() - started
    after = await asyncio.gather(*(pool.parse(GOOD, HINTS) for _ in range(4)))
    stop.set()
    assert outcome.reason is PollReason.PARSE_TIMEOUT
    assert outcome.feed is None
    assert took < WALL + 3
    assert {o.reason for o in (*others, *after)} == {PollReason.PARSED}
    assert await lag < 1.0


AUTHORS = (
    b"<author>%s</author>",
    b"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>%s</dc:creator>",
    b"<itunes:author xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>%s</itunes:author>",
    b"<b><author>%s</author>",  # not well-formed: read by another parser
)


async def test_P05_an_author_without_end_costs_no_worker(pool: ParsePool) -> None:
    for author in (b"a." * 500_000, b"a" * 1_000_000, b"a@" + b"a." * 500_000):
        for element in AUTHORS:
            outcome = await pool.parse(with_markup(element % author), HINTS)
            assert outcome.feed is not None, (element, author[:4], outcome)
            assert [item.title for item in outcome.feed.items] == ["Odd", "One"]
            assert outcome.feed.items[0].author == author[:200].decode()


async def test_P04_too_many_attributes_end_at_the_cpu_limit_before_the_wall() -> None:
    pool = ParsePool(workers=1, wall=10, cpu=1)
    try:
        body = many_attributes(200_000)
        assert len(body) > 2_000_000
        outcome = await pool.parse(body, HINTS)
        assert outcome.reason is PollReason.PARSE_TIMEOUT
        assert "processor" in outcome.detail
        assert (await pool.parse(GOOD, HINTS)).reason is PollReason.PARSED
    finally:
        await pool.close()


async def test_P04_many_attributes_of_a_well_formed_feed_are_read_at_once() -> None:
    pool = ParsePool(workers=1, wall=10, cpu=2)
    try:
        body = many_attributes(200_000).removeprefix(b"<!DOCTYPE rss>")
        outcome = await pool.parse(body, HINTS)
        assert outcome.feed is not None, outcome
        assert outcome.feed.reader == "strict"
        assert [item.title for item in outcome.feed.items] == ["Odd", "One"]
    finally:
        await pool.close()


LAUGHS = b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    ("entities", "title"),
    [
        (b"<!ENTITY a0 'ha'>" + LAUGHS, b"&a9;"),
        (b"<!ENTITY a '" + b"x" * 100_000 + b"'>", b"&a;" * 20_000),
    ],
    ids=["billion laughs", "quadratic blow-up"],
)
async def test_P01_entities_are_not_expanded(entities: bytes, title: bytes) -> None:
    pool = ParsePool(workers=1, wall=2, memory=150 << 20)
    try:
        doctype = b"<!DOCTYPE rss [" + entities + b"]>"
        body = doctype + with_markup(b"").replace(b"Odd", title)
        outcome = await pool.parse(body, HINTS)
        assert outcome.feed is not None, outcome
        assert outcome.feed.items[0].title == title[:500].decode()
        assert outcome.feed.items[1].title == "One"
    finally:
        await pool.close()


EIGHT_MB = b"x" * (8 << 20)


@pytest.mark.parametrize(
    "markup",
    [b"<a b='" + EIGHT_MB + b"'/>", b"<!--" + EIGHT_MB + b"-->", b"<?a " + EIGHT_MB + b"?>"],
    ids=["attribute", "comment", "instruction"],
)
async def test_P03_one_big_token_is_parsed_within_the_limits(markup: bytes) -> None:
    pool = ParsePool(workers=1)
    try:
        outcome = await pool.parse(with_markup(markup), HINTS)
        assert outcome.feed is not None, outcome
        assert [item.title for item in outcome.feed.items] == ["Odd", "One"]
    finally:
        await pool.close()


async def test_P03_memory_limit_is_an_outcome() -> None:
    pool = ParsePool(workers=1, wall=20, memory=160 << 20)
    try:
        outcome = await pool.parse(GOOD.replace(b"One", b"<b>" * (12 << 20)), HINTS)
        assert outcome.feed is None
        assert outcome.reason is PollReason.PARSE_ERROR
        assert (await pool.parse(GOOD, HINTS)).reason is PollReason.PARSED
    finally:
        await pool.close()


async def test_killed_worker_is_replaced() -> None:
    pool = ParsePool(workers=1, wall=20)
    try:
        task = asyncio.create_task(pool.parse(many_attributes(), HINTS))
        busy = await asyncio.to_thread(busy_worker, os.getpid())
        os.kill(busy, signal.SIGKILL)
        outcome = await task
        assert outcome.reason is PollReason.PARSE_ERROR
        assert "died" in outcome.detail
        assert (await pool.parse(GOOD, HINTS)).reason is PollReason.PARSED
    finally:
        await pool.close()


async def test_close_ends_a_busy_parse_and_refuses_more(pool: ParsePool) -> None:
    task = asyncio.create_task(pool.parse(many_attributes(), HINTS))
    await asyncio.sleep(0.3)
    await pool.close()
    outcome = await asyncio.wait_for(task, 5)
    assert outcome.feed is None
    assert (await pool.parse(GOOD, HINTS)).reason is PollReason.INTERNAL


async def test_workers_start_with_the_first_feed() -> None:
    before = set(psutil.Process().children(recursive=True))
    pool = ParsePool(workers=1)
    assert set(psutil.Process().children(recursive=True)) <= before
    outcomes = await asyncio.gather(*(pool.parse(GOOD, HINTS) for _ in range(5)))
    assert {one.reason for one in outcomes} == {PollReason.PARSED}
    assert set(psutil.Process().children(recursive=True)) - before
    await pool.close()


async def test_a_pool_that_is_closed_while_it_starts_is_closed() -> None:
    pool = ParsePool(workers=1)
    task = asyncio.create_task(pool.parse(GOOD, HINTS))
    await asyncio.sleep(0)
    await pool.close()
    assert (await task).reason is PollReason.INTERNAL
    assert not pool._pool.active


CRAWLER = """
import psutil, sys
from crawler.runtime import run
from rasid.settings import Settings
from scheduler import open_crawler

async def main():
    async with open_crawler(Settings(), warm=sys.argv[1] == "warm"):
        print(len(psutil.Process().children(recursive=True)))

if __name__ == "__main__":
    run(main)
"""


@pytest.mark.parametrize(("how", "starts"), [("warm", True), ("cold", False)])
def test_a_crawler_that_is_not_warm_has_started_no_worker(how: str, starts: bool) -> None:
    command = [sys.executable, "-c", CRAWLER, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (int(done.stdout) > 0) is starts


DAEMON = """
import asyncio
from crawler.records import ParseHints
from crawler.workers import ParsePool

async def main():
    pool = ParsePool(workers=1, wall=60, cpu=60)
    await pool.warm_up()
    attributes = b" ".join(b"a%d=''" % n for n in range(100_000))
    rss = b"<rss version='2.0'><channel><item><a %s/></item></channel></rss>" % attributes
    body = b"<!DOCTYPE rss>" + rss
    task = asyncio.create_task(pool.parse(body, ParseHints(url="http://e.example/")))
    await asyncio.sleep(0.5)
    print("busy", flush=True)
    await task

if __name__ == "__main__":
    asyncio.run(main())
"""


def busy_worker(parent: int) -> int:
    """Return the descendant that burns the processor."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for process in psutil.Process(parent).children(recursive=True):
            if process.cpu_percent(0.2) > 30:
                return int(process.pid)
    raise AssertionError("no worker is busy")


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_busy_worker_dies_with_a_killed_daemon() -> None:
    daemon = subprocess.Popen([sys.executable, "-c", DAEMON], stdout=subprocess.PIPE)
    with daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"busy\n"
        children = psutil.Process(daemon.pid).children(recursive=True)
        assert len(children) >= 2
        daemon.kill()
    _, alive = psutil.wait_procs(children, timeout=3)
    assert alive == []


def test_failpoint_in_the_worker_costs_one_parse_only() -> None:
    script = (
        "import asyncio\n"
        "from crawler.records import ParseHints\n"
        "from crawler.workers import ParsePool\n"
        "async def main():\n"
        "    pool = ParsePool(workers=1)\n"
        f"    found = [await pool.parse({GOOD!r}, ParseHints(url='http://e.example/'))"
        " for _ in range(3)]\n"
        "    print(*(o.reason.value for o in found))\n"
        "    await pool.close()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    env = {**os.environ, "RASID_FAILPOINT": "parse_worker:2"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=30
    )
    assert done.stdout.split() == ["parsed", "parse_error", "parsed"], done.stderr
