"""`rasid report shift`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from rasid.alerts.handover.shift import Shift
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.session import with_storage
from rasid.cli.since import microseconds

_TIMES = ("since", "created_at", "ends_at")


@click.command
@click.option("--since", default="8h", show_default=True, callback=microseconds, help="8h, 1d, ...")
@with_json
@with_place
def shift(place: Place, *, since: int, as_json: bool) -> None:
    """Report what there is to hand over: what nobody has acknowledged, waits, died or broke.

    Then which rules were edited, and how much each rule told each receiver.
    """
    from rasid.alerts.handover import shift_text
    from rasid.alerts.handover.shift import shift as shift_of
    from rasid.atlas import configured
    from rasid.clock import wall_clock

    config, now = configured(place), wall_clock()
    found = with_storage(
        place,
        lambda storage: storage.read(lambda view: shift_of(view, config, now - since, now)),
    )
    if as_json:
        emit(_rows(found), [], as_json=True)
        return
    zone = config.settings.time_zone
    click.echo(show(shift_text.summary(found, zone)))
    for line in shift_text.lines(found, zone):
        click.echo(f"  {show(line)}")


def _rows(found: Shift) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing to know, by `kind`, and last a summary."""
    kinds = {
        "unacknowledged": found.unacknowledged,
        "silence": found.silences,
        "dead_letter": found.dead,
        "broken_source": found.broken,
        "rule_edit": found.edits,
        "told": found.told,
    }
    for kind, those in kinds.items():
        for one in those:
            values = asdict(one)  # type: ignore[call-overload]
            times = {key: rfc3339(values[key]) for key in _TIMES if key in values}
            yield {"kind": kind, **values, **times}
    for reason, count in found.held:
        yield {"kind": "held", "reason": reason, "alerts": count}
    span = {"since": rfc3339(found.since), "until": rfc3339(found.until)}
    counts = {kind: len(those) for kind, those in kinds.items()}
    held = sum(count for _, count in found.held)
    yield {"kind": "summary", **span, **counts, "held": held, "silenced": found.silenced}
