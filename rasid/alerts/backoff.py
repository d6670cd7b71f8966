"""What follows an attempt: pure decisions of the delivery loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult
from rasid.settings import HOUR, MINUTE, SECOND

FIRST: Final = 5 * SECOND
LONGEST: Final = 15 * MINUTE
LONGEST_ASKED: Final = 6 * HOUR  # a receiver's Retry-After beyond this is not believed
HOLD: Final = MINUTE
_SPREAD: Final = 0.2
_GROUP: Final = 600  # code points that one alert of a notification needs
_GROUP_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with a notification after an attempt."""

    retry_at: int | None  # None: it is over
    plain: bool = False
    hold_until: int = 0  # nothing else goes to the target before


def retry_at(attempts: int, result: DeliveryResult, now: int, jitter: float) -> int:
    """Return when to try again after `attempts` earlier ones; `jitter` is in 0..1.

    5 s, 15 s, 45 s and so on to 15 min; longer where the receiver asked for it.
    """
    delay: float = min(FIRST * 3 ** min(attempts, 10), LONGEST) * (1 + _SPREAD * jitter)
    if result.retry_after is not None:
        delay = max(result.retry_after, 0) + SECOND * jitter
    return now + int(min(delay, LONGEST_ASKED))


def next_step(
    result: DeliveryResult, *, attempts: int, plain: bool, now: int, jitter: float
) -> Step:
    """Decide between done, again, again without markup, and dead.

    A receiver in trouble is left alone for a while, but for a minute at most unless it asked
    for longer: one message that it cannot swallow must not stop the others.
    """
    if result.outcome is DeliveryOutcome.SUCCESS:
        return Step(None)
    if result.outcome is DeliveryOutcome.REJECTED:
        again = result.reason is DeliveryReason.HTTP_4XX and not plain
        return Step(now if again else None, plain=again)
    at = retry_at(attempts, result, now, jitter)
    asked = result.retry_after is not None
    return Step(at, plain, at if asked else min(at, now + HOLD))


def group_limit(body_limit: int) -> int:
    """Return how many alerts share one notification."""
    return max(1, min(_GROUP_MOST, body_limit // _GROUP))
