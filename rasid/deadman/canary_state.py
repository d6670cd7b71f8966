"""When a canary is released, whether it has arrived, and whether it is late. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

from rasid.health import span
from rasid.settings import MINUTE

PATIENCE: Final = 10 * MINUTE  # from its release until it must have arrived
_AGAIN: Final = MINUTE  # after one that could not be released


@dataclass(frozen=True, slots=True)
class CanaryState:
    """What the store remembers of canaries; times in UTC microseconds."""

    released_at: int = 0  # the last of them
    arrived_at: int = 0  # the last that did
    missing_since: int = 0  # when the first was released of those that have not; 0: none is missing
    told: bool = False  # that it is missing


def remembered(text: str) -> CanaryState:
    """Return what `noted` wrote."""
    return CanaryState(**json.loads(text)) if text else CanaryState()


def noted(state: CanaryState) -> str:
    """Return a state as it is remembered."""
    return json.dumps(asdict(state))


def is_due(state: CanaryState, every: int, now: int) -> bool:
    """Tell whether one is to be released, while none is under way."""
    wait = _AGAIN if state.missing_since else every
    return not state.released_at <= now < state.released_at + wait


def released(state: CanaryState, now: int) -> CanaryState:
    """Return a state after a release, whether it went well or not."""
    set_back = state.missing_since > now
    since = now if set_back or not state.missing_since else state.missing_since
    return replace(state, released_at=now, missing_since=since)


def arrived(state: CanaryState, now: int) -> CanaryState:
    """Return a state after an arrival."""
    return replace(state, arrived_at=now, missing_since=0, told=False)


def is_late(state: CanaryState, now: int) -> bool:
    """Tell whether one should have arrived by now."""
    return bool(state.missing_since) and now - state.missing_since >= PATIENCE


def late_text(state: CanaryState, why: str, now: int) -> str:
    """Return what is told of one that is late."""
    last = (
        f"the last one arrived {span(now - state.arrived_at)} ago"
        if state.arrived_at
        else "none has ever arrived"
    )
    missing = span(now - state.missing_since)
    return f"the canary has not arrived for {missing}, {last}; it came as far as: {why}"


def arrived_text(state: CanaryState, now: int) -> str:
    """Return what is told when one arrives again; `state` is that of before."""
    return f"the canary arrives again; none did for {span(now - state.missing_since)}"
