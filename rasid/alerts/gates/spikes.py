"""Whether a rule matches much more than it does by itself at this hour of the week. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from rasid.models import RuleMatch
from rasid.settings import DAY, HOUR
from rasid.settings.gates import Spike

WEEK: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class Level:
    """How many reports there are in an hour, and how many are usual."""

    count: int
    usual: float | None  # None: less than a week is known
    needed: int  # so many are a spike

    @property
    def is_spike(self) -> bool:
        """Whether that is much more than usual."""
        return self.count >= self.needed


def counted_once(
    matches: Iterable[RuleMatch], owner: Callable[[str], str]
) -> dict[tuple[str, str], RuleMatch]:
    """Return matches that count: the first of each (story, owner of the outlet), no copies."""
    found: dict[tuple[str, str], RuleMatch] = {}
    for one in matches:
        if not one.copy_of:
            found.setdefault((one.story, owner(one.outlet)), one)
    return found


def hours_before(now: int, known_since: int, gate: Spike) -> list[tuple[int, int]]:
    """Return the same hour in earlier weeks, as far as they are known whole."""
    weeks = range(1, gate.against // WEEK + 1)
    hours = [(now - week * WEEK - HOUR, now - week * WEEK) for week in weeks]
    return [(start, end) for start, end in hours if start >= known_since]


def level(count: int, before: Sequence[int], gate: Spike) -> Level:
    """Return how a count of reports stands against those of earlier weeks."""
    usual = sum(before) / len(before) if before else None
    needed = max(gate.floor, ceil(gate.factor * (usual or 0)))
    return Level(count, usual, needed)
