"""`rasid config schema`."""

from __future__ import annotations

import click


@click.group
def command() -> None:
    """Print the JSON Schema of rules.yaml."""


@command.command
def schema() -> None:
    """Print the JSON Schema for editors."""
    from rasid.config.schema import schema_json

    click.echo(schema_json(), nl=False)
