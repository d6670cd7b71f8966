"""What servers and feeds say of when to come again. Pure: time is an argument.

A hint makes a pause longer and never shorter; `rasid.polling` keeps it within the bounds of
`every`. What nobody can have meant is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from rasid import habit
from rasid.health import span
from rasid.models import DueBy, Pause, PollResult, Schedule, SourceState
from rasid.settings import DAY, HOUR

_ABSURD: Final = 7 * DAY  # of ttl and of caches: for files that never change
_EPOCH_WEEKDAY: Final = 3  # Thursday, from Monday


def hints(state: SourceState, result: PollResult, *, now: int, longest: int) -> Iterator[Pause]:
    """Yield what is said of the pause after a poll that went well, `longest` at most by habit."""
    schedule = result.feed.schedule if result.feed else state.schedule
    yield Pause(DueBy.HABIT, habit.pause(state.hours, now=now, longest=longest))
    if result.cached and result.cached.micros <= _ABSURD:
        yield result.cached
    if 0 < schedule.ttl <= _ABSURD:
        yield Pause(DueBy.TTL, schedule.ttl)
    if schedule.period > 0:
        yield Pause(DueBy.UPDATE_PERIOD, _next_update(schedule, now) - now)


def skipping(schedule: Schedule, at: int) -> tuple[int, DueBy | None]:
    """Return the first time from `at` on that the feed does not ask to be left alone.

    With what it said of a time that had to be passed over, None when `at` is well.
    """
    hours = set(schedule.skip_hours) & set(range(24))
    days = set(schedule.skip_days) & set(range(7))
    hours, days = hours if len(hours) < 24 else set(), days if len(days) < 7 else set()
    by = None
    while (skipped := _skipped(at, hours, days)) is not None:
        by, step = skipped, DAY if skipped is DueBy.SKIP_DAYS else HOUR
        at = (at // step + 1) * step
    return at, by


def _skipped(at: int, hours: set[int], days: set[int]) -> DueBy | None:
    if (at // DAY + _EPOCH_WEEKDAY) % 7 in days:
        return DueBy.SKIP_DAYS
    return DueBy.SKIP_HOURS if at // HOUR % 24 in hours else None


def _next_update(schedule: Schedule, now: int) -> int:
    if schedule.base is None:
        return now + schedule.period
    return now + schedule.period - (now - schedule.base) % schedule.period


def why_due(state: SourceState, longest: int) -> str:
    """Say what decided when a source is polled next, and whether the bounds held it back."""
    if state.due_by == DueBy.PUSHED and not state.due_pause:
        return "its hub says that there is something new"
    words = _WORDS.get(state.due_by, "").format(span(state.due_pause))
    held = state.due_by in _BOUNDED and state.due_pause > longest
    return f"{words}, at most {span(longest)} by every" if held else words


_WORDS: Final[Mapping[str, str]] = {
    DueBy.EVERY: "every {}, as configured",
    DueBy.TURNOVER: "its feed turns over fast: every {}",
    DueBy.HABIT: "it publishes little at this hour of the week",
    DueBy.CACHE_CONTROL: "the server's Cache-Control of {}",
    DueBy.EXPIRES: "the server's Expires, {} later",
    DueBy.TTL: "the feed's ttl of {}",
    DueBy.UPDATE_PERIOD: "the feed's sy:updatePeriod: next in {}",
    DueBy.SKIP_HOURS: "the feed's skipHours",
    DueBy.SKIP_DAYS: "the feed's skipDays",
    DueBy.PUSHED: "its hub pushes what is new: polled every {} as a net",
    DueBy.RETRY_AFTER: "the server asks for {} (Retry-After)",
    DueBy.BACK_OFF: "it fails: tried again after {}",
}
_BOUNDED: Final = frozenset({DueBy.CACHE_CONTROL, DueBy.EXPIRES, DueBy.TTL, DueBy.UPDATE_PERIOD})
