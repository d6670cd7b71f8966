"""The running whole: storage, crawler, polling and delivery under one configuration."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Set
from contextlib import suppress

from rasid import heartbeat, systemd
from rasid.alerts.handover.ack_links import AckLinks
from rasid.alerts.handover.acks import asks
from rasid.alerts.outbox import Outbox
from rasid.announcing import Announcer
from rasid.archive.homes import learn_homes
from rasid.atlas import listener
from rasid.captures.keeping import CaptureFiles
from rasid.config.environment import Place
from rasid.counted import counted
from rasid.deadman.canary import QUIET
from rasid.deadman.pinging import Pinger
from rasid.errors import ConfigError, StorageError
from rasid.models import Alert, DeliveryResult, Message, Notification, Target
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.paging import ROUND, Pages
from rasid.protocols import Clock, Crawler, Notifier, Storage, Transaction
from rasid.robots import KeptRobots
from rasid.settings import DAY, Settings
from rasid.watch import Watch
from rasid.websub.hubs import Hubs
from rasid.world import World

log = logging.getLogger("rasid.parts")


class Parts:
    """The running whole: storage, crawler, polling and delivery under one world."""

    def __init__(
        self,
        place: Place,
        storage: Storage,
        crawler: Crawler,
        world: World,
        *,
        read_world: Callable[[], World],
        clock: Clock,
        notifier: Notifier | None = None,
        captures: CaptureFiles | None = None,
        ack_links: AckLinks | None = None,
        robots: KeptRobots | None = None,
    ) -> None:
        self.place = place
        self.storage = storage
        self.crawler = crawler
        self.clock = clock
        self.captures = captures or CaptureFiles(place.data_dir, world.config.settings, clock)
        self.robots = robots or KeptRobots(storage, clock)
        self.ack_links = ack_links
        self.config_error = ""
        self._read_world = read_world
        self._world = world
        self._notifier = notifier or open_notifier()
        self.outbox = Outbox(
            storage, self._notifier, self._targets, clock, self._settings, self._render
        )
        wake, keep = self.outbox.wake, self.captures.keep
        self.watch = Watch(storage, crawler, self.world, clock, on_alerts=wake, keep=keep)
        self.hubs = Hubs(storage, crawler, self.watch.ingest, self.world, clock, on_alerts=wake)
        self.pages = Pages(
            storage, crawler, self.world, clock, busy=self.watch.busy, on_alerts=wake, keep=keep
        )
        self.announcer = Announcer(storage, crawler, self.world, clock)
        self._pinger = Pinger(lambda: self._settings().heartbeat, _ping, clock)

    def _targets(self) -> dict[str, Target]:
        return {**self._world.targets, QUIET.id: QUIET}

    def _settings(self) -> Settings:
        return self._world.config.settings

    def _render(self, notification: Notification, target: Target, limit: int) -> Message:
        zone = self._settings().time_zone
        return renderer(zone, self._ack_link)(notification, target, limit)

    def _ack_link(self, told: Alert | Notification) -> str:
        url = self._settings().public_url
        asked = url and asks(told)
        return self.ack_links.link(url, told) if asked and self.ack_links else ""

    def world(self) -> World:
        """Return the configuration in force."""
        return self._world

    async def warm_up(self) -> None:
        """Load what places items and what sends, so that the first alert waits for neither."""
        with suppress(StorageError):  # polling finds out, and says so
            await self.watch.warm_up()
        targets = tuple(self._world.targets.values())
        await asyncio.to_thread(lambda: [self._notifier.body_limit(one) for one in targets])

    async def reload(self) -> None:
        """Read rules.yaml again; an invalid one is refused and the old one stays."""
        try:
            world = await asyncio.to_thread(self._read_world)
        except ConfigError as error:
            self.config_error = str(error).splitlines()[0]
            mistakes = counted(len(error.problems), "mistake")
            log.error("rules.yaml refused, the old rules stay: %s", mistakes)
            for problem in error.problems:
                log.error("rules.yaml refused: %s", problem)
            self.announcer.ops.refused(self.config_error)
            return
        self.config_error = ""
        self._world = world
        self.announcer.reloaded()
        self.crawler.reload(world.config.settings)
        self.captures.reload(world.config.settings)
        await self.learn_homes()
        try:
            await self.watch.sync()
        except StorageError as error:  # the rules are in force; `watch` comes back to it
            log.error("rules.yaml reloaded, its new sources wait for the database: %s", error)
            return
        log.info(
            "rules.yaml reloaded: %s, %s",
            counted(len(world.config.sources), "source"),
            counted(len(world.config.rules), "rule"),
        )

    async def tick(self) -> None:
        """Start what is due; a database that cannot be written pauses polling, no more."""
        try:
            await self.watch.start_due()
            if not self.watch.storage_error:
                await self.pages.start_due()
        except StorageError as error:
            log.error("polling pauses for a minute: %s", error)

    async def read_pages(self) -> int:
        """Fetch due pages, as many as a round has time for; return how many."""
        try:
            return await self.pages.read_due(until=self.clock() + ROUND)
        except StorageError as error:
            log.error("pages are fetched later: %s", error)
            return 0

    async def look_at_hubs(self) -> None:
        """Ask hubs for the subscriptions that are due."""
        try:
            await self.hubs.look()
        except StorageError as error:
            log.error("hubs are asked later: %s", error)

    async def tell(self, *, at_once: bool = False) -> None:
        """Tell what there is to tell without an item; deliver it."""
        self.announcer.ops.note_captures(self.captures)
        if await self.announcer.look(self.watch.storage_error, at_once=at_once):
            self.outbox.wake()

    async def upkeep(self) -> None:
        """Prune and maintain the database, and prune captures."""
        now = self.clock()

        def prune(tx: Transaction) -> tuple[int, Set[str]]:
            tx.set_meta("upkeep_at", str(now))
            count = tx.prune(now - self._settings().retention)
            return count, tx.captures().keys()

        try:
            count, captures = await self.storage.write(prune)
            await self.storage.maintain()
            await self.captures.prune(captures)
        except StorageError as error:
            log.error("upkeep failed, it is tried again: %s", error)
        else:
            log.info("upkeep: %s pruned", counted(count, "item"))
        await self.robots.save()
        await self.learn_homes()

    async def learn_homes(self) -> None:
        """Learn where sources are at home, once a day, if rules ask for places."""
        if not self._world.config.gazetteer:
            return
        try:
            finder = await asyncio.to_thread(listener, self.place)
            await learn_homes(self.storage, finder, self.clock())
        except StorageError as error:
            log.error("where sources are at home is learnt later: %s", error)

    async def daily_upkeep(self) -> None:
        """Do the upkeep unless it was done within a day: for who has no hourly job."""
        last = int(await self.storage.read(lambda view: view.meta("upkeep_at")) or 0)
        if not last <= self.clock() < last + DAY:
            await self.upkeep()

    def pulse(self, *, stopped: bool = False) -> heartbeat.Beat:
        """Return the heartbeat of now."""
        return heartbeat.Beat(
            pid=os.getpid(),
            at=self.clock(),
            polling_at=self.watch.last_progress_at,
            delivery_at=self.outbox.progress_at,
            config_error=self.config_error,
            storage_error=self.watch.storage_error,
            sources=str(self.announcer.ops.standing),
            captures=self.announcer.ops.uncaptured,
            delivery=self.announcer.receivers.quiet,
            canary=self.announcer.canaries.error,
            ping=self._pinger.error,
            stopped=stopped,
        )

    async def ping(self) -> None:
        """Let the address of `settings.heartbeat` hear that polling and delivery go on."""
        beat = self.pulse()
        verdict = heartbeat.judge(beat, beat.at)
        if verdict.well and (why := beat.delivery or beat.canary):
            # no restart mends it, so it is unwell for those outside alone
            verdict = heartbeat.Verdict(False, why)
        await self._pinger.look(verdict)

    async def beat(self, *, stopped: bool = False) -> None:
        """Write the heartbeat, the last one when `stopped`; tell systemd when it is good."""
        beat = self.pulse(stopped=stopped)
        with suppress(OSError):  # a full disk: the stale file says so
            await asyncio.to_thread(heartbeat.write, self.place.data_dir, beat)
        if not heartbeat.hanging(beat):  # a full disk is no reason to be restarted
            systemd.tell("WATCHDOG=1")


def _ping(template: str) -> DeliveryResult:
    from rasid.notifiers.ping import ping  # most installations ping nobody

    return ping(template)
