"""`rasid init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--time-zone", help="IANA name, such as Asia/Damascus; this machine's if not given.")
def command(folder: Path, time_zone: str | None) -> None:
    """Write a starter rules.yaml into FOLDER; never overwrites one."""
    from tzlocal import get_localzone_name

    from rasid.config import starter

    target = folder / "rules.yaml"
    zone = time_zone or get_localzone_name()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(starter(time_zone=zone))
    except FileExistsError:
        raise click.ClickException(f"{target} exists; nothing was written") from None
    click.echo(f"Wrote {target} (times in {zone}).")
    click.echo("Next: edit it, then `rasid check` and `rasid run`.")
