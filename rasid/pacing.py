"""How long to wait between polls. Pure: time is an argument."""

from __future__ import annotations

import zlib
from typing import Final

from rasid.hints import hints, skipping
from rasid.models import DueBy, Pause, PollOutcome, PollReason, PollResult, SourceState
from rasid.settings import DAY, HOUR, MINUTE, Source

LONGEST: Final = DAY  # of any back-off or Retry-After
JITTER: Final = 0.1
WELL: Final = frozenset({PollOutcome.OK, PollOutcome.NOT_MODIFIED})

_GENTLE: Final = 15 * MINUTE  # a first failure is tried again after this, at the latest
_MOST_OFTEN: Final = 8  # times as often as configured
_MOST_DOUBLINGS: Final = 16
_PATIENT: Final = 72  # polls an hour apart
_REFUSED: Final = (400, 500)  # from which status on, and up to which
_PUSHES: Final = DAY  # after a push, its hub counts as one that pushes
_TIMES_A_NET: Final = 4  # as long as usual, while it does, at most
# What waiting does not mend but people do: asked again rarely, and when they may have.
LASTING: Final = frozenset(
    {PollReason.BLOCKED_ADDRESS, PollReason.BAD_URL, PollReason.ROBOTS, PollReason.SECRET}
)


def usual(source: Source, state: SourceState, result: PollResult, now: int) -> Pause:
    """Return the pause after a poll that went well, before it is kept within bounds.

    The longest of what is configured and what is hinted at. Only what would cost items makes
    it shorter: a feed that turns over fast is polled sooner whatever anybody says.
    """
    said = hints(state, result, now=now, longest=longest(source))
    chosen = max((Pause(DueBy.EVERY, source.every), *said), key=lambda pause: pause.micros)
    if state.interval and state.interval < min(chosen.micros, longest(source)):
        chosen = Pause(DueBy.TURNOVER, state.interval)
    chosen = _unskipped(source, state, result, chosen, now)
    pushed = net(source, state, now)
    return Pause(DueBy.PUSHED, pushed) if pushed > min(chosen.micros, longest(source)) else chosen


def _unskipped(
    source: Source, state: SourceState, result: PollResult, chosen: Pause, now: int
) -> Pause:
    schedule = result.feed.schedule if result.feed else state.schedule
    at, by = skipping(schedule, now + min(chosen.micros, longest(source)))
    return Pause(by, at - now) if by and chosen.by is not DueBy.TURNOVER else chosen


def net(source: Source, state: SourceState, now: int) -> int:
    """Return how long to wait while a hub pushes what is new, 0 when it does not."""
    if state.pushed_at is None or not 0 <= now - state.pushed_at <= _PUSHES:
        return 0
    return min(max(HOUR, source.every), _TIMES_A_NET * source.every)


def jitter_of(source: str) -> float:
    """Return the share of the jitter that a source always has, in [0, 1)."""
    return zlib.crc32(source.encode()) / 2**32


def share(name: str, whole: int) -> int:
    """Return a fixed part of `whole` for a name; the built-in hash differs between runs."""
    return int(jitter_of(name) * whole)


def longest(source: Source) -> int:
    """Return the longest pause between polls that go well."""
    return max(source.every, source.most)


def shortest(source: Source) -> int:
    """Return the shortest pause, for feeds that turn over fast."""
    return source.least or min(source.every, max(MINUTE, source.every // _MOST_OFTEN))


def interval_of(source: Source, state: SourceState) -> int:
    """Return how long to wait between polls that go well: as configured, or as learnt if less."""
    return min(source.every, state.interval or source.every)


def back_off(source: Source, state: SourceState, result: PollResult) -> int:
    """Return the pause after a poll that did not go well."""
    if result.reason in LASTING:
        base, doublings = max(source.every, HOUR), state.failures
    elif result.outcome is PollOutcome.RATE_LIMITED:
        base, doublings = source.every, state.failures + 1
    else:
        base, doublings = min(source.every, _GENTLE), max(0, state.failures - 1)
        if _passes(result):
            doublings = _patiently(source, base, doublings)
    most = max(LONGEST, source.every)
    return int(min(most / (1 + JITTER), base * 2 ** min(doublings, _MOST_DOUBLINGS)))


def _passes(result: PollResult) -> bool:
    """Tell whether a failure is trouble that ends by itself, and no answer of the outlet to us."""
    return not _REFUSED[0] <= result.status < _REFUSED[1]


def _patiently(source: Source, base: int, doublings: int) -> int:
    """Return how often a pause is doubled: for days not beyond an hour, or `every`.

    An outage of a day would else be over for a day before anybody looks.
    """
    steady = 0
    while base * 2 ** (steady + 1) <= max(HOUR, source.every):
        steady += 1
    return min(doublings, max(steady, doublings - _PATIENT))
