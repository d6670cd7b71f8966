"""How a source does, by its own habit: well, failing, silent, gone. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from rasid.models import SourceState
from rasid.settings import DAY, HOUR, MINUTE

_FADES: Final = 14 * DAY  # half of the longest pause that is remembered
_TIMES: Final = 2  # the longest pause of late, from which on silence is unusual
_SHORTEST: Final = DAY  # of a silence that is told: nights and holidays are none
_KNOWN: Final = 5  # polls that brought something, from which on a habit is known
_EMPTY: Final = 5  # polls in a row without a single item in the feed


class Health(StrEnum):
    """How a source does; the values are kept in the database."""

    WELL = ""
    FAILING = "failing"
    SILENT = "silent"
    GONE = "gone"


def health(state: SourceState, failing_after: int) -> Health:
    """Return how a source does; it fails from `failing_after` polls in a row on, never with 0.

    Silence is judged by the last poll that went well and not by the clock: while nobody polls,
    nobody is silent.
    """
    if state.gone:
        return Health.GONE
    if failing_after and state.failures >= failing_after:
        return Health.FAILING
    return Health.SILENT if is_silent(state) else Health.WELL


def is_silent(state: SourceState) -> bool:
    """Whether nothing new came for much longer than ever of late, or the feed has no items."""
    if state.empty >= _EMPTY and state.news:
        return True
    if state.news < _KNOWN or state.last_new_at is None or state.last_success_at is None:
        return False
    return state.last_success_at - state.last_new_at > patience(state)


def patience(state: SourceState) -> int:
    """Return how long a source may bring nothing new before that is unusual, in microseconds."""
    return max(_SHORTEST, _TIMES * state.longest_pause)


def noticed(state: SourceState, *, items: int, new: int, now: int) -> SourceState:
    """Return a state after a poll that read a feed of `items`, `new` ones among them.

    The longest pause between polls that brought something fades by half in a fortnight, so
    that one summer break is not a habit.
    """
    state = replace(state, empty=0 if items else state.empty + 1)
    if not new:
        return state
    if state.last_new_at is None:
        return replace(state, last_new_at=now, news=1)
    pause = max(0, now - state.last_new_at)
    faded = int(state.longest_pause * 0.5 ** (pause / _FADES))
    longest = max(pause, faded)
    return replace(state, last_new_at=now, news=state.news + 1, longest_pause=longest)


def words(state: SourceState, now: int, failing_after: int) -> str:
    """Say how a source does and what can be done; "" when it is well."""
    found = health(state, failing_after)
    if found is Health.WELL:
        return ""
    if found is Health.SILENT:
        return _silence(state, now)
    since = (
        f"for {span(now - state.last_success_at)}"
        if state.last_success_at
        else "from the first poll on"
    )
    return f"{found} {since}: {state.detail or state.reason}"


def _silence(state: SourceState, now: int) -> str:
    if state.empty >= _EMPTY:
        return f"its feed has had no items for {state.empty} polls: look whether it has moved"
    assert state.last_new_at is not None
    usual = span(state.longest_pause)
    return (
        f"nothing new for {span(now - state.last_new_at)}, it used to pause {usual} at most: "
        "look whether it has moved"
    )


def span(micros: int) -> str:
    """Return a duration in one unit: 3 d, 7 h, 12 min."""
    for name, size in (("d", DAY), ("h", HOUR)):
        if micros >= 2 * size:
            return f"{micros // size} {name}"
    return f"{max(1, micros // MINUTE)} min"
