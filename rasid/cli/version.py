"""`rasid version`."""

from __future__ import annotations

import click

from rasid import __version__
from rasid.cli.options import with_json, without_place
from rasid.cli.output import say


@click.command
@with_json
@without_place("Not read: the version is that of the program.")
def command(*, as_json: bool) -> None:
    """Print the version."""
    say(__version__, {"version": __version__}, as_json=as_json)
