"""`rasid notify test`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, for_group, with_json, with_place
from rasid.cli.output import emit


@click.group
@for_group
def command() -> None:
    """Send a test message to receivers."""


@command.command
@click.argument("receivers", nargs=-1)
@with_json
@with_place
def test(place: Place, receivers: tuple[str, ...], *, as_json: bool) -> None:
    """Send one test message to each URL of RECEIVERS (all if none is named)."""
    from rasid.cli.probe import send

    rows = [
        {
            "receiver": target.receiver,
            "target": target.id,
            "outcome": result.outcome,
            "reason": result.reason,
            "detail": result.detail,
        }
        for target, result in send(place, receivers, beside_data=as_json)
    ]
    emit(rows, ["target", "outcome", "reason", "detail"], as_json=as_json)
    sys.exit(0 if rows and all(row["outcome"] == "success" for row in rows) else 1)
