"""Rules that are too quiet or too loud, by what was recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rasid.models import RuleVersion
from rasid.settings import DAY

WINDOW: Final = 30  # days
RECENT: Final = 7  # days in which a loud day is told

Counts = Mapping[str, Mapping[int, int]]  # rule -> day of the epoch -> matches


def since_of(now: int) -> int:
    """Return when the window begins, at midnight UTC."""
    return (now // DAY - WINDOW + 1) * DAY


def totals(counts: Counts) -> dict[str, int]:
    """Return the matches of each rule."""
    return {rule: sum(days.values()) for rule, days in counts.items()}


def silent(
    rules: Iterable[str], counts: Counts, versions: Sequence[RuleVersion], now: int
) -> list[str]:
    """Return the rules that are there for the whole window and matched nothing in it."""
    known: dict[str, int] = {}
    for one in versions:
        known[one.rule] = min(one.first_seen_at, known.get(one.rule, one.first_seen_at))
    return [
        rule for rule in rules if rule not in counts and known.get(rule, now) <= now - WINDOW * DAY
    ]


def noisy(rules: Iterable[str], counts: Counts, limit: int, now: int) -> dict[str, int]:
    """Return the rules with more than `limit` matches on a day of the last week, and how many."""
    first = now // DAY - RECENT + 1
    busiest = {
        rule: max((count for day, count in counts.get(rule, {}).items() if day >= first), default=0)
        for rule in rules
    }
    return {rule: most for rule, most in busiest.items() if most > limit}
