"""Alerts for stored items that a rule matches and that raised none: only when a person asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rasid.alerts.promise import alerts_for
from rasid.alerts.summaries import shown_at
from rasid.archive.search import pages
from rasid.ids import new_id
from rasid.items.documents import document
from rasid.models import Alert, Item, Match, Target
from rasid.protocols import Matcher, Reading, Storage, Transaction
from rasid.settings import Config

TARGET_SALT: Final = "target_salt"  # in the store's meta, written at the first start


@dataclass(frozen=True, slots=True)
class Replay:
    """Rules that may alert on what appeared since a time."""

    config: Config
    matcher: Matcher
    targets: Mapping[str, Target]
    since: int


async def missing(storage: Storage, replay: Replay) -> int:
    """Return how many alerts `send` would record."""
    count = 0
    async for found in _found(storage, replay):
        wanted = _alerts(replay, found, 0)
        count += await storage.read(_counter(wanted))
    return count


async def send(storage: Storage, replay: Replay, clock: Callable[[], int]) -> int:
    """Record alerts for what matches; return how many were new. Each is recorded once.

    Raises `StorageError`; what was recorded before stays, and is not recorded again.
    """
    count = 0
    async for found in _found(storage, replay):
        now = clock()
        count += await storage.write(_writer(replay, found, now))
    return count


def left_out(config: Config) -> list[str]:
    """Return the rules whose alerts depend on what came before and after: none is raised."""
    rules = config.rules.values()
    return [rule.id for rule in rules if rule.gates.outlets or rule.gates.spike]


Found = list[tuple[Item, list[Match]]]


async def _found(storage: Storage, replay: Replay) -> AsyncIterator[Found]:
    async for page in pages(storage, since=replay.since):
        yield await asyncio.to_thread(_matching, replay, page.items)


def _matching(replay: Replay, items: tuple[Item, ...]) -> Found:
    """Return recent items with their matches; what a first poll found may be years old."""
    recent = (item for item in items if (shown_at(item) or 0) >= replay.since)
    gated = frozenset(left_out(replay.config))
    found = []
    for item in recent:
        matches = replay.matcher.match(document(item), item.first_seen)
        if told := [one for one in matches if one.rule not in gated]:
            found.append((item, told))
    return found


def _alerts(replay: Replay, found: Found, now: int) -> list[Alert]:
    return [
        alert
        for item, matches in found
        for alert in alerts_for(
            item,
            document(item),
            matches,
            config=replay.config,
            targets=replay.targets,
            now=now,
            new_id=new_id,
        )
    ]


def _counter(wanted: list[Alert]) -> Callable[[Reading], int]:
    def count(view: Reading) -> int:
        there = {
            (one.rule, one.target, subject)
            for subject in {alert.subject for alert in wanted}
            for one in view.alerts(subject=subject, limit=1_000_000)
        }
        return sum((one.rule, one.target, one.subject) not in there for one in wanted)

    return count


def _writer(replay: Replay, found: Found, now: int) -> Callable[[Transaction], int]:
    alerts = _alerts(replay, found, now)

    def write(tx: Transaction) -> int:
        for item, matches in found:
            tx.add_matches(item.id, matches, now)
        return sum(tx.add_alert(alert) for alert in alerts)

    return write
