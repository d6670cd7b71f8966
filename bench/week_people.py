"""The three of the desk: what reaches them, and what they do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rasid.alerts.handover.acks import acknowledge, can_be_acked
from rasid.ids import new_id
from rasid.models import (
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Message,
    Silence,
    Target,
)
from rasid.protocols import Clock, Notifier, Storage, Transaction
from rasid.settings import DAY, HOUR, MINUTE

_TAKES: Final = 6 * MINUTE  # from a message to its acknowledgement
LUNCH: Final = (13 * HOUR, 14 * HOUR)  # nobody looks: what comes is escalated


@dataclass(frozen=True)
class Received:
    """A message as it came."""

    at: int
    receiver: str
    message: Message
    titled: bool  # whether the service shows the title


@dataclass
class Mailbag:
    """Takes every message; `real` says how long one may be."""

    clock: Clock
    real: Notifier
    received: list[Received] = field(default_factory=list)

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Take a message."""
        titled = not target.template.startswith("tgram:")
        self.received.append(Received(self.clock(), target.receiver, message, titled))
        return DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)

    def body_limit(self, target: Target) -> int:
        """Return what the service takes."""
        return self.real.body_limit(target)


@dataclass
class Desk:
    """Who is on watch acknowledges what is told in full, some minutes later; not at lunch."""

    storage: Storage
    bag: Mailbag
    of_day: Callable[[int], int]  # the time since local midnight
    _seen: int = 0
    _due: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)

    async def look(self, now: int) -> None:
        """Acknowledge what has come and was read by now."""
        for one in self.bag.received[self._seen :]:
            if self._on_watch(one.receiver, one.at) and not one.message.html:
                self._due.append((one.at + _TAKES, one.receiver, one.message.alerts))
        self._seen = len(self.bag.received)
        ready = [one for one in self._due if one[0] <= now]
        self._due = [one for one in self._due if one[0] > now]
        for _, receiver, alerts in ready:
            await self.storage.write(
                lambda tx, who=receiver, ids=alerts: _acknowledge(tx, who, ids, now)
            )

    async def silence(self, now: int, hours: float) -> None:
        """Keep back what an exercise near Aden brings."""
        ends = now + int(hours * HOUR)
        matchers = {"rule": ("strikes-yemen",), "place": ("عدن",)}
        one = Silence(new_id(now), matchers, "Rima", "exercise, announced", now, ends)
        await self.storage.write(lambda tx: tx.save_silence(one))

    def _on_watch(self, receiver: str, at: int) -> bool:
        hour = self.of_day(at)
        if LUNCH[0] <= hour < LUNCH[1]:
            return False
        by_day = 8 * HOUR <= hour < 20 * HOUR
        return receiver == ("day" if by_day else "night")


def _acknowledge(tx: Transaction, who: str, ids: tuple[str, ...], now: int) -> None:
    found = [one for one in tx.alerts(ids=ids, limit=len(ids)) if can_be_acked(one)]
    acknowledge(tx, found, author=who, now=now)


def since_midnight(at: int, offset: int) -> int:
    """Return the time since local midnight, for a zone `offset` ahead of UTC."""
    return (at + offset) % DAY
