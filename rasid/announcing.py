"""What is told without a new item: by rules as a whole, from shift to shift, of Rasid itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from rasid.alerts.gates.listening import Listener
from rasid.alerts.handover.escalation import Escalations
from rasid.alerts.handover.shift_reports import ShiftReports
from rasid.alerts.lookback import Lookback
from rasid.alerts.ops import Ops
from rasid.deadman.canary import Canaries
from rasid.deadman.receivers import Receivers
from rasid.errors import StorageError
from rasid.protocols import Clock, Crawler, Storage
from rasid.world import World

log = logging.getLogger("rasid.parts")


class Announcer:
    """Looks, one at a time, whether any of them has something to tell."""

    def __init__(
        self, storage: Storage, crawler: Crawler, world: Callable[[], World], clock: Clock
    ) -> None:
        self.ops = Ops(storage, world, clock)
        self.receivers = Receivers(storage, world, clock)
        self.canaries = Canaries(storage, crawler, world, clock)
        self._escalations = Escalations(storage, world, clock)
        self._shift_reports = ShiftReports(storage, world, clock)
        self._listener = Listener(storage, world, clock)
        self._lookback = Lookback(storage, clock)
        self._world = world
        self._clock = clock
        self._in_force_at = clock()
        self._introduced = False
        self._looking = asyncio.Lock()  # a reload and the job ask for it

    def reloaded(self) -> None:
        """Take note that another configuration is in force: its new rules are introduced."""
        self.ops.accepted()
        self._in_force_at, self._introduced = self._clock(), False

    async def look(self, storage_error: str, *, at_once: bool = False) -> int:
        """Store alerts of what is to be told; return how many.

        `storage_error`: why the store cannot be written, "" when it can; of that itself is told
        as soon as it can. `at_once`: what usually waits for a second look does not, for one round.
        """
        async with self._looking:
            count = await self.ops.look(storage_error, at_once=at_once)
            if not storage_error:
                count += await self.receivers.look() + await self.canaries.look()
                count += await self._escalations.look()
                count += await self._shift_reports.look()
                count += await self._introduce()
            return count + await self._listener.look(at_once=at_once)

    async def _introduce(self) -> int:
        """Tell what new rules find in stored items, once for each configuration."""
        if self._introduced:
            return 0
        world, since = self._world(), self._in_force_at
        try:
            count = await self._lookback(world, since)
        except StorageError as error:  # tried again
            log.error("what new rules find is told later: %s", error)
            return 0
        self._introduced = self._world() is world
        return count
