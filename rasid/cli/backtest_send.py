"""`rasid backtest --send`."""

from __future__ import annotations

import click

from rasid.cli.options import Place
from rasid.cli.session import with_archive
from rasid.counted import counted
from rasid.protocols import Storage
from rasid.settings import DAY, Config


def send_missing(place: Place, config: Config, since: int, *, yes: bool) -> None:
    """Raise the alerts that the rules would have raised and did not, when that is confirmed."""
    from rasid.alerts.targets import targets
    from rasid.archive.replay import TARGET_SALT, Replay, left_out, missing, send
    from rasid.atlas import atlas_of
    from rasid.clock import wall_clock
    from rasid.loading import cache_of
    from rasid.rules import compile_rules
    from rasid.text.dictionary import Dictionaries

    async def prepare(storage: Storage) -> tuple[Replay, int, list[str]]:
        salt, force = await storage.read(
            lambda view: (view.meta(TARGET_SALT), view.rules_in_force())
        )
        if not salt:
            raise click.ClickException("nothing was polled yet: there is nothing to send")
        matcher = compile_rules(
            config, dictionaries=Dictionaries(cache_of(place)), atlas=atlas_of(place)
        )
        replay = Replay(config, matcher, targets(config, salt), since)
        waiting = [one.id for one in config.rules.values() if force.get(one.id) != one.hash]
        return replay, await missing(storage, replay), waiting

    replay, count, waiting = with_archive(place, prepare)
    if waiting:
        click.echo(
            f"not in force yet, reload the daemon first: {', '.join(waiting)} (a receiver that it "
            "does not know gets nothing)",
            err=True,
        )
    if gated := left_out(config):
        names = ", ".join(gated)
        click.echo(f"left out, since gates look at what comes over time: {names}", err=True)
    span = _span(since, wall_clock())
    click.echo(f"never raised in the last {span}: {counted(count, 'alert')}", err=True)
    if count and (yes or click.confirm("Send them?", err=True)):
        raised = with_archive(place, lambda storage: send(storage, replay, wall_clock))
        click.echo(f"{counted(raised, 'alert')} will be sent", err=True)


def _span(since: int, now: int) -> str:
    days = (now - since) / DAY
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} h"
