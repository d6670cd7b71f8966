"""The ingest-and-deliver core without Scrapy, as the kill test starts and kills it.

Its parts are the daemon's own but for the fetch, a plain HTTP request. A mutant changes the
order of storing and sending (`bench.kill.MUTANTS`); the harness must notice each.
"""

from __future__ import annotations

import asyncio
import logging
import netrc  # noqa: F401
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar

# loaded before the fork: loading it takes longer than a run lives, so that none would send
import anyascii._data  # noqa: F401

import rasid.notifiers.apprise  # noqa: F401
import storage.sqlite  # noqa: F401
from crawler.parse import parse
from crawler.records import ParseHints
from rasid.alerts.outbox import Outbox
from rasid.alerts.targets import targets
from rasid.config import load
from rasid.models import (
    Alert,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Message,
    Notification,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
    Validators,
)
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.protocols import Storage, Transaction
from rasid.rules import compile_rules
from rasid.settings import Source
from rasid.stories.features import warm_up
from rasid.watch import Watch
from rasid.world import World
from storage import open_storage

T = TypeVar("T")
warm_up()  # before the fork as well


def now() -> int:
    """Return the time in UTC microseconds."""
    return time.time_ns() // 1_000


class PlainCrawler:
    """Fetches one loopback address with validators, and parses in line."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Poll one source."""
        try:
            return await asyncio.to_thread(_fetch, source.url, state, unconditional)
        except OSError as error:
            return PollResult(PollOutcome.FAILED, PollReason.CONNECT, str(error))

    async def close(self) -> None:
        """Nothing is held."""


def _fetch(url: str, state: SourceState, unconditional: bool) -> PollResult:
    address, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(address, timeout=5)
    try:
        headers = {} if unconditional else {"If-None-Match": state.validators.etag}
        connection.request("GET", f"/{path}", headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status == 304:
        return PollResult(PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    outcome = parse(body, ParseHints(url, now=now()))
    return PollResult(
        PollOutcome.OK if outcome.feed else PollOutcome.FAILED,
        outcome.reason,
        outcome.detail,
        feed=outcome.feed,
        validators=Validators(response.headers["ETag"] or ""),
    )


async def _work(folder: Path, rounds: int | None, mutant: str) -> None:
    """Poll and deliver until killed, or for some rounds and then until nothing is due."""
    config = load(folder / "rules.yaml")
    world = World(
        config, compile_rules(config, cache_dir=folder / "cache"), targets(config, "kill")
    )
    notifier = open_notifier()
    storage: Storage = open_storage(folder / "rasid.db", now)
    if mutant:
        storage = Mutant(storage, mutant, lambda alert: _send(notifier, world, alert))
    outbox = Outbox(
        storage, notifier, lambda: world.targets, now, lambda: config.settings, renderer("UTC")
    )
    watch = Watch(storage, PlainCrawler(), lambda: world, now, on_alerts=outbox.wake)
    (source,) = config.sources.values()
    await watch.warm_up()
    await watch.sync(at_once=True)
    delivery = asyncio.create_task(outbox.run())
    (folder / "ready").touch()
    done = 0
    while rounds is None or done < rounds:
        await watch.poll(source)
        await asyncio.sleep(0.005)
        done += 1
    await _settle(storage)
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    await storage.close()


async def _settle(storage: Storage) -> None:
    """Wait until nothing is pending; retries after a 503 take some seconds."""
    for _ in range(1_200):
        if not (await storage.read(lambda view: view.counts())).get("alerts_pending"):
            return
        await asyncio.sleep(0.05)


def _send(notifier: Any, world: World, alert: Alert) -> None:
    message = Message(
        title=alert.facts["title"],
        body=alert.facts["title"],
        notification=alert.id,
        alerts=(alert.id,),
    )
    notifier.send(world.targets[alert.target], message)


class Mutant:
    """A storage that breaks the order of the outbox in one of the ways of `bench.kill.MUTANTS`."""

    def __init__(self, storage: Storage, kind: str, send: Callable[[Alert], None]) -> None:
        self.storage = storage
        self.kind = kind
        self.send = send

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Write through the storage, spoiling what is asked of it."""
        later: list[Alert] = []
        result = await self.storage.write(lambda tx: fn(_Spoilt(tx, self, later)))  # type: ignore[arg-type]
        for alert in later:
            await asyncio.to_thread(self.send, alert)
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)


class _Spoilt:
    def __init__(self, tx: Transaction, mutant: Mutant, later: list[Alert]) -> None:
        self._tx = tx
        self._mutant = mutant
        self._later = later

    def claim(self, target: str, **how: Any) -> Notification | None:
        notification = self._tx.claim(target, **how)
        if notification and self._mutant.kind == "mark_before_send":
            sent = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)
            self._tx.finish(notification, sent, retry_at=None)
        return notification

    def add_alert(self, alert: Alert) -> bool:
        if self._mutant.kind == "send_from_memory":
            self._later.append(alert)
            return True
        if self._mutant.kind == "send_then_remember":
            self._mutant.send(alert)
            return False
        return self._tx.add_alert(alert)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


def main(folder: str, rounds: int | None = None, mutant: str = "") -> None:
    """Run the core in a process of its own."""
    if mutant:
        logging.disable(logging.WARNING)  # it is told all the time that its lease was lost
    asyncio.run(_work(Path(folder), rounds, mutant))
