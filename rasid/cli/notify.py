"""`rasid notify test`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from rasid.cli.options import Place, for_group, with_json, with_place
from rasid.cli.output import emit
from rasid.models import DeliveryResult, Target

_Sent = tuple[Target, DeliveryResult]


@click.group
@for_group
def command() -> None:
    """Send a test message to receivers."""


@command.command
@click.argument("receivers", nargs=-1)
@click.option("--canary", is_flag=True, help="Send what an item of Rasid's own raises.")
@with_json
@with_place
def test(place: Place, receivers: tuple[str, ...], *, canary: bool, as_json: bool) -> None:
    """Send one test message to each URL of RECEIVERS (all if none is named), at once.

    It shows an alert in the receiver's language and template. `url` is the place
    of a URL in its receiver, and its kind; the rest may be a secret.

    With --canary the alert is that on an item which was parsed, matched, stored and placed in
    a story for it, in a transaction that is undone.
    """
    from rasid.cli.canary_probe import release
    from rasid.cli.probe import send

    way = release if canary else send
    rows = [
        {
            "receiver": target.receiver,
            "target": target.id,
            "url": f"{number}: {target.template.partition(':')[0]}",
            "outcome": result.outcome,
            "reason": result.reason,
            "detail": result.detail,
        }
        for number, (target, result) in _numbered(way(place, receivers, beside_data=as_json))
    ]
    emit(rows, ["target", "url", "outcome", "reason", "detail"], as_json=as_json)
    sys.exit(0 if rows and all(row["outcome"] == "success" for row in rows) else 1)


def _numbered(sent: Iterable[_Sent]) -> Iterator[tuple[int, _Sent]]:
    """Yield each with the place of its URL in its receiver, from 1."""
    seen: Counter[str] = Counter()
    for target, result in sent:
        seen[target.receiver] += 1
        yield seen[target.receiver], (target, result)
