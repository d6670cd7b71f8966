"""What pushes of hubs do to when a source is polled next. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import replace

from rasid.models import DueBy, SourceState
from rasid.pacing import JITTER, WELL, jitter_of, net
from rasid.polling import PARKED
from rasid.settings import MINUTE, Source


def pushed(state: SourceState, source: Source, now: int) -> SourceState:
    """Return a state after a push of its hub: the next poll waits for longer, see `pacing.net`.

    Counted from the last poll, or a busy hub would put it off for ever.
    """
    state = replace(state, pushed_at=now)
    if state.failures or state.gone or state.next_poll_at == PARKED or not state.last_poll_at:
        return state
    wait = net(source, state, now)
    share = 1 - JITTER + 2 * JITTER * jitter_of(source.id)
    due = state.last_poll_at + int(wait * share)
    if due <= state.next_poll_at:
        return state
    return replace(state, next_poll_at=due, due_by=DueBy.PUSHED.value, due_pause=wait)


def unpushed(state: SourceState, source: Source, now: int) -> SourceState:
    """Return a state for which no hub pushes any more: polled as if it never had."""
    if state.pushed_at is None:
        return state
    state = replace(state, pushed_at=None)
    due = now + int(source.every * (1 - JITTER + 2 * JITTER * jitter_of(source.id)))
    if state.due_by != DueBy.PUSHED or due >= state.next_poll_at:
        return state
    return replace(state, next_poll_at=due, due_by=DueBy.EVERY.value, due_pause=source.every)


def hurried(state: SourceState, now: int) -> SourceState:
    """Return a state to be polled at once, since its hub says that there is something new.

    At most once a minute, and not where a server has trouble or asks for time.
    """
    if state.failures or state.gone or state.outcome not in WELL:
        return state
    due = max(now, (state.last_poll_at or 0) + MINUTE)
    if due >= state.next_poll_at:
        return state
    return replace(state, next_poll_at=due, due_by=DueBy.PUSHED.value, due_pause=0)
