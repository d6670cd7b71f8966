"""The rules that were in force, by version: an alert says under which it was raised."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.archive.definition import definition
from rasid.protocols import Transaction
from rasid.settings import Config


def note_rules(tx: Transaction, config: Config, now: int) -> list[str]:
    """Remember the rules of a configuration that came into force; return the new versions' ids.

    What a version says is written once; in the transaction, with what follows from it.
    """
    new = tx.note_rules(hashes(config), now)
    for name in new:
        rule = config.rules[name]
        tx.define_rule(name, rule.hash, definition(rule))
    return new


def hashes(config: Config) -> Mapping[str, str]:
    """Return the version of each rule."""
    return {rule.id: rule.hash for rule in config.rules.values()}
