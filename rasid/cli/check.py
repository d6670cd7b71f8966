"""`rasid check`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, with_place


@click.command
@with_place
def command(place: Place) -> None:
    """Check rules.yaml and run the examples of its rules.

    Exit 0 well, 1 an example fails, 2 the configuration is invalid.
    """
    from rasid.config import load
    from rasid.errors import ConfigError
    from rasid.notifiers.apprise import problem_of
    from rasid.rules import compile_rules, problems, run_examples

    config = load(place.config)
    if found := problems(config):
        raise ConfigError(found)
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    for receiver in config.receivers.values():
        for url in receiver.urls:
            if text := problem_of(url.template):
                click.echo(f"warning: receiver {receiver.id}: {text}", err=True)
    failed = run_examples(config, compile_rules(config, cache_dir=place.data_dir / "cache"))
    for problem in failed:
        click.echo(str(problem), err=True)
    examples = sum(
        len(rule.examples.match) + len(rule.examples.no_match) for rule in config.rules.values()
    )
    click.echo(
        f"{place.config}: {len(config.sources)} sources, {len(config.receivers)} receivers, "
        f"{len(config.rules)} rules, {examples - len(failed)} of {examples} examples as said"
    )
    sys.exit(1 if failed else 0)
