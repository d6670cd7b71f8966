"""What `rasid check` says of gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from rasid.cli.output import show
from rasid.config.gates import owners_of, sources_of
from rasid.counted import counted
from rasid.settings import Config, Rule
from rasid.settings.gates import span_as_written


def gate_rows(config: Config) -> Iterator[dict[str, Any]]:
    """Yield the gates of each rule, and how many owners and sources it can hear of."""
    for rule in config.rules.values():
        if gates := rule.gates.written():
            owners, sources = len(owners_of(rule, config)), len(sources_of(rule, config))
            yield {
                "kind": "gate",
                "rule": rule.id,
                "owners": owners,
                "sources": sources,
                "text": "; ".join(_said(rule, owners, sources)),
                **gates,
            }


def echo_gates(config: Config) -> None:
    """Print them, a line for each rule."""
    for row in gate_rows(config):
        click.echo(f"  {show(row['rule'])}: {row['text']}")


def _said(rule: Rule, owners: int, sources: int) -> Iterator[str]:
    gates = rule.gates
    if gates.outlets:
        within = f" within {span_as_written(gates.outlets.within)}" if gates.outlets.within else ""
        until = "held" if gates.outlets.holds else "unconfirmed"
        many = f"{gates.outlets.at_least} of {owners} independent outlets say it"
        yield f"{until} until {many}{within}"
    if gates.spike:
        spike = gates.spike
        yield (
            f"told when it matches {spike.factor:g} times as much as usual in an hour, "
            f"{spike.floor} times at least"
        )
    if gates.silent:
        span = span_as_written(gates.silent)
        yield f"told when nothing of {counted(sources, 'source')} matches for {span}"
