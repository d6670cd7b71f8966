"""A rule with `spike`: its matches are counted, and told when there are many. One transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rasid.alerts.gates.about_rules import SPIKES, gate_alerts, item_line
from rasid.alerts.gates.spikes import Level, counted_once, hours_before, level
from rasid.alerts.handover.escalation import raised
from rasid.models import SPIKE, Gate, GateState, RuleMatch
from rasid.protocols import Transaction
from rasid.settings import HOUR, MINUTE, Rule
from rasid.settings.gates import Spike
from rasid.world import World

_LISTED: Final = 30  # reports that an alert lists
_LOOK_AGAIN: Final = 5 * MINUTE  # what is usual changes within the hour


@dataclass(frozen=True, slots=True)
class Counting:
    """What is remembered of a spike rule."""

    told_at: int | None = None
    looked_at: int = 0
    missing: int = 0  # matches that had to come at least, when it was looked

    def waits(self, now: int, more: int) -> bool:
        """Whether so many more matches cannot be a spike that is to be told."""
        if self.told_at is not None and self.told_at <= now < self.told_at + HOUR:
            return True
        return self.looked_at <= now < self.looked_at + _LOOK_AGAIN and self.missing > more


def spiking(
    tx: Transaction,
    rule: Rule,
    *,
    more: int,
    world: World,
    owner: Callable[[str], str],
    now: int,
) -> int:
    """Count so many more matches of a rule; return how many alerts that it spikes raises.

    It is told once in an hour, with what matched in the hour before.
    """
    gate = rule.gates.spike
    assert gate is not None
    before = _remembered(tx.gates(SPIKE).get(rule.id))
    if before.waits(now, more):
        missing = before.missing - more
        _remember(tx, rule, Counting(before.told_at, before.looked_at, missing), now)
        return 0
    reports = counted_once(tx.rule_matches(rule.id, now - HOUR, now), owner)
    since = _known_since(tx, rule, now)
    found = _level(tx, rule, len(reports), gate, owner, (since, now))
    told_at = now if found.is_spike else before.told_at
    _remember(tx, rule, Counting(told_at, now, found.needed - found.count), now)
    if not found.is_spike:
        return 0
    facts = _facts(tx, rule, list(reports.values()), found, world)
    alerts = gate_alerts(rule, SPIKES, now, facts, world=world, now=now)
    return raised(tx, alerts, world.config.receivers)


def _level(
    tx: Transaction,
    rule: Rule,
    count: int,
    gate: Spike,
    owner: Callable[[str], str],
    span: tuple[int, int],
) -> Level:
    """Return how a count stands; what is usual is looked up where there are enough at all."""
    since, now = span
    if count < gate.floor:
        return Level(count, None, gate.floor)
    before = [
        len(counted_once(tx.rule_matches(rule.id, start, end), owner))
        for start, end in hours_before(now, since, gate)
    ]
    return level(count, before, gate)


def _known_since(tx: Transaction, rule: Rule, now: int) -> int:
    """Return since when the rule has counted, in whichever version."""
    versions = tx.rule_versions(rule.id)
    return min((one.first_seen_at for one in versions), default=now)


def _facts(
    tx: Transaction, rule: Rule, reports: Sequence[RuleMatch], found: Level, world: World
) -> dict[str, Any]:
    newest = reports[-_LISTED:]
    items = tx.items_by_id({one.item for one in newest})
    usual = None if found.usual is None else round(found.usual, 1)
    said = "less than a week is known" if usual is None else f"usually {usual:g}"
    return {
        "count": found.count,
        "usual": usual,
        "items": [item_line(items[one.item], world.config) for one in newest if one.item in items],
        "text": f"rule {rule.id}: {found.count} reports in an hour, {said}",
    }


def _remembered(gate: Gate | None) -> Counting:
    return Counting(**gate.facts) if gate else Counting()


def _remember(tx: Transaction, rule: Rule, known: Counting, now: int) -> None:
    facts = {"told_at": known.told_at, "looked_at": known.looked_at, "missing": known.missing}
    tx.save_gate(Gate(rule.id, SPIKE, GateState.COUNTING, now, facts))
