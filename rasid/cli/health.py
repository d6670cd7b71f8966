"""`rasid health`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import say


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Say whether the daemon is alive and makes progress: exit 0 or 1."""
    from rasid.clock import wall_clock
    from rasid.heartbeat import judge, read

    verdict = judge(read(place.data_dir), wall_clock())
    say(verdict.why, {"well": verdict.well, "why": verdict.why}, as_json=as_json)
    sys.exit(0 if verdict.well else 1)
