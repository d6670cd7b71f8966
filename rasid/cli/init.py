"""`rasid init`."""

from __future__ import annotations

from pathlib import Path

import click

from rasid.cli.options import with_config, with_data_dir, with_json
from rasid.cli.output import say


@click.command
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--time-zone", help="IANA name, such as Asia/Damascus; this machine's if not given.")
@with_json
@with_config("The file to write, instead of rules.yaml in FOLDER.")
@with_data_dir("Not read: there is no database yet.")
@click.pass_obj
def command(
    given: dict[str, Path], folder: Path | None, time_zone: str | None, *, as_json: bool
) -> None:
    """Write a starter rules.yaml into FOLDER (this one if none is named); never overwrites one."""
    from tzlocal import get_localzone_name

    from rasid.config import starter

    if folder and "config" in given:
        raise click.UsageError("name a folder or --config, not both")
    target = given.get("config") or (folder or Path()) / "rules.yaml"
    zone = time_zone or get_localzone_name()
    _write(target, starter(time_zone=zone))
    done = f"Wrote {target} (times in {zone}).\nNext: edit it, then `rasid check` and `rasid run`."
    say(done, {"file": str(target), "time_zone": zone}, as_json=as_json)


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{target} exists; nothing was written") from None
    except OSError as error:
        raise click.ClickException(f"cannot write {target}: {error.strerror}") from error
