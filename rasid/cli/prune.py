"""`rasid prune`."""

from __future__ import annotations

import click

from rasid.cli.options import Place, with_place
from rasid.cli.session import with_storage


@click.command
@with_place
def command(place: Place) -> None:
    """Delete the texts of items past `settings.retention`; that they were seen is kept."""
    from rasid.config import load
    from scheduler import wall_clock

    before = wall_clock() - load(place.config).settings.retention
    count = with_storage(place, lambda storage: storage.write(lambda tx: tx.prune(before)))
    click.echo(f"{count} items pruned")
