"""`rasid doctor`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Check this installation: libraries, database, folders, configuration, secrets."""
    from rasid.cli.diagnosis import findings

    found = findings(place)
    rows = [{"check": f.check, "verdict": f.verdict, "detail": f.detail} for f in found]
    emit(rows, ["check", "verdict", "detail"], as_json=as_json)
    sys.exit(1 if any(f.verdict == "fail" for f in found) else 0)
