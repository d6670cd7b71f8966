"""Reading feeds: the strict reader beside feedparser, on generated ones, half of them Arabic.

    python -m bench.parse [--seed N] [--feeds N]

"Read" is from bytes to raw items; "whole" adds what follows for both readers alike: clean text,
dates, keys of links. Rasid's own feedparser path repairs first and sanitizes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from bench import peers
from bench.parse_feeds import feeds
from crawler import parse as parsing
from crawler.parse_items import RawFeed
from crawler.records import ParseHints, ParseOutcome
from rasid.models import ParsedFeed

FAST: Final = "fastfeedparser==0.6.5"
HINTS: Final = ParseHints(url="https://outlet.example/feed", now=1_770_200_000_000_000)
_PEER: Final = """
import io, json, sys, time
import %(library)s as library
bodies = [bytes.fromhex(line) for line in sys.stdin.read().split()]
def read(body):
    try:
        return len(library.parse(%(argument)s).entries)
    except Exception:
        return 0
for body in bodies[: len(bodies) // 10]:
    read(body)
began = time.process_time()
items = [read(body) for body in bodies]
print(json.dumps([time.process_time() - began, items]))
"""


class Row(NamedTuple):
    """What one reader took and how it differs from Rasid's feedparser path."""

    name: str
    seconds: float
    lost: int
    differ: str = ""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--feeds", type=int, default=200)
    given = parser.parse_args()
    bodies = feeds(given.seed, given.feeds)
    size = sum(map(len, bodies)) / 1e6
    print(f"seed {given.seed}: {len(bodies)} feeds, {size:.1f} MB, CPU time of one core\n")
    print("| reader | feeds/s | MB/s | times feedparser | items lost | fields that differ |")
    print("|---|--:|--:|--:|--:|--:|")
    first = 0.0
    for row in _rows(bodies):
        first = first or row.seconds
        speeds = f"{len(bodies) / row.seconds:,.0f} | {size / row.seconds:.1f}"
        cells = f"{speeds} | {first / row.seconds:.1f} | {row.lost} | {row.differ}"
        print(f"| {row.name} | {cells} |", flush=True)


def _rows(bodies: Sequence[bytes]) -> Iterator[Row]:
    wanted, taken, lost, differ = compared(bodies)
    yield _peer("feedparser, bare", sys.executable, "feedparser", bodies, wanted)
    with patch.object(parsing, "_outcome", _raw):  # stop before what both have in common
        slow, fast = timed(_by_feedparser, bodies), timed(_strictly, bodies)
    yield Row("Rasid's feedparser path, read", slow, 0, "0")
    yield Row(f"Rasid's strict path ({taken} feeds), read", fast, lost, str(differ))
    yield Row("Rasid's feedparser path, whole", timed(_by_feedparser, bodies), 0, "0")
    yield Row("Rasid's strict path, whole", timed(_strictly, bodies), lost, str(differ))
    if python := peers.environment(FAST):
        name = FAST.replace("==", " ") + ", bare"
        yield _peer(name, python, "fastfeedparser", bodies, wanted)


def _by_feedparser(body: bytes) -> ParseOutcome:
    return parsing.parse(body, HINTS, strict=False)


def _strictly(body: bytes) -> ParseOutcome:
    return parsing.parse(body, HINTS)


def _raw(_raw: RawFeed, _hints: ParseHints) -> ParseOutcome:
    return ParseOutcome(None)


def _peer(
    name: str, python: str, library: str, bodies: Sequence[bytes], wanted: Sequence[int]
) -> Row:
    """Return the row of a library that is timed in a process of its own."""
    argument = "io.BytesIO(body)" if library == "feedparser" else "body"
    done = subprocess.run(
        [python, "-c", _PEER % {"library": library, "argument": argument}],
        input="\n".join(body.hex() for body in bodies),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, items = json.loads(done.stdout)
    lost = sum(max(0, want - got) for want, got in zip(wanted, items, strict=True))
    return Row(name, seconds, lost)


def timed(read: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    """Return the CPU seconds of reading every body, after some to warm up.

    Nothing is kept: as in a worker, the collector of garbage has but one feed to look through.
    """
    for body in bodies[: len(bodies) // 10]:
        read(body)
    began = time.process_time()
    for body in bodies:
        read(body)
    return time.process_time() - began


def compared(bodies: Sequence[bytes]) -> tuple[list[int], int, int, int]:
    """Return the items of each feed, how many feeds the strict reader takes, and its faults.

    These are the number of items lost and of fields of items and feeds that differ.
    """
    wanted, taken, lost, differ = [], 0, 0, 0
    for body in bodies:
        before, after = _by_feedparser(body).feed, _strictly(body).feed
        wanted.append(_count(before))
        lost += max(0, _count(before) - _count(after))
        if before is not None and after is not None:
            taken += after.reader == "strict"
            differ += _differences(before, after)
    return wanted, taken, lost, differ


def _count(feed: ParsedFeed | None) -> int:
    return len(feed.items) if feed is not None else 0


def _differences(one: ParsedFeed, other: ParsedFeed) -> int:
    pairs: list[tuple[Any, Any]] = [*zip(one.items, other.items, strict=False)]
    names = [field.name for field in fields(one.items[0])] if pairs else []
    inner = sum(getattr(a, name) != getattr(b, name) for a, b in pairs for name in names)
    return inner + (one.title != other.title) + (one.language != other.language)


if __name__ == "__main__":
    main()
