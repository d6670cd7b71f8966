"""`rasid config schema`."""

from __future__ import annotations

import json

import click

from rasid.cli.options import for_group, with_json, without_place
from rasid.cli.output import say


@click.group
@for_group
def command() -> None:
    """Print the JSON Schema of rules.yaml."""


@command.command
@with_json
@without_place("Not read: the schema is the same for every rules.yaml.")
def schema(*, as_json: bool) -> None:
    """Print the JSON Schema for editors; with --json on one line."""
    from rasid.config.editors import schema_json

    text = schema_json()
    say(text.rstrip("\n"), json.loads(text), as_json=as_json)
