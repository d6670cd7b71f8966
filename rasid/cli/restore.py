"""`rasid restore`."""

from __future__ import annotations

from pathlib import Path

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import say
from rasid.errors import StorageCorruptError
from rasid.progress import progress


@click.command
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_json
@with_place
def command(place: Place, file: Path, *, as_json: bool) -> None:
    """Put a backup in the place of the database; the old one is kept beside it.

    Stop the daemon first: exit 75 when it runs.
    """
    from rasid.config.environment import database
    from rasid.lock import sole
    from storage.backup import restore

    with sole(place.data_dir), progress("verifying and copying"):
        try:
            kept = restore(file, database(place))
        except StorageCorruptError as error:
            raise _refused(file, error) from error
    done = f"Restored {file}" + (f"; the old database is {kept}" if kept else "")
    say(done, {"file": str(file), "kept": kept and str(kept)}, as_json=as_json)


def _refused(file: Path, error: StorageCorruptError) -> click.ClickException:
    """Say that a file is no whole backup; of a database the advice would be to restore one."""
    why = str(error.__cause__ or error).removeprefix(f"{file} ")
    return click.ClickException(
        f"{file} is no backup that can be restored: {why}. The database is as it was; "
        "take another backup."
    )
