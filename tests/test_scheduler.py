"""The daemon's jobs and its end, whatever is under way."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from daemon import wait_for

import scheduler
from bench import kill_world
from bench.forks import Forks
from bench.kill_world import Outlet, Sink, configuration, counted, make_due
from rasid import signals

Condition = Callable[[], bool]

SEED = int(os.environ.get("RASID_SEED", "0")) or random.randrange(2**31)


class Beating:
    """Parts of which only the heartbeat does anything."""

    def __init__(self) -> None:
        self.beats = 0

    async def beat(self) -> None:
        self.beats += 1

    def __getattr__(self, name: str) -> Any:
        return partial(asyncio.sleep, 0)


class Later(datetime):
    """A clock that a test puts forward."""

    by = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + cls.by


async def test_T01_a_job_that_comes_late_is_run_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The loop is blocked for 35 seconds, by the clock that the jobs go by."""
    for module in ("schedulers", "executors"):
        monkeypatch.setattr(f"apscheduler.{module}.base.datetime", Later)
    monkeypatch.setattr(Later, "by", timedelta(0))
    parts: Any = Beating()
    jobs = scheduler._jobs(parts)
    try:
        monkeypatch.setattr(Later, "by", timedelta(seconds=3.5 * scheduler.BEAT))
        jobs.wakeup()
        await asyncio.sleep(0.1)
    finally:
        jobs.shutdown(wait=False)
    assert parts.beats == 1, "due three times meanwhile, run once"


async def test_T05_a_reload_that_raises_leaves_the_next_one_its_chance() -> None:
    asked = asyncio.Event()
    reloads: list[int] = []

    async def reload() -> None:
        reloads.append(1)
        if len(reloads) == 1:
            raise RuntimeError("a bug")

    async def nothing() -> None:
        """Take no time."""

    parts: Any = SimpleNamespace(reload=reload, beat=nothing, tell=nothing)
    task = asyncio.create_task(signals.reload_on(asked, parts))
    for _ in range(2):
        asked.set()
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(reloads) == 2


# --- stopping ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks("plain") as host:
        yield host


class Stops:
    """A data folder whose daemon is started and stopped while an outlet publishes."""

    def __init__(self, forks: Forks, folder: Path, seed: int) -> None:
        self.forks = forks
        self.folder = folder
        self.random = random.Random(seed)
        self.sink = Sink(self.random.random())
        self.outlet = Outlet(self.random.random(), rate=30)
        folder.mkdir()
        rules = configuration(self.outlet.port, self.sink.port)
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")

    def run(self) -> None:
        """Stop at five random moments of three kinds; then let everything be told."""
        self.seed()
        for moment in (self._told, self._ready, self._polled, self._told):
            self.publish()
            self.stop_after(moment())
        self.outlet.pause()
        promised = self.sink.promised(self.outlet.published)
        self.stop_after(lambda: not self.sink.missing(promised), pause=0)

    def seed(self) -> None:
        """Let the daemon poll once while nothing is published."""
        self.stop_after(lambda: self.outlet.polls > 0)

    def publish(self) -> None:
        """Publish from now on; return once there is something new."""
        kept = int(counted(self.folder / "rasid.db", check=False)["items"])
        self.outlet.publish_on(kept)
        wait_for(lambda: len(self.outlet.published) > kept)

    def _ready(self) -> Condition:
        return lambda: True

    def _polled(self) -> Condition:
        before = self.outlet.polls
        return lambda: self.outlet.polls > before

    def _told(self) -> Condition:
        before = len(self.sink.told)
        return lambda: len(self.sink.told) > before

    def stop_after(self, condition: Condition, pause: float = 0.2) -> None:
        """Start, and stop a moment after a condition holds."""
        make_due(self.folder / "rasid.db")
        pid = self.forks.start(self.folder)
        wait_for(condition)
        time.sleep(self.random.uniform(0, pause))
        assert self.forks.stop(pid) == 0, (self.folder / "log").read_text("utf-8")

    def said(self, text: str) -> int:
        """Return how often the daemon's log has a text."""
        return (self.folder / "log").read_text("utf-8").count(text)

    def close(self) -> None:
        self.outlet.close()
        self.sink.close()


def test_T10_sigterm_at_20_moments_loses_nothing_and_repeats_nothing(
    forks: Forks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print("seed", SEED)
    monkeypatch.setattr(kill_world, "UNAVAILABLE", 0)  # a retry takes its time
    monkeypatch.setattr(kill_world, "SLOWEST", 0.2)  # so that sends are under way
    worlds = [Stops(forks, tmp_path / str(n), SEED + n) for n in range(4)]
    with ThreadPoolExecutor(len(worlds)) as threads:
        for done in [threads.submit(world.run) for world in worlds]:
            done.result()
    for world in worlds:
        published = world.outlet.published
        copies = Counter((told.receiver, told.title) for told in world.sink.told)
        assert len(published) > 20
        assert world.sink.missing(world.sink.promised(published)) == set()
        assert set(copies.values()) == {1}
        assert counted(world.folder / "rasid.db") == {
            "quick_check": "ok",
            "items": len(published),
        }
        world.close()


def test_T10_a_second_signal_ends_at_once(forks: Forks, tmp_path: Path) -> None:
    world = Stops(forks, tmp_path / "0", SEED)
    asked, answer = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        asked.set()
        answer.wait(30)

    world.sink.answer = hang  # type: ignore[method-assign]
    try:
        world.seed()
        world.publish()
        make_due(world.folder / "rasid.db")
        pid = forks.start(world.folder)
        assert asked.wait(20)
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: world.said("stopping") > 1)
        time.sleep(0.3)
        assert forks.exit_code(pid) is None, "it waits for what is under way"
        begun = time.monotonic()
        assert forks.stop(pid) == 128 + signal.SIGTERM
        assert time.monotonic() - begun < 10, "it waited for what was under way"
    finally:
        answer.set()
        world.close()
