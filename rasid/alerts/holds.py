"""Until when the delivery loop leaves a target alone, and when it has to look again."""

from __future__ import annotations

from rasid.alerts.backoff import Step
from rasid.alerts.claiming import Claim
from rasid.models import DeliveryReason, DeliveryResult


class Holds:
    """What the loop remembers of targets between sends; times in UTC microseconds."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._look_at: set[int] = set()
        self._sluggish: set[str] = set()

    def holds(self, target: str, now: int) -> bool:
        """Whether a target is left alone now."""
        return now < self._until.get(target, 0)

    def is_sluggish(self, target: str) -> bool:
        """Whether the last send to it ran out of time."""
        return target in self._sluggish

    def next_look(self, now: int) -> float:
        """Return the first time after `now` at which something may be due, or infinity."""
        self._look_at = {at for at in self._look_at if at > now}
        return min(self._look_at, default=float("inf"))

    def hold(self, target: str, until: int) -> None:
        """Leave a target alone until then."""
        self._until[target] = until
        self._look_at.add(until)

    def wait_for(self, target: str, found: Claim) -> None:
        """Look again when the first alert is due, or the limit lets a message through."""
        if found.wake_at is not None:
            self._look_at.add(found.wake_at)
        if found.free_at is not None:
            self.hold(target, found.free_at)

    def remember(self, target: str, result: DeliveryResult, step: Step) -> None:
        """Take note of what came of a send."""
        if result.reason is DeliveryReason.TIMEOUT:
            self._sluggish.add(target)
        else:
            self._sluggish.discard(target)
        if step.retry_at is not None:
            self._look_at.add(step.retry_at)
        self.hold(target, step.hold_until)

    def forget(self) -> None:
        """Hold nothing any more: the clock was set back."""
        self._until.clear()
        self._look_at.clear()
