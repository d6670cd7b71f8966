"""What gates would have done with stored items: replayed in the order in which these came.

Stories are those that were recorded. What is not replayed: times in which nothing was polled, and
sources that were down.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from rasid.alerts.gates.corroboration import window
from rasid.alerts.gates.independence import Report
from rasid.alerts.gates.keeping import origins_of, report_of
from rasid.alerts.gates.spikes import counted_once, hours_before, level
from rasid.alerts.gates.spiking import Counting
from rasid.alerts.telling import heard
from rasid.models import Gate, GateState, Item, Match, Membership, RuleMatch
from rasid.settings import HOUR, Config, Rule
from rasid.settings.gates import Outlets, Spike


@dataclass(frozen=True, slots=True)
class Seen:
    """A match of a rule with a gate."""

    at: int
    report: Report
    match: RuleMatch
    again: bool


@dataclass(slots=True)
class Replayed:
    """What the gates of a rule came to."""

    alerts: list[int] = field(default_factory=list)  # when each alert was raised
    opened: int = 0  # stories that enough outlets told
    held: int = 0  # items that were never told
    spikes: int = 0
    silences: int = 0


@dataclass(slots=True)
class GateReplay:
    """Collects the matches of rules with gates, newest first, and replays them at the end."""

    config: Config
    _seen: dict[str, list[Seen]] = field(default_factory=dict)

    def counts(self, name: str) -> bool:
        """Whether a rule's alerts are counted here, and not one for each match."""
        rule = self.config.rules.get(name)
        return rule is not None and bool(rule.gates.spike or _holds(rule))

    def add(self, name: str, item: Item, match: Match, place: Membership | None) -> None:
        """Take up a match of a rule, if it has a gate."""
        rule = self.config.rules.get(name)
        if rule is None or not rule.gates.written():
            return
        at, story = item.first_seen, place.story if place else item.id
        copy_of = place.copy_of if place else ""
        again = bool(rule.gates.outlets) and heard(item, match, is_copy=bool(copy_of)).again
        report = report_of(item, copy_of, self.config, at)
        found = RuleMatch(item.id, item.outlet, at, story, copy_of)
        self._seen.setdefault(name, []).append(Seen(at, report, found, again))

    def run(
        self, since: int, span: tuple[int, int], wants: Callable[[str], bool]
    ) -> Iterator[tuple[Rule, Replayed]]:
        """Yield each rule with a gate that did something, and what its gates came to.

        `since`: since when rules count; `span`: when the first item came, and the last.
        """
        owner = origins_of(self.config).owner
        quiet = [one.id for one in self.config.rules.values() if one.gates.silent]
        for name in dict.fromkeys([*self._seen, *filter(wants, quiet)]):
            seen = self._seen.get(name, [])[::-1]
            rule, found = self.config.rules[name], Replayed()
            if rule.gates.outlets:
                _outlets(rule.gates.outlets, seen, found)
            if rule.gates.spike:
                found.alerts = list(_spikes(rule.gates.spike, seen, owner, since))
                found.spikes = len(found.alerts)
            if rule.gates.silent:
                _silences(rule.gates.silent, seen, span, found)
            yield rule, found


def _holds(rule: Rule) -> bool:
    return rule.gates.outlets is not None and rule.gates.outlets.holds


def _outlets(gate: Outlets, seen: Sequence[Seen], found: Replayed) -> None:
    gates: dict[str, Gate] = {}
    waiting: dict[str, int] = {}
    for one in seen:
        story = one.match.story
        after = window(
            gates.get(story), one.report, gate, again=one.again, is_copy=bool(one.match.copy_of)
        )
        if after.state is not GateState.OPEN or after.opens:
            gates[story] = Gate("", story, after.state, one.at, after.facts(gate))
        found.opened += after.opens
        if not gate.holds:
            continue
        if after.state is GateState.HELD:
            waiting[story] = waiting.get(story, 0) + 1
        else:
            found.alerts.append(one.at)
            waiting.pop(story, None)
    found.held = sum(waiting.values())


def _spikes(
    gate: Spike, seen: Sequence[Seen], owner: Callable[[str], str], since: int
) -> Iterator[int]:
    times, known = [one.at for one in seen], Counting()

    def count(start: int, end: int) -> int:
        some = seen[bisect_right(times, start) : bisect_right(times, end)]
        return len(counted_once((one.match for one in some), owner))

    for now, together in groupby(times):
        more = sum(1 for _ in together)  # of one poll
        if known.waits(now, more):
            known = Counting(known.told_at, known.looked_at, known.missing - more)
            continue
        before = [count(*hour) for hour in hours_before(now, since, gate)]
        found = level(count(now - HOUR, now), before, gate)
        told_at = now if found.is_spike else known.told_at
        known = Counting(told_at, now, found.needed - found.count)
        if found.is_spike:
            yield now


def _silences(patience: int, seen: Sequence[Seen], span: tuple[int, int], found: Replayed) -> None:
    """Count silences, those before the first match and after the last one too."""
    first, last = span
    for before, after in pairwise([first, *(one.at for one in seen), last]):
        if after - before >= patience:
            found.silences += 1
            found.alerts.append(before + patience)
            if seen and after <= seen[-1].at:
                found.alerts.append(after)  # it matched again
