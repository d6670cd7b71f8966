"""The delivery loop: sends what the store promises, and records what came of it.

It reads rows, never memory: claim (a lease with a token), render, send, record. Each target
has at most one send in flight, first attempts in the order of the alerts. Dying anywhere in
between loses nothing and repeats at most the sends in flight. What could not be recorded is
remembered until it is: a store that fails makes nobody be told twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from typing import Final

from rasid.alerts.backoff import LONGEST_ASKED, next_step
from rasid.alerts.claiming import claim_next
from rasid.alerts.deadletters import Undertaker
from rasid.alerts.holds import Holds
from rasid.alerts.marking import Attempt, Marker
from rasid.alerts.promise import NewId
from rasid.alerts.senders import Senders
from rasid.alerts.tally import Counts, count, report
from rasid.errors import StorageError
from rasid.failpoint import reach
from rasid.ids import new_id as ulid
from rasid.models import (
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Message,
    Notification,
    Target,
)
from rasid.protocols import Clock, Notifier, Storage, Transaction
from rasid.settings import MINUTE, SECOND, Pace, Settings

log = logging.getLogger("rasid.alerts")

Render = Callable[[Notification, Target, int], Message]

LEASE: Final = 60 * SECOND
DEADLINE: Final = 25.0  # seconds a send may take; well within a lease
_LOOK_AGAIN: Final = 5.0  # seconds, when nothing wakes the loop
_STORAGE_PAUSE: Final = 5 * SECOND
_LATEST: Final = 2 * LONGEST_ASKED  # due later than this: only a clock that jumped explains it


class Outbox:
    """Delivers everything that is due, target by target."""

    def __init__(
        self,
        storage: Storage,
        notifier: Notifier,
        targets: Callable[[], Mapping[str, Target]],
        clock: Clock,
        settings: Callable[[], Settings],
        render: Render,
        *,
        concurrency: int = 4,
        deadline: float = DEADLINE,
        mark_pause: float = 1.0,
        new_id: NewId = ulid,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._storage = storage
        self._targets = targets
        self._clock = clock
        self._undertaker = Undertaker(settings, targets, new_id)
        self._render = render
        self._jitter = jitter
        self._marker = Marker(storage, self._undertaker, pause=mark_pause)
        self._senders = Senders(notifier, deadline=deadline)
        # receivers that hang share one place, so that they cannot take all of them
        self._fast = asyncio.Semaphore(max(1, concurrency - 1))
        self._slow = asyncio.Semaphore(1) if concurrency > 1 else self._fast
        self._holds = Holds()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._paces: dict[str, Pace] = {}  # by target: those under which alerts wait
        self._unrecorded: dict[str, Attempt] = {}  # by target: what the store did not take
        self._woken = asyncio.Event()
        self._stopping = False
        self._recovered = False
        self._expired_at = 0
        self._looked_at = clock()
        self.progress_at = clock()
        """When the loop last went round or finished a delivery, for health checks."""

    def wake(self) -> None:
        """Look at once: there are new alerts, or another configuration."""
        self._woken.set()

    @property
    def in_flight(self) -> int:
        """How many targets are being served."""
        return len(self._busy)

    async def run(self) -> None:
        """Deliver until cancelled. Trouble with the store is logged and waited out."""
        counts = Counts()
        try:
            while True:
                self._woken.clear()
                await self._start_due(counts)
                await self._pause()
        finally:
            await self._cancel()

    async def round(self) -> Counts:
        """Deliver everything that is due now, once; what fails is due again later."""
        counts = Counts()
        while await self._start_due(counts):
            before = (counts.sent, counts.retried, counts.dead)
            await asyncio.wait(list(self._busy.values()))
            if before == (counts.sent, counts.retried, counts.dead):
                break
        return counts

    async def drain(self, seconds: float) -> bool:
        """Start nothing more, wait for sends in flight; False when some had to be left."""
        self._stopping = True
        if not self._busy:
            return True
        _done, left = await asyncio.wait(list(self._busy.values()), timeout=seconds)
        await self._cancel()
        return not left

    # --- looking for work ----------------------------------------------------------------

    async def _start_due(self, counts: Counts) -> int:
        """Serve every due target that is free; return how many were started."""
        self.progress_at = self._clock()
        if self._stopping:
            return 0
        try:
            due = await self._due(counts)
        except StorageError as error:
            counts.errors += 1
            log.error("delivery waits for the store: %s", error)
            return 0
        unrecorded = {name: attempt.target for name, attempt in self._unrecorded.items()}
        wanted = unrecorded | {target.id: target for target in due}
        free = [target for target in wanted.values() if not self._waits(target.id)]
        for target in free:
            self._serve_in_background(target, counts)
        return len(free)

    async def _due(self, counts: Counts) -> list[Target]:
        """Return due targets after giving up what is too old or has no receiver any more."""
        now, targets = self._clock(), self._targets()
        recent = self._expired_at <= now < self._expired_at + MINUTE
        expire = not recent and not self._unrecorded  # what was sent is not given up
        back = self._was_set_back(now)
        paces = {target.id: target.pace for target in targets.values()}
        changed = [name for name, pace in paces.items() if back or self._paces.get(name) != pace]

        def look(tx: Transaction) -> tuple[list[str], int]:
            if not self._recovered:
                tx.release_leases()
            if changed:
                tx.place_anew(changed)
            if back or not self._recovered:
                tx.hasten(now + _LATEST)
            gone = self._undertaker.expire(tx, now) if expire else 0
            due = tx.due_targets()
            unknown = [one for one in due if one not in targets and one not in self._unrecorded]
            gone += self._undertaker.bury(tx, unknown, now)
            return tx.due_targets() if unknown else due, gone  # the news of it is due at once

        due, dead = await self._storage.write(look)
        self._recovered, self._paces, self._looked_at = True, paces, now
        self._expired_at = now if expire else self._expired_at
        counts.dead += dead
        return [targets[target] for target in due if target in targets]

    def _was_set_back(self, now: int) -> bool:
        """Tell whether the clock was, and forget the times that targets wait for."""
        if now >= self._looked_at - MINUTE:  # less is what keeps clocks right
            return False
        log.warning("the clock was set back: what waits for another attempt is tried at once")
        self._holds.forget()
        return True

    def _waits(self, target: str) -> bool:
        busy = target in self._busy
        return busy or self._holds.holds(target, self._clock()) or self._senders.is_hung(target)

    async def _pause(self) -> None:
        """Wait until woken, until the next retry, or for a few seconds."""
        now = self._clock()
        seconds = min(_LOOK_AGAIN, (self._holds.next_look(now) - now) / SECOND)
        try:
            # not wait_for: in Python 3.11 it swallows a cancellation that meets a wake-up
            async with asyncio.timeout(max(seconds, 0.01)):
                await self._woken.wait()
        except TimeoutError:
            return

    # --- serving a target ----------------------------------------------------------------

    def _serve_in_background(self, target: Target, counts: Counts) -> None:
        task = asyncio.create_task(self._serve(target, counts), name=f"deliver {target.id}")
        self._busy[target.id] = task

        def served(_task: asyncio.Task[None]) -> None:
            self._busy.pop(target.id, None)
            self.wake()  # alerts may have come after its last look

        task.add_done_callback(served)

    async def _serve(self, target: Target, counts: Counts) -> None:
        try:
            limit = await self._senders.body_limit(target)
            while await self._deliver_one(target, limit, counts):
                pass
        except StorageError as error:
            counts.errors += 1
            self._holds.hold(target.id, self._clock() + _STORAGE_PAUSE)
            log.error("delivery to %s waits for the store: %s", target.id, error)
        except Exception:
            counts.errors += 1
            self._holds.hold(target.id, self._clock() + MINUTE)
            log.exception("delivery to %s stopped, next try in a minute", target.id)

    async def _deliver_one(self, target: Target, limit: int, counts: Counts) -> bool:
        """Deliver one notification; say whether to go on with this target."""
        async with self._slow if self._holds.is_sluggish(target.id) else self._fast:
            if self._stopping:
                return False
            if target.id not in self._unrecorded and not await self._claim_and_send(target, limit):
                return False
            await self._record(self._unrecorded[target.id], counts)
            reach("after_mark")
        return self._goes_on(target.id)

    async def _claim_and_send(self, target: Target, limit: int) -> bool:
        """Send what is due, remember what came of it; False when nothing was due."""
        found = await self._storage.write(
            lambda tx: claim_next(tx, target, body_limit=limit, ttl=LEASE)
        )
        if (claimed := found.notification) is None:
            self._holds.wait_for(target.id, found)
            return False
        reach("after_claim")
        result = await self._attempt(target, claimed, limit)
        reach("after_send")
        now = self._clock()
        step = next_step(result, claimed, now=now, jitter=self._jitter())
        self._unrecorded[target.id] = Attempt(target, claimed, result, step, now)
        return True

    def _goes_on(self, target: str) -> bool:
        held = self._holds.holds(target, self._clock()) or self._senders.is_hung(target)
        return target in self._targets() and not held

    async def _attempt(self, target: Target, claimed: Notification, limit: int) -> DeliveryResult:
        try:
            message = self._render(claimed, target, limit)
        except Exception as error:
            log.exception("notification %s cannot be rendered", claimed.id)
            why = f"cannot be rendered: {type(error).__name__}"
            return DeliveryResult(DeliveryOutcome.REJECTED, DeliveryReason.FAILED, why)
        reach("before_send")
        return await self._senders.send(target, message, plain=claimed.plain)

    async def _record(self, attempt: Attempt, counts: Counts) -> None:
        target, claimed = attempt.target, attempt.claimed
        if await self._marker(attempt):
            count(counts, len(claimed.alerts), attempt.result, attempt.step)
        else:
            log.warning("notification %s: its lease was lost", claimed.id)
        del self._unrecorded[target.id]
        self._holds.remember(target.id, attempt.result, attempt.step)
        self.progress_at = self._clock()
        report(target, claimed, attempt.result, attempt.step)

    async def _cancel(self) -> None:
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
