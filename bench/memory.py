"""Memory: the slope of the resident size over 2,000 poll cycles of the real parts.

    python -m bench.memory

A cycle polls five feeds, each of which has a new item in half of the polls; every tenth item
alerts a webhook. Only the delay between two requests to one host is made small.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import psutil

from bench.outlets import Outlets
from crawler.crawl import Limits, ScrapyCrawler
from crawler.runtime import run
from crawler.workers import ParsePool
from rasid.clock import wall_clock
from rasid.config.environment import Place, database
from rasid.parts import Parts
from scheduler import build_world
from storage import open_storage

CYCLES, WARM_UP, EVERY, FEEDS = 2_000, 500, 100, 5
RULES = '  - {id: strike, any: ["strike number"], notify: [hook]}\n'
Samples = list[tuple[int, float, float]]  # cycle, MB of the daemon, MB of its workers


def slope(points: list[tuple[int, float]]) -> float:
    """Return the least-squares slope per 1,000."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    over = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return 1_000 * over / sum((x - mean_x) ** 2 for x, _ in points)


def resident() -> tuple[float, float]:
    """Return the resident MB of this process and of its descendants but the outlets."""
    me = psutil.Process()
    workers = 0
    for child in me.children(recursive=True):
        if "spawn_main" not in " ".join(child.cmdline()):
            workers += child.memory_info().rss
    return me.memory_info().rss / 2**20, workers / 2**20


async def cycles(place: Place, count: int, every: int = EVERY) -> Samples:
    """Run the cycles; return a sample of every so many."""
    storage = open_storage(database(place), wall_clock)
    world = build_world(place, "salt")
    pool = ParsePool()
    crawler = await ScrapyCrawler.start(
        world.config.settings, pool.parse, limits=Limits(host_delay=0.0)
    )
    read = partial(build_world, place, "salt")
    parts = Parts(place, storage, crawler, world, read_world=read, clock=wall_clock)
    await parts.watch.sync(at_once=True)
    delivery = asyncio.create_task(parts.outbox.run())
    samples = []
    try:
        for cycle in range(1, count + 1):
            polled = await parts.watch.poll_all(world.config.sources.values())
            if failed := [one for one in polled if not one.well]:
                raise RuntimeError(f"a poll failed: {failed[0]}")
            if cycle % every == 0:
                samples.append((cycle, *resident()))
                print(samples[-1], file=sys.stderr, flush=True)
    finally:
        await parts.outbox.drain(5)
        delivery.cancel()
        await asyncio.gather(delivery, return_exceptions=True)
        await crawler.close()
        await pool.close()
        await storage.close()
    return samples


def measured(seed: int, count: int, every: int = EVERY) -> tuple[Samples, int]:
    """Run in this process, once; return the samples and how many alerts were received."""
    with tempfile.TemporaryDirectory() as name, Outlets(FEEDS, 20, seed) as outlets:
        folder = Path(name)
        (folder / "rules.yaml").write_text(outlets.configuration(RULES), encoding="utf-8")
        outlets.tell("changing", 0.5)
        samples = run(lambda: cycles(Place(folder / "rules.yaml", folder), count, every))
        return samples, len(outlets.tell("report")["received"])


def table(seed: int, count: int = CYCLES) -> str:
    """Run in this process, once; return a Markdown table."""
    began = time.monotonic()
    samples, told = measured(seed, count)
    seconds = time.monotonic() - began
    late = [sample for sample in samples if sample[0] >= WARM_UP]
    own, workers = (slope([(s[0], s[at]) for s in late]) for at in (1, 2))
    return (
        f"{count} cycles of {FEEDS} polls in {seconds:.0f} s, {told} alerts received, "
        f"seed {seed}; slope from cycle {WARM_UP} on\n\n"
        f"| process | MB at {WARM_UP} | MB at {count} | MB per 1,000 cycles |\n|---|--:|--:|--:|\n"
        f"| daemon | {late[0][1]:.1f} | {late[-1][1]:.1f} | {own:+.2f} |\n"
        f"| parse workers | {late[0][2]:.1f} | {late[-1][2]:.1f} | {workers:+.2f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--cycles", type=int, default=CYCLES)
    given = parser.parse_args()
    print(table(given.seed, given.cycles))


if __name__ == "__main__":
    main()
