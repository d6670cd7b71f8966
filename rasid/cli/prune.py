"""`rasid prune`."""

from __future__ import annotations

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import rfc3339, say
from rasid.cli.session import with_storage
from rasid.counted import counted
from rasid.progress import progress


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Delete what is past `settings.retention`.

    That is the texts of items with what matched in them and, of alerts that are finished, what
    they told, their notifications and their deliveries. That an item was seen and an alert
    raised is kept: neither comes again.
    """
    from rasid.atlas import configured
    from scheduler import wall_clock

    before = wall_clock() - configured(place).settings.retention
    with progress("deleting texts"):
        count = with_storage(place, lambda storage: storage.write(lambda tx: tx.prune(before)))
    row = {"items": count, "first_seen_before": rfc3339(before)}
    say(f"{counted(count, 'item')} pruned", row, as_json=as_json)
