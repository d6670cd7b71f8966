"""What follows an attempt: pure decisions of the delivery loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rasid.models import DeliveryOutcome, DeliveryReason, DeliveryResult, Notification
from rasid.settings import HOUR, MINUTE, SECOND

FIRST: Final = 5 * SECOND
LONGEST: Final = 15 * MINUTE
LONGEST_ASKED: Final = 6 * HOUR  # a receiver's Retry-After beyond this is not believed
HOLD: Final = MINUTE
_SPREAD: Final = 0.2
_GROUP: Final = 600  # code points that one alert of a notification needs
_GROUP_MOST: Final = 10
_LISTED: Final = 180  # code points that one alert of a list needs
_LISTED_MOST: Final = 100  # their ids stand in one header of the request
# what one alert can spoil for those that go with it: a text refused, or not to be rendered
_ONE_AT_FAULT: Final = frozenset({DeliveryReason.HTTP_4XX, DeliveryReason.FAILED})


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with a notification after an attempt."""

    retry_at: int | None  # None: it is over
    plain: bool = False
    split: bool = False  # into notifications of their own: one of the alerts is at fault
    hold_until: int = 0  # nothing else goes to the target before


def retry_at(attempts: int, result: DeliveryResult, now: int, jitter: float) -> int:
    """Return when to try again after `attempts` earlier ones; `jitter` is in 0..1.

    5 s, 15 s, 45 s and so on to 15 min; longer where the receiver asked for it.
    """
    delay: float = min(FIRST * 3 ** min(attempts, 10), LONGEST) * (1 + _SPREAD * jitter)
    if result.retry_after is not None:
        delay = max(result.retry_after, 0) + SECOND * jitter
    return now + int(min(delay, LONGEST_ASKED))


def next_step(result: DeliveryResult, claimed: Notification, *, now: int, jitter: float) -> Step:
    """Decide between done, again, again without markup, again in parts, and dead.

    A receiver in trouble is left alone for a while, but for a minute at most unless it asked
    for longer: one message that it cannot swallow must not stop the others.
    """
    if result.outcome is DeliveryOutcome.SUCCESS:
        return Step(None)
    if result.outcome is DeliveryOutcome.REJECTED:
        return _after_refusal(result.reason, claimed, now)
    at = retry_at(claimed.attempts, result, now, jitter)
    asked = result.retry_after is not None
    return Step(at, claimed.plain, hold_until=at if asked else min(at, now + HOLD))


def _after_refusal(reason: DeliveryReason, claimed: Notification, now: int) -> Step:
    if reason is DeliveryReason.HTTP_4XX and not claimed.plain:
        return Step(now, plain=True)
    if reason in _ONE_AT_FAULT and len(claimed.alerts) > 1:
        return Step(now, claimed.plain, split=True)
    return Step(None)


def group_limit(body_limit: int) -> int:
    """Return how many alerts share one notification."""
    return max(1, min(_GROUP_MOST, body_limit // _GROUP))


def list_limit(body_limit: int) -> int:
    """Return how many alerts share one notification that lists them."""
    return max(1, min(_LISTED_MOST, body_limit // _LISTED))
