"""`rasid backtest`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from rasid.archive.backtest import Backtest, Trial
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.session import with_archive
from rasid.cli.since import with_since
from rasid.models import Item
from rasid.progress import progress
from rasid.protocols import Storage
from rasid.settings import Config


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
    from rasid.cli.backtest_report import report
    from rasid.cli.backtest_send import send_missing
    from rasid.clock import wall_clock

    if send and not rules:
        raise click.UsageError("name the rules whose alerts are to be sent")
    now = wall_clock()
    with progress("compiling rules"):
        trial = _trial(place, rules, against, samples)
    tested = with_archive(place, lambda storage: _run(storage, trial, since, now))
    report(tested, trial, now, since, as_json=as_json)
    if send:
        send_missing(place, trial.after.config, now - since, yes=yes)


def _trial(place: Place, rules: tuple[str, ...], against: Path | None, samples: int) -> Trial:
    from rasid.archive.backtest import Side

    config, matcher = _compiled(place, rules)
    before = Side(config)
    if against is not None:
        there = Place(against, place.data_dir)
        before = Side(*_compiled(there, rules, missing_is_well=True))
    return Trial(Side(config, matcher), before, frozenset(rules), samples)


async def _run(storage: Storage, trial: Trial, since: int, now: int) -> Backtest:
    from rasid.archive.backtest import backtest

    with progress("backtest", total=since // 1_000_000) as advance:
        reached = now

        def seen(item: Item) -> None:
            nonlocal reached
            advance((reached - item.first_seen) // 1_000_000)
            reached = item.first_seen

        return await backtest(storage, trial, since=now - since, progress=seen)


def _compiled(
    place: Place, names: tuple[str, ...], *, missing_is_well: bool = False
) -> tuple[Config, Any]:
    """Read and compile the named rules, all if none is named."""
    from rasid.atlas import atlas_of
    from rasid.cli.rule_names import rule_named
    from rasid.loading import cache_of, checked, compiled
    from rasid.rules import compile_rules
    from rasid.text.dictionary import Dictionaries

    if not names:
        return compiled(place, atlas_of(place))
    config = checked(place.config, atlas=atlas_of(place))
    known = [name for name in names if name in config.rules or not missing_is_well]
    chosen = {name: rule_named(config, name) for name in known}
    config = replace(config, rules=chosen)
    return config, compile_rules(
        config, dictionaries=Dictionaries(cache_of(place)), atlas=atlas_of(place)
    )
