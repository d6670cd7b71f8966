"""`rasid backup`."""

from __future__ import annotations

from pathlib import Path

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import say
from rasid.cli.session import with_storage
from rasid.progress import progress


@click.command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_json
@with_place
def command(place: Place, file: Path, *, as_json: bool) -> None:
    """Write a verified copy of the database to FILE; the daemon may go on meanwhile."""
    if file.exists():
        raise click.ClickException(f"{file} exists; nothing was written")
    with progress("copying and verifying"):
        with_storage(place, lambda storage: storage.backup(str(file)))
    size = file.stat().st_size
    row = {"file": str(file), "bytes": size, "verified": True}
    say(f"Wrote {file} ({size:,} bytes, verified)", row, as_json=as_json)
