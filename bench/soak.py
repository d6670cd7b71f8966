"""A soak: days of the real parts in minutes, since time is an argument.

    python -m bench.soak [--minutes N]     an hour for the figures: --minutes 60

Fifty feeds are polled every 15 minutes of a clock that goes on as soon as a step is done; each
has a new item in a tenth of the polls, every tenth item alerts a webhook. Every hour of that
clock does what the daemon does each hour: texts past their retention of a day are deleted
and the database is maintained. Looked at every six hours: memory, the log of the database, open
descriptors. At least two days are run.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from bench.memory import resident, slope
from bench.outlets import Outlets
from crawler.crawl import Limits, ScrapyCrawler
from crawler.runtime import run
from crawler.workers import ParsePool
from rasid.clock import wall_clock
from rasid.config.environment import Place, database
from rasid.parts import Parts
from rasid.settings import DAY, HOUR, MINUTE, SECOND
from scheduler import build_world
from storage import open_storage

MINUTES, FEEDS, CHANGING, EVERY = 1.0, 50, 0.1, 6 * HOUR
LEAST = 2  # days
RULES = '  - {id: strike, any: ["strike number"], notify: [hook]}\n'
MIB = 2**20


@dataclass
class Days:
    """A clock that a test moves, from now on."""

    at: int

    def __call__(self) -> int:
        """Return the time."""
        return self.at


@dataclass(frozen=True)
class Sample:
    """What is held at one time."""

    day: float
    polls: int
    daemon: float  # MB
    workers: float
    database: float
    log: float
    descriptors: int
    items: int  # known; those past retention without their texts
    sent: int  # alerts


class Soak:
    """The parts under a clock of their own."""

    def __init__(self, place: Place, parts: Parts, clock: Days, outlets: Outlets) -> None:
        self.place, self.parts, self.clock, self.outlets = place, parts, clock, outlets
        self.began = clock.at
        self.polls = 0
        self.log = 0.0
        self.samples: list[Sample] = []

    async def step(self) -> None:
        """Do what is due within the next minute of the clock."""
        self.clock.at += MINUTE
        self.polls += await self.parts.watch.start_due()
        while self.parts.watch._running:
            await asyncio.wait(self.parts.watch._running.values())
            self.polls += await self.parts.watch.start_due()
        self.log = max(self.log, size(Path(f"{database(self.place)}-wal")))
        if self._passes(HOUR):
            self.outlets.tell("ahead", (self.clock.at - wall_clock()) / SECOND)
            await self.parts.outbox.round()
            await self.parts.tell(at_once=True)
            await self.parts.beat()
            await self.parts.upkeep()
        if self._passes(EVERY):
            await self._look()

    def _passes(self, every: int) -> bool:
        return self.clock.at // every != (self.clock.at - MINUTE) // every

    async def _look(self) -> None:
        found = await self.parts.storage.read(lambda view: view.counts())
        sample = Sample(
            (self.clock.at - self.began) / DAY,
            self.polls,
            *resident(),
            size(database(self.place)),
            self.log,
            psutil.Process().num_fds(),
            found["items"],
            found["alerts_sent"],
        )
        self.log = 0.0
        self.samples.append(sample)
        print(sample, file=sys.stderr, flush=True)


def size(path: Path) -> float:
    """Return the size of a file in MB, 0 where there is none."""
    return path.stat().st_size / MIB if path.exists() else 0.0


async def soaked(place: Place, outlets: Outlets, minutes: float) -> list[Sample]:
    """Run for so long, two days of the clock at least; return the samples."""
    clock = Days(wall_clock())
    storage = open_storage(database(place), clock)
    world = build_world(place, "salt")
    pool = ParsePool()
    crawler = await ScrapyCrawler.start(
        world.config.settings, pool.parse, clock=clock, limits=Limits(host_delay=0.0)
    )
    read = partial(build_world, place, "salt")
    parts = Parts(place, storage, crawler, world, read_world=read, clock=clock)
    soak, ends = Soak(place, parts, clock, outlets), time.monotonic() + 60 * minutes
    try:
        await parts.watch.sync(at_once=True)
        while time.monotonic() < ends or clock.at - soak.began < LEAST * DAY:
            await soak.step()
    finally:
        await parts.watch.drain(5)
        await parts.outbox.drain(5)
        await crawler.close()
        await pool.close()
        await storage.close()
    return soak.samples


def table(samples: list[Sample], seconds: float, seed: int) -> str:
    """Return a Markdown table."""
    late = [one for one in samples if one.day >= 1.0]  # by then everything was loaded once
    first, last = late[0], late[-1]
    rows = [
        _row("daemon, MB", [(one.day, one.daemon) for one in late]),
        _row("parse workers, MB", [(one.day, one.workers) for one in late]),
        _row("database, MB", [(one.day, one.database) for one in late]),
        _row("its log at most, MB", [(one.day, one.log) for one in late]),
        _row("descriptors", [(one.day, one.descriptors) for one in late]),
        _row("items known", [(one.day, one.items) for one in late]),
    ]
    return "\n".join(
        [
            f"{last.day:.1f} days of {FEEDS} feeds, {last.polls} polls in {seconds:.0f} s,"
            f" {last.sent} alerts sent, seed {seed}\n",
            f"| held | day {first.day:.1f} | most | day {last.day:.1f} | a day more |",
            "|---|--:|--:|--:|--:|",
            *rows,
        ]
    )


def _row(name: str, points: list[tuple[float, float]]) -> str:
    values = [value for _, value in points]
    growth = slope(points) / 1_000  # which is per thousand
    first, most, last = (f"{one:.1f}" for one in (values[0], max(values), values[-1]))
    return f"| {name} | {first} | {most} | {last} | {growth:+.2f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--minutes", type=float, default=MINUTES)
    given = parser.parse_args()
    logging.getLogger("rasid").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as name, Outlets(FEEDS, 20, given.seed) as outlets:
        folder, began = Path(name), time.monotonic()
        rules = outlets.configuration(RULES).replace(
            "settings:\n", "settings:\n  retention: 1d\n", 1
        )
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
        outlets.tell("changing", CHANGING)
        place = Place(folder / "rules.yaml", folder)
        samples = run(lambda: soaked(place, outlets, given.minutes))
    print(table(samples, time.monotonic() - began, given.seed))


if __name__ == "__main__":
    main()
