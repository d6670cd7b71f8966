"""Recording what came of a send, with some patience."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from rasid.alerts.backoff import Step
from rasid.alerts.deadletters import Undertaker
from rasid.alerts.tally import is_dead, reason_text
from rasid.errors import StorageError
from rasid.models import DeliveryResult, Notification, Target
from rasid.protocols import Storage, Transaction

log = logging.getLogger("rasid.alerts")

TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Attempt:
    """A send that was made and what follows from it."""

    target: Target
    claimed: Notification
    result: DeliveryResult
    step: Step
    at: int


@dataclass(frozen=True, slots=True)
class Marker:
    """Records attempts; `pause` in seconds, between tries while the store fails."""

    storage: Storage
    undertaker: Undertaker
    pause: float = 1.0

    async def __call__(self, attempt: Attempt) -> bool:
        """Record an attempt and announce what it buried; False when its lease was lost.

        Raises `StorageError` when the store fails for longer: nothing is then recorded, and
        it is for the caller to come back.
        """

        def mark(tx: Transaction) -> bool:
            step, result = attempt.step, attempt.result
            kept = tx.finish(
                attempt.claimed,
                result,
                retry_at=step.retry_at,
                plain=step.plain,
                split=step.split,
            )
            if kept and is_dead(result, step):
                members = attempt.claimed.alerts
                self.undertaker.tell(tx, members, reason_text(result), attempt.at)
            return kept

        for _ in range(TRIES - 1):
            # sent but not marked would be sent again by the next process: worth some patience
            try:
                return await self.storage.write(mark)
            except StorageError as error:
                log.warning("notification %s is not marked yet: %s", attempt.claimed.id, error)
                await asyncio.sleep(self.pause)
        return await self.storage.write(mark)
