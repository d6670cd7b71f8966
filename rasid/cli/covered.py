"""What the places of a rule cover, as `rasid rules expand` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from rasid.cli.output import json_line
from rasid.counted import counted

if TYPE_CHECKING:
    from rasid.archive.covered import Covered


def echo_covered(found: Sequence[Covered], most: int, *, as_json: bool) -> None:
    """Print each entry with `most` of its names and of the places in it."""
    for one in found:
        if as_json:
            click.echo(json_line(asdict(one)))
            continue
        note = f" ({one.note})" if one.note else ""
        click.echo(f"{one.key}: {one.place}: {counted(one.places, 'place')}{note}")
        _echo_some("  called", one.names[:most], len(one.names))
        _echo_some("  in it", one.some, max(one.places - bool(one.names), len(one.some)))


def _echo_some(what: str, shown: Sequence[str], of: int) -> None:
    if shown:
        more = f" and {of - len(shown)} more" if of > len(shown) else ""
        click.echo(f"{what}: {', '.join(shown)}{more}")
