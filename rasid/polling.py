"""When to poll next, and what to remember of a poll. Pure: time and chance are arguments."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Final

from rasid.models import PollOutcome, PollReason, PollResult, SourceState, Validators
from rasid.settings import DAY, HOUR, MINUTE, Source

LONGEST: Final = DAY  # of any back-off or Retry-After
PARKED: Final = 2**62  # next_poll_at of a source that is not configured or not enabled
FAR: Final = 365 * DAY  # for what is gone; `SourceState.gone` keeps it from being due

_GENTLE: Final = 15 * MINUTE  # a first failure is tried again after this, at the latest
_JITTER: Final = 0.1
_A_TURNOVER: Final = 3  # polls while all items of a feed are replaced once
_MOST_OFTEN: Final = 8  # times as often as configured
_MOST_DOUBLINGS: Final = 16
_FULL_AFTER: Final = 20 * HOUR
_FULL_SPREAD: Final = 3 * HOUR
# What waiting does not mend but people do: asked again rarely, and when they may have.
_LASTING: Final = frozenset(
    {PollReason.BLOCKED_ADDRESS, PollReason.BAD_URL, PollReason.ROBOTS, PollReason.SECRET}
)
_WELL: Final = frozenset({PollOutcome.OK, PollOutcome.NOT_MODIFIED})


def next_poll(
    source: Source, state: SourceState, result: PollResult, *, now: int, jitter: float
) -> int:
    """Return when to poll next; `state` is the one before this poll, `jitter` in [0, 1)."""
    if result.outcome is PollOutcome.GONE:
        return now + FAR
    usual = interval_of(source, state)
    wait = usual if result.outcome in _WELL else _back_off(source, state, result)
    wait = int(wait * (1 - _JITTER + 2 * _JITTER * jitter))
    if result.retry_after is not None:
        asked = int(max(0, result.retry_after) * (1 + _JITTER * jitter))  # never too early
        wait = max(wait, min(asked, LONGEST))
    return now + wait


def interval_of(source: Source, state: SourceState) -> int:
    """Return how long to wait between polls that go well: as configured, or as learnt if less."""
    return min(source.every, state.interval or source.every)


def learnt(source: Source, before: SourceState | None, *, items: int, new: int, now: int) -> int:
    """Return the interval after a poll whose feed had so many items, `new` ones among them.

    A feed that shows its last 20 items and gets 10 in a quarter of an hour loses what comes
    between two polls half an hour apart: it is polled three times while it turns over once, at
    most `_MOST_OFTEN` times as often as configured. What was learnt wears off by half a poll.
    """
    if before is None or before.last_success_at is None or not before.seeded:
        return 0
    known = interval_of(source, before)
    slower = min(source.every, known + known // 2)
    if not new or now <= before.last_success_at:
        return slower
    turnover = (now - before.last_success_at) * items // new
    shortest = min(source.every, max(MINUTE, source.every // _MOST_OFTEN))
    return max(shortest, min(slower, turnover // _A_TURNOVER))


def sooner(state: SourceState, source: Source, interval: int, now: int) -> SourceState:
    """Return a state with what was learnt; it never makes the next poll later."""
    due = now + interval - _share(source.id, interval // 10)
    state = replace(state, interval=0 if interval >= source.every else interval)
    return replace(state, next_poll_at=min(state.next_poll_at, due)) if state.interval else state


def _back_off(source: Source, state: SourceState, result: PollResult) -> int:
    if result.reason in _LASTING:
        base, doublings = max(source.every, HOUR), state.failures
    elif result.outcome is PollOutcome.RATE_LIMITED:
        base, doublings = source.every, state.failures + 1
    else:
        base, doublings = min(source.every, _GENTLE), max(0, state.failures - 1)
    longest = max(LONGEST, source.every)
    return int(min(longest / (1 + _JITTER), base * 2 ** min(doublings, _MOST_DOUBLINGS)))


def advance(
    state: SourceState, source: Source, result: PollResult, *, now: int, jitter: float
) -> SourceState:
    """Return what is remembered after a poll.

    Validators are taken only from a body that was read (or is the one read before): those of
    an error page would turn it into a permanent 304.
    """
    state = _polled(state, source, result, now, jitter)
    if result.outcome is PollOutcome.GONE:
        return replace(state, gone=True)
    if result.outcome not in _WELL:
        return replace(state, failures=state.failures + 1)
    slower = min(source.every, state.interval + state.interval // 2)
    state = replace(state, failures=0, gone=False, last_success_at=now)
    if result.outcome is PollOutcome.NOT_MODIFIED:
        state = replace(state, interval=0 if slower >= source.every else slower)
    if _is_cut(result):  # asked with its validators, the server would never send the rest
        return replace(state, validators=Validators(), body_hash="", seeded=True)
    if result.outcome is PollOutcome.OK or result.reason is PollReason.SAME_BODY:
        state = replace(
            state,
            validators=result.validators,
            body_hash=result.body_hash or state.body_hash,
            last_full_at=now,
            seeded=True,
        )
    return state


def _is_cut(result: PollResult) -> bool:
    return result.feed is not None and "cut_off" in result.feed.repaired


def _polled(
    state: SourceState, source: Source, result: PollResult, now: int, jitter: float
) -> SourceState:
    return replace(
        state,
        url=source.url,
        next_poll_at=next_poll(source, state, result, now=now, jitter=jitter),
        last_poll_at=now,
        outcome=result.outcome.value,
        reason=result.reason.value,
        detail=result.detail,
        moved_to=result.moved_to if result.outcome in _WELL else state.moved_to,
    )


def keeping(after: SourceState, stored: SourceState | None) -> SourceState:
    """Return the state after a poll, with what people decided while it ran.

    That a source was paused or parked, or is no longer taken for gone, and what was told of it
    is not the poll's to undo: it knows the row of before. Only a poll that met a 410 says gone
    once more.
    """
    if stored is None:
        return after
    parked = stored.next_poll_at == PARKED
    return replace(
        after,
        paused=stored.paused,
        told=stored.told,
        gone=after.gone and (stored.gone or after.outcome == PollOutcome.GONE),
        next_poll_at=PARKED if parked else after.next_poll_at,
    )


def resumed(state: SourceState) -> SourceState:
    """Return the state of a source that is to be polled again, at once if it was not.

    One that only failed keeps its back-off, unless its configuration was what failed; one that
    is not configured stays parked.
    """
    if not (state.paused or state.gone or _waits_for_people(state)):
        return state
    due = PARKED if state.next_poll_at == PARKED else 0
    return replace(state, paused=False, gone=False, next_poll_at=due)


def must_be_unconditional(state: SourceState, now: int) -> bool:
    """Say whether the next poll must not ask "has it changed?".

    At least daily, since some servers answer 304 for ever; at another hour for each source.
    """
    if state.last_full_at is None or state.last_full_at > now:
        return True
    return now - state.last_full_at >= _FULL_AFTER + _share(state.source, _FULL_SPREAD)


def _waits_for_people(state: SourceState) -> bool:
    return state.failures > 0 and state.reason in _LASTING


def starting(
    source: Source, state: SourceState | None, now: int, spread: int, *, mended: bool = False
) -> SourceState:
    """Return the state to start with: what is overdue is spread over `spread` microseconds.

    `mended`: the configuration may be another, so what only it can mend is due too.
    """
    if state is None:
        state = SourceState(source=source.id, url=source.url)
    elif state.url != source.url:
        state = _at_new_address(state, source)
    due = sane_next(source, state, now)
    if due <= now or (mended and _waits_for_people(state)):
        due = first_poll(source, now=now, spread=spread)
    return replace(state, next_poll_at=due)


def _at_new_address(state: SourceState, source: Source) -> SourceState:
    return replace(
        state,
        url=source.url,
        validators=Validators(),
        body_hash="",
        last_full_at=None,
        failures=0,
        gone=False,
        moved_to="",
        empty=0,
        next_poll_at=0,
    )


def first_poll(source: Source, *, now: int, spread: int) -> int:
    """Return a time within `spread` microseconds, always the same share of it for a source."""
    return now + _share(source.id, spread)


def sane_next(source: Source, state: SourceState, now: int) -> int:
    """Return the remembered due time, unless only a clock that jumped explains it.

    A source that fails or was told to wait may be due as late as the longest back-off.
    """
    waits = state.failures > 0 or state.outcome not in ("", *_WELL)
    longest = max(2 * source.every, LONGEST) if waits else 2 * source.every
    if state.gone or state.next_poll_at <= now + longest:
        return state.next_poll_at
    return now + _share(source.id, source.every)


def _share(name: str, whole: int) -> int:
    """Return a fixed part of `whole` for a name; the built-in hash differs between runs."""
    return int(zlib.crc32(name.encode()) / 2**32 * whole)
