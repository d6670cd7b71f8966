"""Rules tried on the archive: what they match a day, whom they would tell how often, and how
that differs from what is in force. One page of items at a time, whatever the archive holds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rasid.items.documents import document
from rasid.models import Decision, Item, Match, Page
from rasid.protocols import Matcher, Reading, Storage
from rasid.settings import DAY, NEW, Config, Rule

_PAGE: Final = 200  # items in memory

Matches = Mapping[str, Match]  # of one item, by rule


@dataclass(frozen=True, slots=True)
class Sample:
    """An item that a rule matches."""

    item: Item
    match: Match


@dataclass(slots=True)
class RuleTest:
    """What a rule does. `silent`: matches that raise no alert: of items seeded or too
    old, or of a rule that alerts on revisions only.
    """

    rule: str
    matches: int = 0
    silent: int = 0
    gained: int = 0
    lost: int = 0
    per_day: Counter[int] = field(default_factory=Counter)  # days of the epoch, UTC
    samples: list[Sample] = field(default_factory=list)
    gained_samples: list[Sample] = field(default_factory=list)
    lost_samples: list[Sample] = field(default_factory=list)


@dataclass(slots=True)
class Forecast:
    """How many alerts, one per rule and item, a receiver gets; `before`: as things are."""

    receiver: str
    per_day: Counter[int] = field(default_factory=Counter)
    before: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Backtest:
    """What came of a test over `items` stored from `first` to `last` (microseconds)."""

    rules: dict[str, RuleTest] = field(default_factory=dict)
    receivers: dict[str, Forecast] = field(default_factory=dict)
    items: int = 0
    first: int = 0
    last: int = 0

    def days(self, now: int) -> float:
        """Return how many days the items cover, one at least."""
        return max(1.0, (now - self.first) / DAY) if self.items else 1.0


@dataclass(frozen=True, slots=True)
class Side:
    """Rules and what they match; without a matcher, what was recorded when items came."""

    config: Config
    matcher: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A test to be made: `chosen` are the rules that count, none for all."""

    after: Side
    before: Side
    chosen: frozenset[str] = frozenset()
    samples: int = 3

    def wants(self, rule: str) -> bool:
        """Whether a rule counts."""
        return not self.chosen or rule in self.chosen


async def backtest(
    storage: Storage, trial: Trial, *, since: int, progress: Callable[[Item], None]
) -> Backtest:
    """Make a test over what was first seen since a time; `progress` hears the last item of a page.

    The age of an item is counted from when it was first seen. Raises `StorageError`.
    """
    recorded = trial.before.matcher is None
    found, before = Backtest(), None
    names = trial.chosen or frozenset((*trial.after.config.rules, *trial.before.config.rules))
    found.rules = {name: RuleTest(name) for name in sorted(names)}
    while True:
        page, known = await _page(storage, since, before, recorded=recorded)
        await asyncio.to_thread(_add, found, trial, page.items, known)
        if page.items:
            progress(page.items[-1])
        before = page.before
        if before is None:
            return found


async def _page(
    storage: Storage, since: int, before: tuple[int, str] | None, *, recorded: bool
) -> tuple[Page, Mapping[str, Matches]]:
    def look(view: Reading) -> tuple[Page, Mapping[str, Matches]]:
        page = view.candidates(since=since, before=before, limit=_PAGE)
        wanted = page.items if recorded else ()
        return page, {item.id: _by_rule(view.matches(item.id)) for item in wanted}

    return await storage.read(look)


def _add(
    found: Backtest, trial: Trial, items: Sequence[Item], recorded: Mapping[str, Matches]
) -> None:
    for item in items:
        found.items += 1
        found.first = item.first_seen
        found.last = found.last or item.first_seen
        after = _matches(trial.after, item, {})
        before = _matches(trial.before, item, recorded.get(item.id, {}))
        _count(found, trial, item, after, before)


def _matches(side: Side, item: Item, recorded: Matches) -> Matches:
    if side.matcher is None:
        return recorded
    return _by_rule(side.matcher.match(document(item), item.first_seen))


def _by_rule(matches: Iterable[Match]) -> Matches:
    return {match.rule: match for match in matches}


def _count(found: Backtest, trial: Trial, item: Item, after: Matches, before: Matches) -> None:
    day, told = item.first_seen // DAY, is_told(item)
    for name in filter(trial.wants, {**after, **before}):
        test = found.rules.setdefault(name, RuleTest(name))
        if name in after:
            test.matches += 1
            test.silent += not told or not _tells(trial.after.config.rules.get(name))
            test.per_day[day] += 1
            _keep(test.samples, trial.samples, item, after[name])
        if name not in before:
            test.gained += 1
            _keep(test.gained_samples, trial.samples, item, after[name])
        elif name not in after:
            test.lost += 1
            _keep(test.lost_samples, trial.samples, item, before[name])
        if told:
            _forecast(found, trial, name, day, after=name in after, before=name in before)


def _forecast(
    found: Backtest, trial: Trial, name: str, day: int, *, after: bool, before: bool
) -> None:
    sides = ((after, trial.after, "per_day"), (before, trial.before, "before"))
    for matches, side, counter in sides:
        rule = side.config.rules.get(name) if matches else None
        for receiver in dict.fromkeys(rule.notify if rule and _tells(rule) else ()):
            forecast = found.receivers.setdefault(receiver, Forecast(receiver))
            getattr(forecast, counter)[day] += 1


def _tells(rule: Rule | None) -> bool:
    """Whether a rule alerts on a first match; revisions are not tried on the archive."""
    return rule is None or NEW in rule.on


def is_told(item: Item) -> bool:
    """Whether a match of an item raises an alert."""
    seeded = item.decision is Decision.SEEDED and item.only_seeded
    return not seeded and item.decision is not Decision.TOO_OLD


def _keep(samples: list[Sample], most: int, item: Item, match: Match) -> None:
    if len(samples) < most:
        samples.append(Sample(item, match))
