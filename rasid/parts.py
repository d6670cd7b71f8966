"""The running whole: storage, crawler, polling and delivery under one configuration."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress

from rasid import heartbeat, systemd
from rasid.alerts.outbox import Outbox
from rasid.config.environment import Place
from rasid.errors import ConfigError, StorageError
from rasid.models import Message, Notification, Target
from rasid.notifiers import open_notifier
from rasid.notifiers.text import renderer
from rasid.protocols import Clock, Crawler, Storage
from rasid.watch import Watch
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
    ) -> None:
        self.place = place
        self.storage = storage
        self.crawler = crawler
        self.clock = clock
        self.config_error = ""
        self.storage_error = ""
        self._read_world = read_world
        self._world = world
        self.outbox = Outbox(
            storage,
            open_notifier(),
            lambda: self._world.targets,
            clock,
            lambda: self._world.config.settings,
            self._render,
        )
        self.watch = Watch(storage, crawler, self.world, clock, on_alerts=self.outbox.wake)

    def _render(self, notification: Notification, target: Target, limit: int) -> Message:
        zone = self._world.config.settings.time_zone
        return renderer(zone)(notification, target, limit)

    def world(self) -> World:
        """Return the configuration in force."""
        return self._world

    async def reload(self) -> None:
        """Read rules.yaml again; an invalid one is refused and the old one stays."""
        try:
            world = await asyncio.to_thread(self._read_world)
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
        before = self.clock() - self._world.config.settings.retention
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
            at=self.clock(),
            polling_at=self.watch.last_progress_at,
            delivery_at=self.outbox.progress_at,
            config_error=self.config_error,
            storage_error=self.storage_error,
        )
        with suppress(OSError):  # a full disk: the stale file says so
            await asyncio.to_thread(heartbeat.write, self.place.data_dir, beat)
        if not heartbeat.hanging(beat):  # a full disk is no reason to be restarted
            systemd.tell("WATCHDOG=1")
