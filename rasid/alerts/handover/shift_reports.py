"""Shift reports that receivers have asked for: at each of their times once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rasid import cron
from rasid.alerts.handover.shift import Shift, shift
from rasid.alerts.handover.shift_text import lines, summary
from rasid.alerts.promise import NewId, notice
from rasid.errors import StorageError
from rasid.ids import new_id as ulid
from rasid.protocols import Clock, Storage, Transaction
from rasid.settings import DAY, Receiver, ShiftReport
from rasid.world import World

log = logging.getLogger("rasid.alerts")

KIND: Final = "shift"
_LONGEST: Final = 7 * DAY  # that one report covers


@dataclass(frozen=True, slots=True)
class Due:
    """A report whose time has come: of what was since the last one."""

    slot: cron.Slot
    since: int


def due(asked: ShiftReport, last: int, now: int) -> Due | None:
    """Return the latest time of a report that came after the last one, None before it.

    Of several that were missed there is one report, over all of them.
    """
    since, found = max(last, now - _LONGEST), None
    slot = cron.next_slot(asked.at, asked.zone, since)
    while slot.at <= now:
        found, slot = slot, cron.next_slot(asked.at, asked.zone, slot.at)
    return Due(found, since) if found else None


class ShiftReports:
    """Tells receivers what there is to hand over."""

    def __init__(
        self,
        storage: Storage,
        world: Callable[[], World],
        clock: Clock,
        *,
        new_id: NewId = ulid,
    ) -> None:
        self._storage = storage
        self._world = world
        self._clock = clock
        self._new_id = new_id

    async def look(self) -> int:
        """Tell the reports that are due; return how many alerts were recorded."""
        count = 0
        for receiver in self._world().config.receivers.values():
            if receiver.shift_report is None:
                continue
            try:
                count += await self._report(receiver, receiver.shift_report)
            except StorageError as error:
                log.error("the shift report of %s is told later: %s", receiver.id, error)
        return count

    async def _report(self, receiver: Receiver, asked: ShiftReport) -> int:
        key, now = f"shift:{receiver.id}", self._clock()
        last = await self._storage.read(lambda view: view.meta(key))
        if not last or int(last) > now:
            # nobody has been told yet, or the clock has been set back: the next begins here
            await self._storage.write(lambda tx: tx.set_meta(key, str(now)))
            return 0
        found = due(asked, int(last), now)
        if found is None:
            return 0
        config, until = self._world().config, found.slot.at
        told = await self._storage.read(lambda view: shift(view, config, found.since, until))

        def write(tx: Transaction) -> int:
            if tx.meta(key) != last:
                return 0  # another process was faster
            tx.set_meta(key, str(until))
            return self._tell(tx, receiver, told, asked.zone)

        return await self._storage.write(write)

    def _tell(self, tx: Transaction, receiver: Receiver, told: Shift, zone: str) -> int:
        alerts = notice(
            KIND,
            f"{receiver.id}:{told.until}",
            {"text": summary(told, zone), "lines": lines(told, zone)},
            receiver=receiver.id,
            targets=self._world().targets,
            now=self._clock(),
            new_id=self._new_id,
        )
        return sum(tx.add_alert(one) for one in alerts)
