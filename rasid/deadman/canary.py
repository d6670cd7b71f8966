"""The canary: an alert that must arrive, so that silence means that there is no news.

Released every so often, it is taken through everything that an item goes through
(`rasid.deadman.rehearsal`), its alert is delivered by the outbox like any other, and erased
when it has arrived. One that does not is trouble.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from rasid.alerts.promise import NewId, notice, trouble
from rasid.deadman.canary_state import (
    PATIENCE,
    CanaryState,
    arrived,
    arrived_text,
    is_due,
    is_late,
    late_text,
    noted,
    released,
    remembered,
)
from rasid.deadman.rehearsal import NAME, FeedReader, LostError, Rehearsal
from rasid.errors import StorageError
from rasid.ids import new_id as ulid
from rasid.models import Alert, AlertState, Target
from rasid.protocols import Clock, Reading, Storage, Transaction
from rasid.settings import Canary
from rasid.world import World

log = logging.getLogger("rasid.deadman")

STATE: Final = "canary"  # in the store's meta
QUIET: Final = Target(f"{NAME}/quiet", NAME, "canary://")
"""Where it goes when no receiver is named: through the outbox, and no further."""


@dataclass(frozen=True, slots=True)
class _Flight:
    """A canary under way."""

    since: int
    alerts: tuple[str, ...]


class Canaries:
    """Releases canaries and waits for them, one at a time."""

    def __init__(
        self,
        storage: Storage,
        reader: FeedReader,
        world: Callable[[], World],
        clock: Clock,
        *,
        new_id: NewId = ulid,
    ) -> None:
        self._storage = storage
        self._world = world
        self._clock = clock
        self._new_id = new_id
        self._rehearse = Rehearsal(storage, reader, world)
        self._flight: _Flight | None = None
        self._why = "none was released yet"
        self._clean = False
        self._begun = False
        self.error = ""
        """Why it is held that nothing arrives, "" while canaries do."""

    async def look(self) -> int:
        """Release a canary, or see whether it has arrived; return how many alerts were recorded."""
        canary = self._world().config.settings.canary
        try:
            if canary is None:
                return await self._none()
            return await self._look(canary, self._clock())
        except StorageError as error:
            log.error("the canary waits for the store: %s", error)
            return 0

    async def _none(self) -> int:
        """Forget canaries of before."""
        self.error = ""
        if not self._clean:
            await self._storage.write(_forget)
            self._flight, self._clean = None, True
        return 0

    async def _look(self, canary: Canary, now: int) -> int:
        self._clean = False
        state = await self._storage.read(lambda view: remembered(view.meta(STATE)))
        if self._flight is not None:
            return await self._follow(self._flight, state, now)
        begun, self._begun = self._begun, True
        was_cut_short = not begun and state.missing_since  # by the end of another process
        if not was_cut_short and not is_due(state, canary.every, now):
            self._judge(state, now)
            return 0
        return await self._release(canary, state, now)

    async def _release(self, canary: Canary, state: CanaryState, now: int) -> int:
        targets = self._targets(canary)
        alerts = await self._rehearsed(canary.receiver or NAME, targets, now)
        after = released(state, now)

        def write(tx: Transaction) -> int:
            tx.erase_alerts(NAME)  # of a canary that a restart has cut short
            tx.set_meta(STATE, noted(after))
            return sum(tx.add_alert(alert) for alert in alerts)

        count = await self._storage.write(write)
        if alerts:
            self._flight = _Flight(now, tuple(alert.id for alert in alerts))
            self._why = "its alert waits for delivery"
        return count + await self._tell_late(after, now)

    async def _rehearsed(
        self, receiver: str, targets: Mapping[str, Target], now: int
    ) -> list[Alert]:
        try:
            return await self._rehearse(receiver, targets, now)
        except StorageError:
            raise
        except LostError as lost:
            self._why = str(lost)
        except Exception as error:
            self._why = f"internal error: {type(error).__name__}"
            log.exception("the canary was lost: internal error")
        return []

    async def _follow(self, flight: _Flight, state: CanaryState, now: int) -> int:
        alerts = await self._storage.read(lambda view: view.alerts(ids=flight.alerts))
        if alerts and all(one.state is AlertState.SENT for one in alerts):
            return await self._arrived(state, now)
        self._why = await self._storage.read(lambda view: _stage(view, alerts))
        if not flight.since <= now < flight.since + PATIENCE:
            self._flight = None  # another one is released: the way may be free again
        return await self._tell_late(state, now)

    async def _arrived(self, state: CanaryState, now: int) -> int:
        text = arrived_text(state, now)

        def write(tx: Transaction) -> int:
            tx.erase_alerts(NAME)
            tx.set_meta(STATE, noted(arrived(state, now)))
            told = partial(notice, "canary", str(state.missing_since), {"text": text})
            return self._tell(tx, told, now) if state.told else 0

        count = await self._storage.write(write)
        if state.told:
            log.warning("%s", text)
        self._flight, self.error = None, ""
        return count

    async def _tell_late(self, state: CanaryState, now: int) -> int:
        self._judge(state, now)
        if not self.error or state.told:
            return 0
        log.error("%s", self.error)

        def write(tx: Transaction) -> int:
            tx.set_meta(STATE, noted(replace(state, told=True)))
            told = partial(trouble, "canary", str(state.missing_since), self.error)
            return self._tell(tx, told, now)

        return await self._storage.write(write)

    def _judge(self, state: CanaryState, now: int) -> None:
        self.error = late_text(state, self._why, now) if is_late(state, now) else ""

    def _tell(self, tx: Transaction, told: Callable[..., list[Alert]], now: int) -> int:
        """Tell ops and fallback receivers: through one of them it may not be told."""
        world = self._world()
        settings = world.config.settings
        names = dict.fromkeys([settings.ops_receiver, settings.fallback_receiver])
        return sum(
            tx.add_alert(alert)
            for name in names
            for alert in told(receiver=name, targets=world.targets, now=now, new_id=self._new_id)
        )

    def _targets(self, canary: Canary) -> Mapping[str, Target]:
        return self._world().targets if canary.receiver else {QUIET.id: QUIET}


def _forget(tx: Transaction) -> None:
    tx.erase_alerts(NAME)
    tx.set_meta(STATE, "")


def _stage(view: Reading, alerts: list[Alert]) -> str:
    """Return how far the alerts of a canary came."""
    waiting = [one for one in alerts if one.state is not AlertState.SENT]
    if not waiting:
        return "its alert is gone"
    one = waiting[0]
    attempts = view.deliveries(one.notification) if one.notification else []
    if not attempts:
        return f"its alert to {one.receiver} is {one.state}, not tried yet"
    last = attempts[-1]
    said = f"{last['reason']} {last['detail']}".strip()
    return f"its alert to {one.receiver} is {one.state} after {len(attempts)} attempts: {said}"
