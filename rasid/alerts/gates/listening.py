"""Rules with `silent`: looked at every minute, and told once when they match nothing for long."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Set
from typing import Any

from rasid.alerts.gates.about_rules import HEARD, SILENT, gate_alerts, item_line
from rasid.alerts.gates.unheard import Heard, listened
from rasid.alerts.handover.escalation import raised
from rasid.config.gates import sources_of
from rasid.errors import StorageError
from rasid.models import SILENCE, Gate, GateState, Item
from rasid.protocols import Clock, Storage, Transaction
from rasid.settings import MINUTE, Config, Rule
from rasid.settings.gates import span_as_written
from rasid.world import World

log = logging.getLogger("rasid.alerts")


class Listener:
    """Looks once a minute; a start's first polls have two minutes to come before it."""

    def __init__(self, storage: Storage, world: Callable[[], World], clock: Clock) -> None:
        self._storage = storage
        self._world = world
        self._clock = clock
        self._looked_at = clock()
        self._due_at = self._looked_at + 2 * MINUTE
        self._heard: tuple[Config, Mapping[str, Set[str]]] | None = None

    async def look(self, *, at_once: bool = False) -> int:
        """Look if it is time, or at once; return how many alerts that raises."""
        now = self._clock()
        if not at_once and self._looked_at <= now < self._due_at:
            return 0
        self._looked_at, self._due_at = now, now + MINUTE
        try:
            world = self._world()
            return await listen(self._storage, world, self._sources(world.config), now)
        except StorageError as error:
            log.error("rules that must not be silent are looked at later: %s", error)
            return 0

    def _sources(self, config: Config) -> Mapping[str, Set[str]]:
        """Return what `heard_by` does, worked out once for each configuration: it may be much."""
        if self._heard is None or self._heard[0] is not config:
            self._heard = config, heard_by(config)
        return self._heard[1]


def heard_by(config: Config) -> Mapping[str, Set[str]]:
    """Return the sources that each rule hears which must not be silent."""
    rules = [rule for rule in config.rules.values() if rule.gates.silent]
    return {rule.id: frozenset(one.id for one in sources_of(rule, config)) for rule in rules}


async def listen(storage: Storage, world: World, sources: Mapping[str, Set[str]], now: int) -> int:
    """Look at every rule that must not be silent; return how many alerts that raises.

    `sources`: see `heard_by`. Raises `StorageError`.
    """
    rules = [world.config.rules[name] for name in sources]
    if not rules:
        return 0

    after = world.config.settings.failing_after or 1

    def look(tx: Transaction) -> int:
        known, down = tx.gates(SILENCE), tx.sources_down(after)
        return sum(
            _look(tx, rule, known.get(rule.id), (sources[rule.id], down), world, now)
            for rule in rules
        )

    return await storage.write(look)


def heard(tx: Transaction, rule: Rule, item: Item, *, world: World, now: int) -> int:
    """Note that a rule matches an item; return how many alerts it raises if it was silent."""
    before = _remembered(tx.gates(SILENCE).get(rule.id))
    if before is None:
        return 0
    # noted even while it is not silent: an item that a first poll found has its match from then
    _remember(tx, rule, Heard(now, before.looked_at, deaf=before.deaf), now)
    if not before.silent:
        return 0
    facts = {
        "items": [item_line(item, world.config)],
        "text": f"rule {rule.id} matches again",
    }
    alerts = gate_alerts(rule, HEARD, before.since, facts, world=world, now=now)
    return sum(tx.add_alert(alert) for alert in alerts)


def _look(
    tx: Transaction,
    rule: Rule,
    gate: Gate | None,
    sources: tuple[Set[str], Set[str]],
    world: World,
    now: int,
) -> int:
    """Look at one rule; `sources`: those that it hears, and all that are down."""
    before, last = _remembered(gate), tx.last_match(rule.id)
    down, total = len(sources[0] & sources[1]), len(sources[0])
    deaf = total > 0 and down == total
    after = listened(before, last.at if last else None, deaf, now, rule.gates.silent)
    _remember(tx, rule, after, now)
    if not after.silent or (before and before.silent):
        return 0
    item = tx.items_by_id([last.item]).get(last.item) if last else None
    facts = {
        "silent": span_as_written(rule.gates.silent),
        "down": down,
        "sources": total,
        "last_at": last.at if last else None,
        "items": [item_line(item, world.config)] if item else [],
        "text": _text(rule, down, total),
    }
    alerts = gate_alerts(rule, SILENT, after.since, facts, world=world, now=now)
    return raised(tx, alerts, world.config.receivers)


def _text(rule: Rule, down: int, total: int) -> str:
    blind = f"; blind: {down} of {total} sources are down" if down else ""
    return f"rule {rule.id} matched nothing for {span_as_written(rule.gates.silent)}{blind}"


def _remembered(gate: Gate | None) -> Heard | None:
    if gate is None:
        return None
    return Heard(silent=gate.state is GateState.SILENT, **gate.facts)


def _remember(tx: Transaction, rule: Rule, known: Heard, now: int) -> None:
    state = GateState.SILENT if known.silent else GateState.LISTENING
    facts: dict[str, Any] = {
        "since": known.since,
        "looked_at": known.looked_at,
        "deaf": known.deaf,
    }
    tx.save_gate(Gate(rule.id, SILENCE, state, now, facts))
