"""What `rasid backtest` found, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from rasid.archive.backtest import Backtest, Forecast, RuleTest, Sample, Trial
from rasid.archive.backtest_gates import Replayed
from rasid.cli.evidence import evidence_rows, found
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.since import span_text
from rasid.counted import counted

_ONE_BY_ONE: Final = (
    "alerts are counted one by one: digests, limits, updates of a story, cool-downs, silences and\n"
    "sharper alerts on the same story make fewer messages of them; escalation is not replayed"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def report(tested: Backtest, trial: Trial, now: int, since: int, *, as_json: bool) -> None:
    """Print what rules match a day, what receivers get, and what is gained and lost."""
    if as_json:
        emit(_json_rows(tested, trial, now), [], as_json=True)
    else:
        _echo(tested, trial, now, since)


def _json_rows(tested: Backtest, trial: Trial, now: int) -> Iterator[dict[str, Any]]:
    for test in tested.rules.values():
        rule = trial.after.config.rules.get(test.rule)
        yield {
            "kind": "rule",
            "rule": test.rule,
            "rule_hash": rule.hash if rule else "",
            "matches": test.matches,
            "silent": test.silent,
            "gained": test.gained,
            "lost": test.lost,
            "per_day": _days(test.per_day),
            "samples": _samples(test.samples),
            "gained_samples": _samples(test.gained_samples),
            "lost_samples": _samples(test.lost_samples),
            "gates": _gates(test.gates),
        }
    for forecast in _receivers(tested):
        yield {
            "kind": "receiver",
            "receiver": forecast.receiver,
            "alerts": forecast.per_day.total(),
            "alerts_before": forecast.before.total(),
            "a_day": _a_day(forecast.per_day, tested, now),
            "a_day_before": _a_day(forecast.before, tested, now),
            "per_day": _days(forecast.per_day),
            "per_day_before": _days(forecast.before),
        }
    yield {
        "kind": "total",
        "items": tested.items,
        "days": round(tested.days(now), 2),
        "first": rfc3339(tested.first or None),
        "last": rfc3339(tested.last or None),
    }


def _gates(found: Replayed | None) -> dict[str, int] | None:
    """Return what gates came to, None for a rule without."""
    if found is None:
        return None
    return {key: getattr(found, key) for key in ("opened", "held", "spikes", "silences")}


def _samples(samples: list[Sample]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.item.id,
            "title": one.item.title,
            "link": one.item.link,
            "outlet": one.item.outlet,
            "first_seen": rfc3339(one.item.first_seen),
            "evidence": evidence_rows(one.match.evidence),
        }
        for one in samples
    ]


def _receivers(tested: Backtest) -> list[Forecast]:
    return [tested.receivers[name] for name in sorted(tested.receivers)]


def _days(counts: Mapping[int, int]) -> dict[str, int]:
    return {_day(day): counts[day] for day in sorted(counts)}


def _day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def _a_day(counts: Counter[int], tested: Backtest, now: int) -> float:
    return round(counts.total() / tested.days(now), 2)


def _echo(tested: Backtest, trial: Trial, now: int, since: int) -> None:
    items = counted(tested.items, "stored item")
    click.echo(f"{items}, first seen in the last {span_text(since)}")
    rules = [_rule_row(test, tested, now) for test in tested.rules.values()]
    emit(rules, ["rule", "matches", "a_day", "busiest_day", "gained", "lost"], as_json=False)
    receivers = [
        {
            "receiver": forecast.receiver,
            "alerts_a_day": _a_day(forecast.per_day, tested, now),
            "as_things_are": _a_day(forecast.before, tested, now),
            "busiest_day": _busiest(forecast.per_day),
        }
        for forecast in _receivers(tested)
    ]
    columns = ["receiver", "alerts_a_day", "as_things_are", "busiest_day"]
    emit(receivers, columns, as_json=False)
    if receivers:
        click.echo(_ONE_BY_ONE)
    for test in tested.rules.values():
        if counts := _gates(test.gates):
            said = ", ".join(f"{key} {count}" for key, count in counts.items())
            click.echo(f"{show(test.rule)}: gates as replayed: {said}")
        _echo_samples(test, trial)


def _rule_row(test: RuleTest, tested: Backtest, now: int) -> dict[str, Any]:
    return {
        "rule": test.rule,
        "matches": test.matches,
        "a_day": _a_day(test.per_day, tested, now),
        "busiest_day": _busiest(test.per_day),
        "gained": f"+{test.gained}",
        "lost": f"-{test.lost}",
    }


def _busiest(counts: Counter[int]) -> str:
    if not counts:
        return ""
    day, count = max(counts.items(), key=lambda one: (one[1], one[0]))
    return f"{count} on {_day(day)}"


def _echo_samples(test: RuleTest, trial: Trial) -> None:
    """Print what changed; of a rule by whose name was asked for, what it matches too."""
    groups = [("+", test.gained_samples), ("-", test.lost_samples)]
    if trial.chosen and not test.gained_samples:
        groups.append((" ", test.samples))
    if any(samples for _, samples in groups):
        click.echo(f"{show(test.rule)}:")
    for mark, samples in groups:
        for one in samples:
            words = show(found(one.match.evidence))
            click.echo(f"  {mark} {show(one.item.outlet)}: {show(one.item.title)} [{words}]")
