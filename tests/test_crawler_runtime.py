"""The runtime, in processes of its own: a reactor starts once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def python(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", *options, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=ROOT,
        check=False,
    )


def test_run_returns_what_main_does_and_leaves_nothing() -> None:
    done = python(
        """
import asyncio, threading
from crawler.runtime import run

async def main():
    asyncio.get_running_loop().create_task(asyncio.sleep(60))  # left behind
    await asyncio.to_thread(lambda: None)
    await asyncio.sleep(0.01)
    return 42

print(run(main), threading.active_count())
""",
    )
    assert (done.stdout, done.stderr, done.returncode) == ("42 1\n", "", 0)


def test_run_raises_what_main_does() -> None:
    done = python(
        """
from crawler.runtime import run

async def main():
    raise LookupError("this")

try:
    run(main)
except LookupError as error:
    print("raised", error)
"""
    )
    assert (done.stdout, done.stderr, done.returncode) == ("raised this\n", "", 0)


def test_an_interrupt_lets_main_clean_up() -> None:
    done = python(
        """
import asyncio, os, signal
from crawler.runtime import run

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

async def main():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned up")

try:
    run(main)
except KeyboardInterrupt:
    print("interrupted")
"""
    )
    assert (done.stdout, done.stderr, done.returncode) == ("cleaned up\ninterrupted\n", "", 0)


def test_T06_a_second_run_in_a_process_is_refused_plainly() -> None:
    done = python(
        """
from crawler.runtime import run

async def main():
    return 1

run(main)
try:
    run(main)
except RuntimeError as error:
    print(error)
"""
    )
    assert "once in a process" in done.stdout
    assert done.returncode == 0
    assert done.stderr == ""


def test_the_loop_has_no_way_past_the_guard() -> None:
    done = python(
        """
import asyncio
from crawler import guard
from crawler.runtime import run

async def main():
    guard.install(guard.Allowed())
    loop = asyncio.get_running_loop()
    try:
        await loop.create_connection(asyncio.Protocol, "127.0.0.1", 9)
    except guard.BlockedAddressError:
        print("connection refused")
    try:
        await loop.create_datagram_endpoint(asyncio.Protocol, remote_addr=("127.0.0.1", 9))
    except guard.BlockedAddressError:
        print("datagram refused")

run(main)
"""
    )
    assert (done.stdout, done.stderr) == ("connection refused\ndatagram refused\n", "")


def test_T06_a_start_poll_and_close_in_a_process_of_its_own() -> None:
    done = python(
        """
import sys
sys.path.insert(0, "tests")
from crawler.crawl import ScrapyCrawler
from crawler.runtime import run
from outlet import Outlet
from poller import NEW, parse
from rasid.settings import Settings, Source

async def main():
    with Outlet() as outlet:
        outlet.body("/feed")
        crawler = await ScrapyCrawler.start(Settings(allow_addresses=(outlet.address,)), parse)
        result = await crawler.poll(Source("s", "o", outlet.url()), NEW)
        await crawler.close()
        return result.outcome

print(run(main))
"""
    )
    assert (done.stdout, done.stderr, done.returncode) == ("ok\n", "", 0)
