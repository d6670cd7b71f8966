"""What became of an item for each rule and receiver: the stage that it reached, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rasid.alerts.gates.keeping import gates_about, told_with
from rasid.alerts.gates.notes import COUNTED, gate_text
from rasid.alerts.promise import is_grave_enough
from rasid.models import (
    Alert,
    AlertState,
    Decision,
    DeliveryOutcome,
    Gate,
    GateState,
    Item,
    Match,
    Target,
    item_subject,
)
from rasid.protocols import Reading
from rasid.settings import CORROBORATED, NEW, REVISED, WITHDRAWN, Config, Receiver, Rule


class Stage(StrEnum):
    """How far an item came. What is held has as its stage the `Hold` that it waits for."""

    SEEDED = "seeded"  # its source's first poll found it
    TOO_OLD = "too_old"
    NO_MATCH = "no_match"
    NOT_IN_FORCE = "not_in_force"  # matches now, and did not when the item came
    NOT_ASKED_FOR = "not_asked_for"  # by `on` of the rule
    GATED = "gated"  # until enough independent outlets say it, or for being counted only
    BELOW_MIN_SEVERITY = "below_min_severity"
    NOT_PROMISED = "not_promised"  # the rule did not name the receiver then
    DUE = "due"
    RETRIED = "retried"  # was tried, and will be again
    REJECTED = "rejected"  # was refused, and is tried once more in another form
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Trace:
    """All that the store has about an item on its way."""

    item: Item
    sources: Sequence[str]  # that have shown it
    matches: Mapping[str, Match]  # recorded ones, by rule
    alerts: Sequence[Alert]
    attempts: Mapping[str, Sequence[Mapping[str, Any]]]  # by notification
    next_attempts: Mapping[str, int | None]
    gates: Mapping[str, Gate] = field(default_factory=dict)  # of its story, by rule
    page: str = ""  # what its page waits for or why it was given up


@dataclass(frozen=True, slots=True)
class Fate:
    """The stage of one item for a rule, and for a target where it came so far."""

    rule: str
    stage: str  # of `Stage`, or a `Hold`
    target: str = ""
    event: str = ""  # new | revised | corroborated | withdrawn
    alert: Alert | None = None
    attempts: int = 0
    detail: str = ""  # of the last attempt
    at: int | None = None  # of the last attempt
    next_at: int | None = None  # of the next one, or when what is held goes out


def trace(view: Reading, item: Item) -> Trace:
    """Read what the store has about an item."""
    alerts = view.alerts_on(item.id)
    sent = {one.notification for one in alerts if one.notification}
    page = view.item_pages([item.id]).get(item.id)
    return Trace(
        item,
        sorted(view.sources_of(item.id)),
        {match.rule: match for match in view.matches(item.id)},
        alerts,
        {name: view.deliveries(name) for name in sent},
        {name: view.next_attempt(name) for name in sent},
        gates_about(view, item.id),
        f"{page.state}: {page.reason}".rstrip(": ") if page else "",
    )


def fates(
    found: Trace, rule: Rule, *, matches: bool, config: Config, targets: Iterable[Target]
) -> list[Fate]:
    """Return what became of an item for a rule: one for each target that it might be told.

    `matches`: whether the rule, as it is now, matches the item, filters and all.
    """
    own = [one for one in found.alerts if one.rule == rule.id]
    told = [fate_of(one, found) for one in own]
    known = {one.target for one in own}
    left = [one for one in targets if one.receiver in rule.notify and one.id not in known]
    if rule.id not in found.matches and not own:
        stage = _unmatched(found.item, matches=matches)
        return [Fate(rule.id, stage)]
    return told + [_untold(found, rule, one, config.receivers) for one in left]


def orphans(found: Trace, rules: Mapping[str, Rule]) -> Iterator[Fate]:
    """Yield what became of alerts of rules that are gone."""
    return (fate_of(one, found) for one in found.alerts if one.rule not in rules)


def fate_of(alert: Alert, found: Trace) -> Fate:
    """Return what became of an alert."""
    attempts = found.attempts.get(alert.notification, ())
    last = attempts[-1] if attempts else None
    due = found.next_attempts.get(alert.notification) if alert.notification else alert.due_at
    return Fate(
        alert.rule,
        _stage(alert, last),
        alert.target,
        _event(alert, found.item),
        alert,
        len(attempts),
        f"{last['reason']} {last['detail']}".strip() if last else "",
        last["at"] if last else None,
        due if alert.state is AlertState.PENDING else None,
    )


def _stage(alert: Alert, last: Mapping[str, Any] | None) -> str:
    if alert.state is not AlertState.PENDING:
        return {
            AlertState.SENT: Stage.DELIVERED,
            AlertState.DEAD: Stage.DEAD,
            AlertState.DROPPED: Stage.DROPPED,
        }[alert.state]
    if not alert.notification:
        return alert.reason or Stage.DUE
    if last is None:
        return Stage.DUE
    refused = last["outcome"] == DeliveryOutcome.REJECTED
    return Stage.REJECTED if refused else Stage.RETRIED


def _event(alert: Alert, item: Item) -> str:
    subject = alert.subject.removesuffix(":escalated")  # to whom it came next: what it tells stays
    what = subject.removeprefix(item_subject(item.id)).removeprefix(":")
    return {"": NEW, WITHDRAWN: WITHDRAWN, CORROBORATED: CORROBORATED}.get(what, REVISED)


def _unmatched(item: Item, *, matches: bool) -> Stage:
    """Return why nothing was recorded: the item, or the rule."""
    if not matches:
        return Stage.NO_MATCH
    return _silent(item) or Stage.NOT_IN_FORCE


def _untold(found: Trace, rule: Rule, target: Target, receivers: Mapping[str, Receiver]) -> Fate:
    """Return why a target was not promised what a rule matched."""
    if stage := _silent(found.item):
        return Fate(rule.id, stage, target.id)
    if rule.gates.spike:
        return Fate(rule.id, Stage.GATED, target.id, detail=COUNTED)
    gate = found.gates.get(rule.id)
    if gate is not None and (gate.state is GateState.HELD or told_with(gate, found.item.id)):
        return Fate(rule.id, Stage.GATED, target.id, detail=gate_text(gate))
    if NEW not in rule.on:
        return Fate(rule.id, Stage.NOT_ASKED_FOR, target.id, detail=", ".join(rule.on))
    if not is_grave_enough(rule, receivers.get(target.receiver)):
        return Fate(rule.id, Stage.BELOW_MIN_SEVERITY, target.id)
    return Fate(rule.id, Stage.NOT_PROMISED, target.id)


def _silent(item: Item) -> Stage | None:
    """Return why an item alerts nobody, None when it may."""
    if item.decision is Decision.SEEDED and item.only_seeded:
        return Stage.SEEDED
    return Stage.TOO_OLD if item.decision is Decision.TOO_OLD else None
