"""`rasid once`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, configure_logging, with_json, with_place
from rasid.cli.output import emit
from rasid.models import Decision


@click.command
@click.option("--all", "every", is_flag=True, help="Poll every enabled source, due or not.")
@with_json
@with_place
def command(place: Place, *, every: bool, as_json: bool) -> None:
    """Do one round of what is due, deliver, and exit: 0 all well, 1 something failed.

    `possible gap`: items may have come and gone between two polls; `dropped`: so many were
    more than are read of one feed.
    """
    configure_logging()
    from scheduler import run_once

    round_ = run_once(place, every=every, beside_data=as_json)
    rows = [
        {
            "source": polled.source,
            "outcome": polled.result.outcome,
            "reason": polled.result.reason,
            "detail": polled.result.detail,
            "items": sum(polled.report.decisions.values()) if polled.report else 0,
            "new": polled.report.decisions.get(Decision.NEW, 0) if polled.report else 0,
            "alerts": polled.report.alerts if polled.report else 0,
            "possible_gap": bool(polled.report and polled.report.possible_gap),
            "dropped": polled.report.dropped if polled.report else 0,
        }
        for polled in round_.polled
    ]
    columns = ["source", "outcome", "reason", "items", "new", "alerts", "possible_gap", "dropped"]
    if not as_json:
        rows = [{**row, "possible_gap": "yes" if row["possible_gap"] else ""} for row in rows]
    emit(rows, columns, as_json=as_json)
    sys.exit(0 if round_.well else 1)
