"""`rasid prune`."""

from __future__ import annotations

from collections.abc import Set

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import rfc3339, say
from rasid.cli.session import with_storage
from rasid.counted import counted
from rasid.progress import progress
from rasid.protocols import Transaction


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Delete what is past `settings.retention`.

    That is the texts of items with what matched in them and, of alerts that are finished, what
    they told, their notifications and their deliveries. That an item was seen and an alert
    raised is kept: neither comes again. Captures go with the alerts that rest on them.
    """
    from rasid.atlas import configured
    from rasid.captures.keeping import prune_kept
    from rasid.clock import wall_clock

    now = wall_clock()
    before = now - configured(place).settings.retention

    def prune(tx: Transaction) -> tuple[int, Set[str]]:
        return tx.prune(before), tx.captures().keys()

    with progress("deleting texts"):
        count, needed = with_storage(place, lambda storage: storage.write(prune))
        try:
            prune_kept(place.data_dir, needed, now)
        except OSError as error:
            said = f"captures cannot be deleted: {error.strerror}: {error.filename}"
            raise click.ClickException(said) from error
    row = {"items": count, "first_seen_before": rfc3339(before)}
    say(f"{counted(count, 'item')} pruned", row, as_json=as_json)
