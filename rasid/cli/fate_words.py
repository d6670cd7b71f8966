"""The stage that an item reached, for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rasid.archive.fate import Fate, Stage
from rasid.archive.verdict import Verdict
from rasid.cli.alert_reason import reason_of
from rasid.cli.output import rfc3339
from rasid.counted import counted
from rasid.settings import Config

_NAMED: Final[Mapping[str, str]] = {
    Stage.SEEDED: "the first poll of its source found it, which alerts on nothing",
    Stage.TOO_OLD: "it was published too long before it was seen (settings.too_old)",
    Stage.NOT_IN_FORCE: "it matches now; when it came the rule, or its text, was another",
    Stage.NOT_PROMISED: "the rule did not name this receiver when it came",
    Stage.DROPPED: "given up by a person (rasid alerts drop)",
}


def why_of(fate: Fate, config: Config, verdict: Verdict | None) -> str:
    """Return why an item is at a stage; `verdict` is what its rule makes of it now."""
    if fate.stage in _NAMED:
        return _NAMED[fate.stage]
    if fate.stage == Stage.NO_MATCH:
        return miss_of(verdict) if verdict else ""
    if words := _WORDS.get(fate.stage):
        return words(fate, config)
    return reason_of(fate.alert) if fate.alert else ""


def miss_of(verdict: Verdict) -> str:
    """Return why a rule does not match."""
    if verdict.excluded:
        return f"kept out by {verdict.excluded}"
    if verdict.miss is None:
        return ""
    clause = f"first clause that fails: {verdict.miss.clause}"
    if verdict.miss.veto:
        return clause
    return f"{clause}; nearest: {verdict.miss.nearest or 'nothing like it'}"


def _severity(fate: Fate, config: Config) -> str:
    receiver = fate.target.partition("/")[0]
    least = config.receivers[receiver].min_severity
    has = config.rules[fate.rule].severity or "none"
    return f"severity of the rule: {has}; the receiver takes {least} and graver"


def _asked(fate: Fate, _config: Config) -> str:
    return f"the rule alerts on: {fate.detail}"


def _due(fate: Fate, _config: Config) -> str:
    return "it goes out as soon as the receiver is free; is the daemon running?"


def _delivered(fate: Fate, _config: Config) -> str:
    if fate.at is None:
        return "when is not known any more (settings.retention)"
    return f"{rfc3339(fate.at)}, {counted(fate.attempts, 'attempt')}"


def _tried(fate: Fate, _config: Config) -> str:
    next_at = f"; next: {rfc3339(fate.next_at)}" if fate.next_at is not None else ""
    tries = counted(fate.attempts, "attempt")
    return f"{tries}, the last {rfc3339(fate.at)}: {fate.detail}{next_at}"


def _dead(fate: Fate, config: Config) -> str:
    reason = fate.alert.reason if fate.alert else ""
    if not fate.attempts:
        return f"{reason}, never tried"
    return f"{reason}; {_tried(fate, config)}"


_WORDS: Final[Mapping[str, Callable[[Fate, Config], str]]] = {
    Stage.GATED: lambda fate, _config: fate.detail,
    Stage.BELOW_MIN_SEVERITY: _severity,
    Stage.NOT_ASKED_FOR: _asked,
    Stage.DUE: _due,
    Stage.RETRIED: _tried,
    Stage.REJECTED: _tried,
    Stage.DELIVERED: _delivered,
    Stage.DEAD: _dead,
}
