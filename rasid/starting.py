"""When sources are polled first: at a start, at a new address, when taken up again. Pure."""

from __future__ import annotations

from dataclasses import replace

from rasid.models import Certificate, Offer, Schedule, SourceState, Validators
from rasid.pacing import LASTING, LONGEST, WELL, longest, net, share
from rasid.polling import PARKED
from rasid.settings import Source


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
        moves=0,
        certificate=Certificate(),
        offer=Offer(),
        schedule=Schedule(),
        pushed_at=None,
        empty=0,
        next_poll_at=0,
    )


def first_poll(source: Source, *, now: int, spread: int) -> int:
    """Return a time within `spread` microseconds, always the same share of it for a source."""
    return now + share(source.id, spread)


def sane_next(source: Source, state: SourceState, now: int) -> int:
    """Return the remembered due time, unless only a clock that jumped explains it.

    A source that fails or was told to wait may be due as late as the longest back-off.
    """
    waits = state.failures > 0 or state.outcome not in ("", *WELL)
    usual = 2 * max(longest(source), net(source, state, now))
    most = max(usual, LONGEST) if waits else usual
    if state.gone or state.next_poll_at <= now + most:
        return state.next_poll_at
    return now + share(source.id, source.every)


def resumed(state: SourceState) -> SourceState:
    """Return the state of a source that is to be polled again, at once if it was not.

    One that only failed keeps its back-off, unless its configuration was what failed; one that
    is not configured stays parked.
    """
    if not (state.paused or state.gone or _waits_for_people(state)):
        return state
    due = PARKED if state.next_poll_at == PARKED else 0
    return replace(state, paused=False, gone=False, next_poll_at=due)


def _waits_for_people(state: SourceState) -> bool:
    return state.failures > 0 and state.reason in LASTING
