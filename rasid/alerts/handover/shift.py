"""What who takes over a watch has to know: what is open, held, silenced, broken, changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rasid.alerts.handover.acks import about, acks_of, wants_an_answer
from rasid.alerts.handover.silencing import is_of_rule
from rasid.alerts.lanes import is_asked
from rasid.health import health, words
from rasid.models import Alert, AlertState, Hold, RuleVersion, Silence
from rasid.protocols import Reading
from rasid.settings import Config, rank

_ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Open:
    """What a rule told of a story at once, and nobody has acknowledged."""

    alert: str  # the first one
    rule: str
    severity: str
    title: str
    since: int
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dead:
    """An alert that could not be delivered."""

    alert: str
    rule: str
    receiver: str
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A source that does not do as it used to."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A rule that is not what it was."""

    rule: str
    what: Literal["new", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Told:
    """How many items, and what became of them, a rule told a receiver of."""

    rule: str
    receiver: str
    alerts: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A watch from `since` to `until` (microseconds UTC); what waits, waits at its end."""

    since: int
    until: int
    unacknowledged: Sequence[Open]  # the gravest first, then the oldest
    held: Sequence[tuple[str, int]]  # by reason, silences left out
    silenced: int
    silences: Sequence[Silence]  # that hold, or ended meanwhile
    dead: Sequence[Dead]  # whenever they were raised: they wait for a person
    broken: Sequence[Broken]
    edits: Sequence[Edit]
    told: Sequence[Told]  # the most first


def shift(view: Reading, config: Config, since: int, now: int) -> Shift:
    """Return what there is to hand over."""
    alerts = [one for one in view.alerts_since(since) if is_of_rule(one) and one.created_at <= now]
    pending = view.alerts(state=AlertState.PENDING, limit=_ALL)
    waiting = Counter(one.reason for one in pending if one.reason and not one.notification)
    silenced = waiting.pop(Hold.SILENCED, 0)
    return Shift(
        since,
        now,
        _open(view, alerts),
        sorted(waiting.items()),
        silenced,
        view.silences(ending_after=since),
        [
            Dead(one.id, one.rule, one.receiver, one.reason)
            for one in view.alerts(state=AlertState.DEAD, limit=_ALL)
        ],
        _broken(view, config, now),
        _edits(view, since),
        _told(alerts),
    )


def _open(view: Reading, alerts: Sequence[Alert]) -> list[Open]:
    acks = acks_of(view, alerts)
    groups: dict[tuple[str, str], list[Alert]] = {}
    for one in alerts:
        if one.id not in acks and _is_open(one):
            groups.setdefault((one.rule, about(one)), []).append(one)
    found = [_first(those) for those in groups.values()]
    return sorted(found, key=lambda one: (-rank(one.severity), one.since))


def _is_open(alert: Alert) -> bool:
    """Tell whether an alert is out as a message of its own that wants an answer."""
    waits = alert.state is AlertState.PENDING and bool(alert.reason)
    gone = alert.state in (AlertState.DEAD, AlertState.DROPPED)
    return wants_an_answer(alert) and is_asked(alert.lane) and not waits and not gone


def _first(alerts: Sequence[Alert]) -> Open:
    first = alerts[0]
    return Open(
        first.id,
        first.rule,
        str(first.facts.get("severity", "")),
        str(first.facts.get("title") or first.facts.get("text", "")),
        first.created_at,
        tuple(dict.fromkeys(one.receiver for one in alerts)),
    )


def _broken(view: Reading, config: Config, now: int) -> list[Broken]:
    states, after = view.source_states(), config.settings.failing_after
    polled = [
        states[name] for name, one in config.sources.items() if one.enabled and name in states
    ]
    bad = [one for one in polled if not one.paused and health(one, after)]
    return [Broken(one.source, words(one, now, after)) for one in bad]


def _edits(view: Reading, since: int) -> list[Edit]:
    in_force, versions = view.rules_in_force(), dict[str, list[RuleVersion]]()
    for one in view.rule_versions():
        versions.setdefault(one.rule, []).append(one)
    found = []
    for rule, known in sorted(versions.items()):
        if rule not in in_force and max(one.last_seen_at for one in known) >= since:
            found.append(Edit(rule, "removed"))
        elif rule in in_force and max(one.first_seen_at for one in known) >= since:
            old = min(one.first_seen_at for one in known) < since
            found.append(Edit(rule, "changed" if old else "new"))
    return found


def _told(alerts: Iterable[Alert]) -> list[Told]:
    subjects = {(one.rule, one.receiver, one.subject) for one in alerts}
    counts = Counter((rule, receiver) for rule, receiver, _ in subjects)
    found = [Told(*key, count) for key, count in counts.items()]
    return sorted(found, key=lambda one: (-one.alerts, one.rule, one.receiver))
