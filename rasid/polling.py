"""When to poll next, and what to remember of a poll. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from rasid.causes import cause_of, told
from rasid.habit import observed
from rasid.models import (
    DueBy,
    Offer,
    Pause,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
    Validators,
)
from rasid.pacing import (
    JITTER,
    LONGEST,
    WELL,
    back_off,
    longest,
    net,
    share,
    shortest,
    usual,
)
from rasid.settings import DAY, HOUR, Source

PARKED: Final = 2**62  # next_poll_at of a source that is not configured or not enabled
FAR: Final = 365 * DAY  # for what is gone; `SourceState.gone` keeps it from being due

_A_TURNOVER: Final = 3  # polls while all items of a feed are replaced once
_FULL_AFTER: Final = 20 * HOUR
_FULL_SPREAD: Final = 3 * HOUR


def next_poll(
    source: Source, state: SourceState, result: PollResult, *, now: int, jitter: float
) -> int:
    """Return when to poll next; `state` is the one before this poll, `jitter` in [0, 1)."""
    return _next(source, state, result, now, jitter)[0]


def _next(
    source: Source, state: SourceState, result: PollResult, now: int, jitter: float
) -> tuple[int, Pause]:
    """Return when to poll next, and what decided it."""
    if result.outcome is PollOutcome.GONE:
        return now + FAR, Pause(DueBy.BACK_OFF, FAR)
    if result.outcome in WELL:
        chosen = usual(source, state, result, now)
        wait = min(chosen.micros, max(longest(source), net(source, state, now)))
    else:
        chosen = Pause(DueBy.BACK_OFF, back_off(source, state, result))
        wait = chosen.micros
    wait = int(wait * (1 - JITTER + 2 * JITTER * jitter))
    if result.retry_after is not None:
        asked = int(max(0, result.retry_after) * (1 + JITTER * jitter))  # never too early
        if min(asked, LONGEST) > wait:
            wait = min(asked, LONGEST)
            chosen = Pause(DueBy.RETRY_AFTER, result.retry_after)
    return now + wait, chosen


def learnt(source: Source, before: SourceState | None, *, items: int, new: int, now: int) -> int:
    """Return the interval after a poll whose feed had so many items, `new` ones among them.

    A feed that shows its last 20 items and gets 10 in a quarter of an hour loses what comes
    between two polls half an hour apart: it is polled three times while it turns over once, at
    most `_MOST_OFTEN` times as often as configured. What was learnt wears off by half a poll.
    """
    if before is None or before.last_success_at is None or not before.seeded:
        return 0
    known = min(longest(source), before.interval or longest(source))
    slower = min(longest(source), known + known // 2)
    if not new or now <= before.last_success_at:
        return slower
    turnover = (now - before.last_success_at) * items // new
    return max(shortest(source), min(slower, turnover // _A_TURNOVER))


def sooner(state: SourceState, source: Source, interval: int, now: int) -> SourceState:
    """Return a state with what was learnt; it never makes the next poll later."""
    due = now + interval - share(source.id, interval // 10)
    state = replace(state, interval=0 if interval >= longest(source) else interval)
    if not state.interval or due >= state.next_poll_at:
        return state
    return replace(state, next_poll_at=due, due_by=DueBy.TURNOVER.value, due_pause=interval)


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
    if result.outcome not in WELL:
        return replace(state, failures=state.failures + 1)
    slower = min(longest(source), state.interval + state.interval // 2)
    state = replace(state, failures=0, gone=False, last_success_at=now)
    if result.outcome is PollOutcome.NOT_MODIFIED:
        state = replace(
            state,
            interval=0 if slower >= longest(source) else slower,
            hours=observed(state.hours, new=0, now=now),
        )
    if result.feed is not None:
        state = replace(state, schedule=result.feed.schedule, offer=_offer(result))
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


def _offer(result: PollResult) -> Offer:
    """Return the hub of an answer; its headers go before the feed."""
    assert result.feed is not None
    said, inside = result.offer, result.feed.offer
    return Offer(said.hub or inside.hub, said.topic or inside.topic)


def _is_cut(result: PollResult) -> bool:
    return result.feed is not None and "cut_off" in result.feed.repaired


def _polled(
    state: SourceState, source: Source, result: PollResult, now: int, jitter: float
) -> SourceState:
    due, chosen = _next(source, state, result, now, jitter)
    return replace(
        state,
        url=source.url,
        next_poll_at=due,
        due_by=chosen.by.value,
        due_pause=chosen.micros,
        last_poll_at=now,
        outcome=result.outcome.value,
        reason=result.reason.value,
        detail=told(result),
        cause=cause_of(result) or "",
        certificate=result.certificate if result.certificate.until else state.certificate,
        **_moved(state, result),
    )


def _moved(state: SourceState, result: PollResult) -> dict[str, Any]:
    """Return where a source says that it moved, and how often in a row it did with a feed."""
    if result.outcome not in WELL:
        return {}
    again = result.moved_to == state.moved_to
    moves = (state.moves if again else 0) + 1 if result.moved_to else 0
    return {"moved_to": result.moved_to, "moves": moves}


def keeping(after: SourceState, stored: SourceState | None) -> SourceState:
    """Return the state after a poll, with what people decided while it ran.

    That a source was paused or parked, or is no longer taken for gone, and what was told of it
    is not the poll's to undo: it knows the row of before. Only a poll that met a 410 says gone
    once more. What a push brought meanwhile counts as well.
    """
    if stored is None:
        return after
    parked = stored.next_poll_at == PARKED
    return replace(
        after,
        paused=stored.paused,
        told=stored.told,
        pushed_at=stored.pushed_at,
        items_seen=stored.items_seen,
        possible_gaps=stored.possible_gaps,
        last_new_at=stored.last_new_at,
        longest_pause=stored.longest_pause,
        news=stored.news,
        gone=after.gone and (stored.gone or after.outcome == PollOutcome.GONE),
        next_poll_at=PARKED if parked else after.next_poll_at,
    )


def must_be_unconditional(state: SourceState, now: int) -> bool:
    """Say whether the next poll must not ask "has it changed?".

    At least daily, since some servers answer 304 for ever; at another hour for each source.
    """
    if state.last_full_at is None or state.last_full_at > now:
        return True
    return now - state.last_full_at >= _FULL_AFTER + share(state.source, _FULL_SPREAD)
