"""Rules tried on the archive: what they match a day, whom they would tell how often, and how
that differs from what is in force. One page of items at a time, whatever the archive holds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rasid.archive.backtest_gates import GateReplay, Replayed
from rasid.items.documents import document
from rasid.models import Decision, Item, Match, Membership, Page
from rasid.protocols import Matcher, Reading, Storage
from rasid.settings import CORROBORATED, DAY, NEW, Config, Rule

_PAGE: Final = 200  # items in memory

Matches = Mapping[str, Match]  # of one item, by rule
Places = Mapping[str, Membership]  # in stories, by item


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
    gates: Replayed | None = None  # of a rule that has some


@dataclass(slots=True)
class Forecast:
    """How many alerts a receiver gets, one per rule and item unless gates say otherwise.

    `before`: as things are.
    """

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
class Gates:
    """Those of both sides."""

    after: GateReplay
    before: GateReplay

    def add(
        self, name: str, item: Item, matches: tuple[Matches, Matches], place: Membership | None
    ) -> None:
        """Take up what a rule matches on each side."""
        for matched, side in zip(matches, (self.after, self.before), strict=True):
            if name in matched:
                side.add(name, item, matched[name], place)


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
    gates = Gates(GateReplay(trial.after.config), GateReplay(trial.before.config))
    names = trial.chosen or frozenset((*trial.after.config.rules, *trial.before.config.rules))
    found.rules = {name: RuleTest(name) for name in sorted(names)}
    while True:
        page, known, places = await _page(storage, since, before, recorded=recorded)
        await asyncio.to_thread(_add, found, (trial, gates), page.items, known, places)
        if page.items:
            progress(page.items[-1])
        before = page.before
        if before is None:
            await asyncio.to_thread(_replay, found, gates, since, trial.wants)
            return found


async def _page(
    storage: Storage, since: int, before: tuple[int, str] | None, *, recorded: bool
) -> tuple[Page, Mapping[str, Matches], Places]:
    def look(view: Reading) -> tuple[Page, Mapping[str, Matches], Places]:
        page = view.candidates(since=since, before=before, limit=_PAGE)
        wanted = page.items if recorded else ()
        matches = {item.id: _by_rule(view.matches(item.id)) for item in wanted}
        return page, matches, view.memberships(item.id for item in page.items)

    return await storage.read(look)


def _add(
    found: Backtest,
    test: tuple[Trial, Gates],
    items: Sequence[Item],
    recorded: Mapping[str, Matches],
    places: Places,
) -> None:
    trial, gates = test
    for item in items:
        found.items += 1
        found.first = item.first_seen
        found.last = found.last or item.first_seen
        after = _matches(trial.after, item, {})
        before = _matches(trial.before, item, recorded.get(item.id, {}))
        _count(found, trial, item, after, before)
        if is_told(item):
            for name in filter(trial.wants, {**after, **before}):
                _forecast(found, gates, name, item.first_seen // DAY, (after, before))
                gates.add(name, item, (after, before), places.get(item.id))


def _replay(found: Backtest, gates: Gates, since: int, wants: Callable[[str], bool]) -> None:
    """Add the alerts of gates, which take all items to be known."""
    for side, counter in ((gates.after, "per_day"), (gates.before, "before")):
        for rule, replayed in side.run(since, (found.first, found.last), wants):
            if counter == "per_day" and rule.id in found.rules:
                found.rules[rule.id].gates = replayed
            for receiver in dict.fromkeys(rule.notify):
                forecast = found.receivers.setdefault(receiver, Forecast(receiver))
                getattr(forecast, counter).update(at // DAY for at in replayed.alerts)


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


def _forecast(
    found: Backtest, gates: Gates, name: str, day: int, matches: tuple[Matches, Matches]
) -> None:
    sides = ((matches[0], gates.after, "per_day"), (matches[1], gates.before, "before"))
    for matched, side, counter in sides:
        rule = side.config.rules.get(name) if name in matched else None
        if rule is None or not _tells(rule) or side.counts(name):
            continue
        for receiver in dict.fromkeys(rule.notify):
            forecast = found.receivers.setdefault(receiver, Forecast(receiver))
            getattr(forecast, counter)[day] += 1


def _tells(rule: Rule | None) -> bool:
    """Whether a rule alerts on a first match; revisions are not tried on the archive."""
    return rule is None or not {NEW, CORROBORATED}.isdisjoint(rule.on)


def is_told(item: Item) -> bool:
    """Whether a match of an item raises an alert."""
    seeded = item.decision is Decision.SEEDED and item.only_seeded
    return not seeded and item.decision is not Decision.TOO_OLD


def _keep(samples: list[Sample], most: int, item: Item, match: Match) -> None:
    if len(samples) < most:
        samples.append(Sample(item, match))
