"""Composition root: builds the parts and runs them in one loop, as daemon or for one round."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasid import heartbeat
from rasid.alerts.outbox import Outbox
from rasid.alerts.targets import targets
from rasid.config import load
from rasid.config.environment import Place
from rasid.errors import ConfigError, StorageError
from rasid.ids import new_id
from rasid.lock import sole
from rasid.models import Message, Notification, Target
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.protocols import Storage, Transaction
from rasid.rules import compile_rules, problems
from rasid.settings import Settings
from rasid.watch import Polled, Watch
from rasid.world import World
from storage import open_storage

if TYPE_CHECKING:
    from crawler.crawl import ScrapyCrawler

log = logging.getLogger("rasid.scheduler")

DRAIN = 20.0  # seconds to finish what runs before a stop
BEAT = 10  # seconds between heartbeats
UPKEEP = 3600  # seconds between prunings


def wall_clock() -> int:
    """Return the time in UTC microseconds."""
    return time.time_ns() // 1_000


def database(place: Place) -> Path:
    """Return the file of the embedded database."""
    return place.data_dir / "rasid.db"


def build_world(place: Place, salt: str) -> World:
    """Read and compile the configuration. Raises `ConfigError` with every problem."""
    config = load(place.config)
    if found := problems(config):
        raise ConfigError(found)
    matcher = compile_rules(config, cache_dir=place.data_dir / "cache")
    return World(config, matcher, targets(config, salt))


@asynccontextmanager
async def open_crawler(settings: Settings) -> AsyncIterator[ScrapyCrawler]:
    """Start the crawler behind the guard; must run inside `crawler.runtime.run`.

    Raises `GuardError` when the guard does not hold: then nothing is polled.
    """
    from crawler.crawl import ScrapyCrawler
    from crawler.workers import ParsePool

    pool = ParsePool()
    try:
        await pool.warm_up()  # the first poll must not wait for it
        crawler = await ScrapyCrawler.start(settings, pool.parse)
        try:
            yield crawler
        finally:
            await crawler.close()
    finally:
        await pool.close()


class Parts:
    """The running whole: storage, crawler, polling and delivery under one world."""

    def __init__(
        self, place: Place, storage: Storage, crawler: ScrapyCrawler, world: World, salt: str
    ) -> None:
        self.place = place
        self.storage = storage
        self.crawler = crawler
        self.config_error = ""
        self.storage_error = ""
        self._world = world
        self._salt = salt
        self.outbox = Outbox(
            storage,
            open_notifier(),
            lambda: self._world.targets,
            wall_clock,
            lambda: self._world.config.settings,
            self._render,
        )
        self.watch = Watch(storage, crawler, self.world, wall_clock, on_alerts=self.outbox.wake)

    def _render(self, notification: Notification, target: Target, limit: int) -> Message:
        zone = self._world.config.settings.time_zone
        return renderer(zone)(notification, target, limit)

    def world(self) -> World:
        """Return the configuration in force."""
        return self._world

    async def reload(self) -> None:
        """Read rules.yaml again; an invalid one is refused and the old one stays."""
        try:
            world = await asyncio.to_thread(build_world, self.place, self._salt)
        except ConfigError as error:
            self.config_error = str(error).splitlines()[0]
            log.error("rules.yaml refused, the old rules stay:\n%s", error)
            return
        self.config_error = ""
        self._world = world
        self.crawler.reload(world.config.settings)
        try:
            await self.watch.sync()
        except StorageError as error:  # the rules are in force; new sources wait for SIGHUP
            self.storage_error = str(error)
            log.error("rules.yaml reloaded, but its sources are not placed: %s", error)
            return
        log.info(
            "rules.yaml reloaded: %d sources, %d rules",
            len(world.config.sources),
            len(world.config.rules),
        )

    async def tick(self) -> None:
        """Start what is due; a database that cannot be written pauses polling, no more."""
        try:
            await self.watch.start_due()
            self.storage_error = ""
        except StorageError as error:
            self.storage_error = str(error)
            log.error("polling pauses: %s", error)

    async def upkeep(self) -> None:
        """Prune and maintain the database."""
        before = wall_clock() - self._world.config.settings.retention
        try:
            count = await self.storage.write(lambda tx: tx.prune(before))
            await self.storage.maintain()
        except StorageError as error:
            log.error("upkeep failed, it is tried again in an hour: %s", error)
        else:
            log.info("upkeep: %d items pruned", count)

    async def beat(self) -> None:
        """Write the heartbeat, and tell systemd when it is a good one."""
        beat = heartbeat.Beat(
            pid=os.getpid(),
            at=wall_clock(),
            polling_at=self.watch.last_progress_at,
            delivery_at=self.outbox.progress_at,
            config_error=self.config_error,
            storage_error=self.storage_error,
        )
        with suppress(OSError):  # a full disk: the stale file says so
            await asyncio.to_thread(heartbeat.write, self.place.data_dir, beat)
        if not heartbeat.hanging(beat):  # a full disk is no reason to be restarted
            _systemd("WATCHDOG=1")


@asynccontextmanager
async def open_parts(place: Place) -> AsyncIterator[Parts]:
    """Build everything; close it in the reverse order. The caller holds the lock."""
    storage = open_storage(database(place), wall_clock)
    try:
        salt = await storage.write(_salt)
        world = await asyncio.to_thread(build_world, place, salt)
        async with open_crawler(world.config.settings) as crawler:
            yield Parts(place, storage, crawler, world, salt)
    finally:
        await storage.close()


def _salt(tx: Transaction) -> str:
    """Return this installation's salt for target ids, made at its first start."""
    if not (salt := tx.meta("target_salt")):
        salt = new_id(wall_clock()) + os.urandom(8).hex()
        tx.set_meta("target_salt", salt)
    return salt


# --- one round ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Round:
    """What `rasid once` did."""

    polled: list[Polled]
    undelivered: int

    @property
    def well(self) -> bool:
        """Whether every source answered and every alert due was delivered."""
        return not self.undelivered and all(polled.well for polled in self.polled)


def run_once(place: Place, *, every: bool) -> Round:
    """Poll what is due (or every enabled source), deliver, return."""
    from crawler.runtime import run

    async def once() -> Round:
        async with open_parts(place) as parts:
            return await _round(parts, every)

    with sole(place.data_dir):
        return run(once)


async def _round(parts: Parts, every: bool) -> Round:
    await parts.watch.sync(at_once=True)
    sources = parts.world().config.sources
    if every:
        states = await parts.storage.read(lambda view: view.source_states())
        chosen = [s for s in sources.values() if s.enabled and not states[s.id].paused]
    else:
        now = wall_clock()
        due = await parts.storage.read(lambda view: view.due_sources(now, len(sources) + 1))
        chosen = [sources[name] for name in due if name in sources]
    polled = await parts.watch.poll_all(chosen)
    counts = await parts.outbox.round()
    return Round(polled, counts.retried + counts.dead + counts.errors)


# --- the daemon --------------------------------------------------------------------------


def run_daemon(place: Place) -> None:
    """Run until SIGTERM or SIGINT, then drain; a second signal ends at once."""
    from crawler.runtime import run

    async def daemon() -> None:
        async with open_parts(place) as parts:
            await _serve(parts)

    with sole(place.data_dir):
        run(daemon)


async def _serve(parts: Parts) -> None:
    stop = asyncio.Event()
    reload = asyncio.Event()
    _handle_signals(stop, reload)
    await parts.watch.sync()
    jobs = _jobs(parts)
    delivery = asyncio.create_task(parts.outbox.run(), name="delivery")
    reloading = asyncio.create_task(_reload_on(reload, parts), name="reload")
    delivery.add_done_callback(lambda _: stop.set())  # a dead outbox must not go unnoticed
    await parts.beat()
    _systemd("READY=1")
    config = parts.world().config
    log.info("ready: %d sources, %d rules", len(config.sources), len(config.rules))
    await stop.wait()
    _systemd("STOPPING=1")
    log.info("stopping: at most %.0f s for what is under way", DRAIN)
    jobs.pause()
    ends = asyncio.get_running_loop().time() + DRAIN
    await parts.watch.drain(DRAIN * 0.6)
    reloading.cancel()
    if delivery.done():
        delivery.result()
    await parts.outbox.drain(max(1.0, ends - asyncio.get_running_loop().time()))
    delivery.cancel()
    await asyncio.gather(delivery, reloading, return_exceptions=True)
    jobs.shutdown(wait=False)
    log.info("stopped")


async def _reload_on(wanted: asyncio.Event, parts: Parts) -> None:
    while True:
        await wanted.wait()
        wanted.clear()
        await parts.reload()


def _jobs(parts: Parts) -> Any:
    """Start APScheduler: few jobs, since what is due when stands in the database."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    jobs = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    every: list[tuple[Callable[[], Awaitable[None]], float]] = [
        (parts.tick, 1),
        (parts.beat, BEAT),
        (parts.upkeep, UPKEEP),
    ]
    for job, seconds in every:
        jobs.add_job(job, "interval", seconds=seconds)
    jobs.start()
    return jobs


def _handle_signals(stop: asyncio.Event, reload: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def ask_to_stop(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask_to_stop, number)
    loop.add_signal_handler(signal.SIGHUP, reload.set)


def _systemd(message: str) -> None:
    if "NOTIFY_SOCKET" in os.environ:
        import sdnotify

        sdnotify.SystemdNotifier().notify(message)
