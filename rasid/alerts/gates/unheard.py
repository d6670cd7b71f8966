"""Whether a rule has matched nothing for longer than it may. Pure.

Time in which nobody listened is no silence: it counts anew when the rule is new, when the
process was away, and when all sources of the rule break or one of them is well again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rasid.settings import MINUTE

_BETWEEN: Final = 5 * MINUTE  # looks further apart mean that nobody listened
_SHARE: Final = 4  # of what is waited for; rounds of cron may be as far apart


@dataclass(frozen=True, slots=True)
class Heard:
    """What is remembered of a rule that must not be silent."""

    since: int  # when it was last heard, or listening began
    looked_at: int
    silent: bool = False  # since then, and that was told
    deaf: bool = False  # all its sources are down


def listened(before: Heard | None, last: int | None, deaf: bool, now: int, patience: int) -> Heard:
    """Return how a rule stands at a look.

    `last`: when it matched last; `deaf`: all its sources are down; `patience`: how long it may
    match nothing. An episode ends with a match, not with a look.
    """
    if before is None:
        return Heard(now, now, deaf=deaf)
    if before.silent:
        return Heard(before.since, now, silent=True, deaf=deaf)
    away = not 0 <= now - before.looked_at <= max(_BETWEEN, patience // _SHARE)
    if away or deaf is not before.deaf:
        return Heard(now, now, deaf=deaf)
    # matched later than now: the clock was ahead then, and nobody knows when it was
    since = max(before.since, last if last is not None and last <= now else 0)
    return Heard(since, now, silent=now - since >= patience, deaf=deaf)
