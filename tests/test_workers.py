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


def author_redos(size: int) -> bytes:
    author = b"a." * (size // 2)
    return GOOD.replace(b"<title>One", b"<author>" + author + b"</author><title>One")


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


async def test_P05_T02_T08_author_redos_is_killed_and_others_go_on(pool: ParsePool) -> None:
    stop = asyncio.Event()
    lag = asyncio.create_task(longest_lag(stop))
    started = time.monotonic()
    hostile = asyncio.create_task(pool.parse(author_redos(65_536 * 4), HINTS))
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


async def test_P04_cpu_limit_ends_a_worker_before_the_wall_does() -> None:
    pool = ParsePool(workers=1, wall=20, cpu=1)
    try:
        outcome = await pool.parse(author_redos(65_536 * 4), HINTS)
        assert outcome.reason is PollReason.PARSE_TIMEOUT
        assert "processor" in outcome.detail
        assert (await pool.parse(GOOD, HINTS)).reason is PollReason.PARSED
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
        task = asyncio.create_task(pool.parse(author_redos(65_536 * 4), HINTS))
        busy = await asyncio.to_thread(busy_worker, os.getpid())
        os.kill(busy, signal.SIGKILL)
        outcome = await task
        assert outcome.reason is PollReason.PARSE_ERROR
        assert "died" in outcome.detail
        assert (await pool.parse(GOOD, HINTS)).reason is PollReason.PARSED
    finally:
        await pool.close()


async def test_close_ends_a_busy_parse_and_refuses_more(pool: ParsePool) -> None:
    task = asyncio.create_task(pool.parse(author_redos(65_536 * 4), HINTS))
    await asyncio.sleep(0.3)
    await pool.close()
    outcome = await asyncio.wait_for(task, 5)
    assert outcome.feed is None
    assert (await pool.parse(GOOD, HINTS)).reason is PollReason.INTERNAL


DAEMON = """
import asyncio
from crawler.records import ParseHints
from crawler.workers import ParsePool

async def main():
    pool = ParsePool(workers=1, wall=60, cpu=60)
    await pool.warm_up()
    author = b"a." * 200_000
    body = b"<rss version='2.0'><channel><item><author>%s</author></item></channel></rss>" % author
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
