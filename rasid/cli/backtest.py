"""`rasid backtest`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from rasid.archive.backtest import Backtest, Forecast, RuleTest, Sample, Trial
from rasid.cli.evidence import evidence_rows, found
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.progress import progress
from rasid.cli.session import with_storage
from rasid.cli.since import with_since
from rasid.counted import counted
from rasid.models import Item
from rasid.protocols import Storage
from rasid.settings import DAY, Config

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@click.command
@click.argument("rules", nargs=-1, metavar="[RULE ...]")
@with_since("30d")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Compare with the rules of another file, not with what was recorded.",
)
@click.option("--samples", default=3, show_default=True, type=click.IntRange(0, 100))
@click.option("--send", is_flag=True, help="Then raise the alerts that are missing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@with_json
@with_place
def command(
    place: Place,
    *,
    rules: tuple[str, ...],
    since: int,
    against: Path | None,
    samples: int,
    send: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Try rules (all if none is named) on stored items; nothing is sent unless you say --send.

    Prints what each would match a day, how many alerts each receiver would get, and what is
    gained and lost against what was recorded when the items came.
    """
    from rasid.archive.backtest import Side, Trial, backtest
    from scheduler import wall_clock

    if send and not rules:
        raise click.UsageError("name the rules whose alerts are to be sent")
    now = wall_clock()
    with progress("compiling rules"):
        config, after = _compiled(place, rules)
    before = Side(config)
    if against is not None:
        other, matcher = _compiled(Place(against, place.data_dir), rules, missing_is_well=True)
        before = Side(other, matcher)
    trial = Trial(Side(config, after), before, frozenset(rules), samples)

    async def run(storage: Storage) -> Backtest:
        with progress("backtest", total=since // 1_000_000) as advance:
            reached = now

            def seen(item: Item) -> None:
                nonlocal reached
                advance((reached - item.first_seen) // 1_000_000)
                reached = item.first_seen

            return await backtest(storage, trial, since=now - since, progress=seen)

    tested = with_storage(place, run)
    if as_json:
        emit(_json_rows(tested, trial, now), [], as_json=True)
    else:
        _show(tested, trial, now)
    if send:
        _send(place, config, now - since, yes=yes)


def _compiled(
    place: Place, names: tuple[str, ...], *, missing_is_well: bool = False
) -> tuple[Config, Any]:
    """Read and compile the named rules, all if none is named."""
    from rasid.cli.rule_names import rule_named
    from rasid.loading import cache_of, checked, compiled
    from rasid.rules import compile_rules
    from rasid.text.dictionary import Dictionaries

    if not names:
        return compiled(place)
    config = checked(place.config)
    known = [name for name in names if name in config.rules or not missing_is_well]
    chosen = {name: rule_named(config, name) for name in known}
    config = replace(config, rules=chosen)
    return config, compile_rules(config, dictionaries=Dictionaries(cache_of(place)))


# --- what is shown -------------------------------------------------------------------------


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


def _show(tested: Backtest, trial: Trial, now: int) -> None:
    span = f"{tested.days(now):.1f} days"
    click.echo(f"{counted(tested.items, 'stored item')}, first seen within {span}")
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
    for test in tested.rules.values():
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


# --- sending ---------------------------------------------------------------------------------


def _send(place: Place, config: Config, since: int, *, yes: bool) -> None:
    from rasid.alerts.targets import targets
    from rasid.archive.replay import TARGET_SALT, Replay, missing, send
    from rasid.loading import cache_of
    from rasid.rules import compile_rules
    from rasid.text.dictionary import Dictionaries
    from scheduler import wall_clock

    async def prepare(storage: Storage) -> tuple[Replay, int, list[str]]:
        salt, force = await storage.read(
            lambda view: (view.meta(TARGET_SALT), view.rules_in_force())
        )
        if not salt:
            raise click.ClickException("nothing was polled yet: there is nothing to send")
        matcher = compile_rules(config, dictionaries=Dictionaries(cache_of(place)))
        replay = Replay(config, matcher, targets(config, salt), since)
        waiting = [one.id for one in config.rules.values() if force.get(one.id) != one.hash]
        return replay, await missing(storage, replay), waiting

    replay, count, waiting = with_storage(place, prepare)
    if waiting:
        click.echo(
            f"not in force yet, reload the daemon first: {', '.join(waiting)} (a receiver that it "
            "does not know gets nothing)",
            err=True,
        )
    span = _span(since, wall_clock())
    click.echo(f"never raised in the last {span}: {counted(count, 'alert')}", err=True)
    if count and (yes or click.confirm("Send them?", err=True)):
        raised = with_storage(place, lambda storage: send(storage, replay, wall_clock))
        click.echo(f"{counted(raised, 'alert')} will be sent", err=True)


def _span(since: int, now: int) -> str:
    days = (now - since) / DAY
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} h"
