"""Rules by the name that a person types."""

from __future__ import annotations

import difflib

import click

from rasid.settings import Config, Rule


def rule_named(config: Config, name: str) -> Rule:
    """Return a rule by its id; a usage error says what comes near."""
    if name in config.rules:
        return config.rules[name]
    near = difflib.get_close_matches(name, config.rules, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise click.UsageError(f'there is no rule "{name}"{hint}')
