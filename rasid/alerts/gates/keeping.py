"""Gates at work: which matches of an item are told, in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rasid.alerts.gates.about_rules import item_line
from rasid.alerts.gates.corroboration import Window, reports_of, window
from rasid.alerts.gates.independence import Report
from rasid.alerts.gates.listening import heard as heard_again
from rasid.alerts.gates.origins import Origins
from rasid.alerts.gates.spiking import spiking
from rasid.alerts.telling import heard
from rasid.deciding import Poll
from rasid.models import Gate, GateState, Item, Match, Membership
from rasid.protocols import Reading, Transaction
from rasid.settings import Config, Outlet, Rule
from rasid.settings.gates import NO_GATES

_LISTED: Final = 50  # items that an alert lists


@dataclass(slots=True)
class Passed:
    """What of an item's matches is told."""

    told: list[Match] = field(default_factory=list)
    opened: list[Match] = field(default_factory=list)  # those that opened the gate of their rule
    notes: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by rule, for its alerts
    raised: int = 0  # alerts about a rule as a whole


def pass_gates(
    tx: Transaction,
    poll: Poll,
    item: Item,
    matches: Sequence[Match],
    membership: Membership | None,
) -> Passed:
    """Return which first matches of an item are told, and remember what gates have seen.

    A match of a rule without a gate is told; an item that is in no story is one by itself.
    """
    passed, config = Passed(), poll.world.config
    for match in matches:
        rule = config.rules.get(match.rule)
        if rule is None or rule.gates == NO_GATES:
            passed.told.append(match)
            continue
        if rule.gates.silent and not poll.seeding:
            passed.raised += heard_again(tx, rule, item, world=poll.world, now=poll.now)
        if rule.gates.outlets:
            _corroborate(tx, poll, item, (match, rule, membership), passed)
        elif rule.gates.spike is None:
            passed.told.append(match)
    return passed


def raise_spikes(tx: Transaction, poll: Poll, matched: Mapping[str, int]) -> int:
    """Count what rules with `spike` matched in a transaction; return how many alerts it raises.

    Asked at the end of it, so that the alert lists all. `matched`: by rule, how many items.
    """
    rules, owner = poll.world.config.rules, origins_of(poll.world.config).owner
    return sum(
        spiking(tx, rules[name], more=more, world=poll.world, owner=owner, now=poll.now)
        for name, more in matched.items()
        if name in rules and rules[name].gates.spike
    )


def _corroborate(
    tx: Transaction,
    poll: Poll,
    item: Item,
    found: tuple[Match, Rule, Membership | None],
    passed: Passed,
) -> None:
    match, rule, membership = found
    assert rule.gates.outlets is not None
    after = _window(tx, item, match, rule, membership, poll.world.config, poll.now)
    if after.opens:
        passed.opened.append(match)
    elif after.state is not GateState.HELD:
        passed.told.append(match)
    if label := after.label(rule.gates.outlets):
        passed.notes[rule.id] = {**label, **_sayers(tx, item, after, poll.world.config)}


def gates_about(view: Reading, item: str) -> Mapping[str, Gate]:
    """Return the gates of the story that an item is in, by rule."""
    membership = view.memberships([item]).get(item)
    return view.gates(membership.story if membership else item)


def told_with(gate: Gate, item: str) -> bool:
    """Whether the gate has opened, and the alert on that lists an item."""
    return gate.state is GateState.OPEN and any(one.item == item for one in reports_of(gate))


def shown_by_gates(view: Reading, item: str) -> set[str]:
    """Return the rules that told an item with the others that opened their gate."""
    return {gate.rule for gate in gates_about(view, item).values() if told_with(gate, item)}


def _window(
    tx: Transaction,
    item: Item,
    match: Match,
    rule: Rule,
    membership: Membership | None,
    config: Config,
    now: int,
) -> Window:
    gate = rule.gates.outlets
    assert gate is not None
    story, copy_of = (membership.story, membership.copy_of) if membership else (item.id, "")
    before = tx.gates(story).get(rule.id)
    found = window(
        before,
        report_of(item, copy_of, config, now),
        gate,
        again=heard(item, match, is_copy=bool(copy_of)).again,
        is_copy=bool(copy_of),
        withdrawn=tx.withdrawn(one.item for one in reports_of(before)).keys(),
    )
    if found.state is not GateState.OPEN or found.opens:  # else it has seen enough
        tx.save_gate(Gate(rule.id, story, found.state, now, found.facts(gate)))
    return found


def report_of(item: Item, copy_of: str, config: Config, now: int) -> Report:
    """Return what an item that came now says of its story; `copy_of` is "" of no copy."""
    origins, outlet = origins_of(config), config.outlets.get(item.outlet)
    language = item.language or (outlet.language if outlet else "")
    return Report(
        item.id,
        now,
        origins.owner(item.outlet),
        copy_of or item.id,
        origins.of(item),
        language.partition("-")[0].casefold(),
    )


_known: list[tuple[Mapping[str, Outlet], Origins]] = []  # of the configuration that was used last


def origins_of(config: Config) -> Origins:
    """Return who owns which outlet under a configuration, and whom items cite."""
    if not _known or _known[0][0] is not config.outlets:
        _known[:] = [(config.outlets, Origins(config.outlets))]
    return _known[0][1]


def _sayers(tx: Transaction, item: Item, found: Window, config: Config) -> dict[str, Any]:
    """Return who says it so far, and where nothing was told before, what."""
    items = tx.items_by_id({one.item for one in found.reports})
    said = [items[one.item] for one in found.counted if one.item in items]
    outlets = list(dict.fromkeys(item_line(one, config)["outlet"] for one in said))
    others = [items[one.item] for one in found.reports if one.item in items]
    listed = [item_line(one, config) for one in others[-_LISTED:] if one.id != item.id]
    opened = {"items": listed, "others": len(found.reports) - 1}
    return {"outlets": outlets, **(opened if found.opens else {})}
