"""A crowd: 5,000 sources on 200 hosts, one host in ten slow, silent, circling or lying.

    python -m bench.crowd [--minutes N] [--hosts N] [--each N]

1. One round over the sources of healthy hosts, cold and then unchanged: the rate, and what a
   poll costs in CPU time.
2. The daemon's own ticks over all sources, one request in a hundred finding an item: how much
   later than due the answers of healthy sources are in.

Fifteen minutes are made one: each source is polled every minute, with a fifteenth of a second
between two requests to a host instead of a second. Time limits are those of the daemon. What
100,000 sources every 15 minutes would need is extrapolated from the unchanged round.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psutil

from bench.crowd_outlets import CrowdOutlets
from bench.memory import resident
from crawler.crawl import Limits, ScrapyCrawler
from crawler.runtime import run
from crawler.workers import ParsePool
from rasid.clock import wall_clock
from rasid.config.environment import Place, database
from rasid.models import PollResult, SourceState
from rasid.parts import Parts
from rasid.protocols import Storage, Transaction
from rasid.settings import SECOND, Source
from scheduler import build_world
from storage import open_storage

HOSTS, EACH, BAD, MINUTES = 200, 25, 10, 3.0
EVERY = 60  # seconds, the shortest that rules.yaml allows
FASTER = 15
CHANGING = 0.01
TICK = 1.0  # as the daemon's
MANY, WITHIN = 100_000, 15 * 60


@dataclass
class Timed:
    """A crawler that notes how much later than due each answer is in, in seconds.

    When it was due is asked of the store: a poll is given a state in which an overdue time is
    set anew.
    """

    crawler: ScrapyCrawler
    storage: Storage
    late: dict[str, list[float]] = field(default_factory=dict)
    polls: int = 0

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Poll."""
        stored = await self.storage.read(lambda view: view.source_state(source.id))
        result = await self.crawler.poll(source, state, unconditional=unconditional)
        if stored is not None:
            late = (wall_clock() - stored.next_poll_at) / SECOND
            self.late.setdefault(source.id, []).append(late)
        self.polls += 1
        return result

    def reload(self, settings: object) -> None:
        """Nothing is reloaded."""

    async def close(self) -> None:
        """Close the crawler."""
        await self.crawler.close()


@dataclass(frozen=True)
class Spent:
    """What a stretch took."""

    polls: int
    wall: float
    daemon: float  # seconds of CPU time
    workers: float

    @property
    def rate(self) -> float:
        """Polls a second."""
        return self.polls / self.wall

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU time of the daemon for each poll."""
        return 1000 * self.daemon / max(1, self.polls)


class Meter:
    """Measures from its making on."""

    def __init__(self, crawler: Timed) -> None:
        self._crawler = crawler
        self._began = self._now()

    def _now(self) -> tuple[float, ...]:
        own = resource.getrusage(resource.RUSAGE_SELF)
        return self._crawler.polls, time.monotonic(), own.ru_utime + own.ru_stime, _workers()

    def read(self) -> Spent:
        """Return what was spent."""
        polls, *seconds = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return Spent(int(polls), *seconds)


def _workers() -> float:
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        if "spawn_main" not in " ".join(child.cmdline()):
            used = child.cpu_times()
            total += used.user + used.system
    return total


@dataclass(frozen=True)
class Found:
    """What was measured."""

    cold: Spent
    unchanged: Spent
    steady: Spent
    late: list[float]  # of healthy sources, sorted, seconds
    memory: tuple[float, float]  # MB of the daemon and of its workers
    answers: Mapping[str, int]


async def measured(place: Place, outlets: CrowdOutlets, minutes: float) -> Found:
    """Run both parts."""
    storage = open_storage(database(place), wall_clock)
    world = build_world(place, "salt")
    pool = ParsePool()
    read = partial(build_world, place, "salt")
    await pool.warm_up()
    try:
        limits = Limits(host_delay=1 / FASTER)
        crawler = await ScrapyCrawler.start(world.config.settings, pool.parse, limits=limits)
        timed = Timed(crawler, storage)
        parts = Parts(place, storage, timed, world, read_world=read, clock=wall_clock)
        await parts.watch.sync(at_once=True)
        good = [world.config.sources[name] for name in sorted(outlets.healthy())]
        rounds = []
        for _ in ("cold", "unchanged"):
            meter = Meter(timed)
            await parts.watch.poll_all(good)
            rounds.append(meter.read())
            print(rounds[-1], file=sys.stderr, flush=True)
        return Found(rounds[0], rounds[1], *await _steady(parts, timed, outlets, minutes))
    finally:
        await parts.watch.drain(1)
        await timed.close()
        await pool.close()
        await storage.close()


async def _steady(
    parts: Parts, timed: Timed, outlets: CrowdOutlets, minutes: float
) -> tuple[Spent, list[float], tuple[float, float], dict[str, int]]:
    """Tick for so long; the first interval, in which everything finds its place, is left out."""
    await _spread(parts)
    outlets.report(CHANGING)
    await _tick(parts, EVERY)
    timed.late.clear()
    outlets.report(CHANGING)
    meter = Meter(timed)
    await _tick(parts, minutes * 60)
    late = sorted(value for name in outlets.healthy() for value in timed.late.get(name, []))
    return meter.read(), late, resident(), outlets.report(CHANGING)


async def _spread(parts: Parts) -> None:
    """Make sources due evenly, as their jitter does within some hours."""
    now, chance = wall_clock(), random.Random(1)

    def write(tx: Transaction) -> None:
        for state in tx.source_states().values():
            due = now + int(chance.random() * EVERY * SECOND)
            tx.save_source(replace(state, next_poll_at=due))

    await parts.storage.write(write)


async def _tick(parts: Parts, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        await parts.tick()
        await asyncio.sleep(TICK)


def table(found: Found, hosts: int, each: int, minutes: float, seed: int) -> str:
    """Return Markdown tables."""
    late, told = found.late, ", ".join(f"{k} {v}" for k, v in sorted(found.answers.items()))
    stretches = (
        ("cold", found.cold), ("unchanged", found.unchanged),
        (f"{minutes:g} minutes of ticks", found.steady),
    )  # fmt: skip
    rows = [
        f"| {name} | {one.polls} | {one.rate:.0f} | {one.cpu:.1f} | {one.workers:.1f} |"
        for name, one in stretches
    ]
    wanted = MANY / WITHIN
    share = wanted * found.unchanged.cpu / 1000
    return "\n".join(
        [
            f"{hosts * each} sources on {hosts} hosts, one host in {BAD} bad, seed {seed}\n",
            "| stretch | polls | polls a second | daemon's CPU ms a poll | workers' CPU s |",
            "|---|--:|--:|--:|--:|",
            *rows,
            "",
            f"Healthy sources' answers are in {_at(late, 0.5):.2f} s (p50), {_at(late, 0.99):.2f} s"
            f" (p99), {_at(late, 1):.2f} s (most) after they are due, of {len(late)} polls.",
            f"Memory: daemon {found.memory[0]:.0f} MB, workers {found.memory[1]:.0f} MB.",
            f"Answers in the ticks: {told}.",
            "",
            f"Extrapolated, not measured: {MANY:,} sources every {WITHIN // 60} minutes are"
            f" {wanted:.0f} polls a second; at the CPU time of the unchanged round that is"
            f" {100 * share:.0f} % of one core for the daemon's process, beside what workers"
            f" and the system take.",
        ]
    )


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--each", type=int, default=EACH, help="sources of a host")
    given = parser.parse_args()
    logging.getLogger("rasid").setLevel(logging.ERROR)  # that a bad host fails is no news
    with (
        tempfile.TemporaryDirectory() as name,
        CrowdOutlets(given.hosts, given.each, BAD, given.seed) as outlets,
    ):
        folder = Path(name)
        rules = folder / "rules.yaml"
        rules.write_text(outlets.configuration(f"{EVERY}s"), encoding="utf-8")
        place = Place(rules, folder)
        found = run(lambda: measured(place, outlets, given.minutes))
    print(table(found, given.hosts, given.each, given.minutes, given.seed))


if __name__ == "__main__":
    main()
