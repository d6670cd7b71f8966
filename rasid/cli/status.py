"""`rasid status`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import click

from rasid.archive.activity import Counts
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_storage
from rasid.errors import ConfigError
from rasid.health import is_silent
from rasid.models import RuleVersion, SourceState
from rasid.polling import PARKED
from rasid.protocols import Reading
from rasid.settings import Config

_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the database says."""

    counts: Mapping[str, int]
    states: Mapping[str, SourceState]
    matches: Counts
    told: Counts  # matches of items that were not there at a first poll
    versions: list[RuleVersion]
    canary_arrived_at: int  # 0: none ever has


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Show what is stored, what is pending, and which sources are broken.

    `rules silent` matched nothing for 30 days, `rules noisy` more than `settings.noisy_rule`
    items on a day of the last week.

    An invalid rules.yaml is no obstacle: its mistakes are shown too, and the exit code is 2.
    """
    from rasid.atlas import configured
    from rasid.clock import wall_clock

    try:
        config, mistakes = configured(place), ""
    except ConfigError as error:
        config, mistakes = None, str(error)
    now = wall_clock()
    seen = with_storage(place, lambda storage: storage.read(lambda view: _look(view, now)))
    facts = _facts(place, config, seen, now)
    emit([facts] if as_json else _table(facts), ["", "value"], as_json=as_json)
    if mistakes:
        click.echo(mistakes, err=True)
        sys.exit(2)


def _look(view: Reading, now: int) -> _Seen:
    from rasid.archive.activity import since_of
    from rasid.deadman.canary_state import remembered

    since = since_of(now)
    return _Seen(
        view.counts(),
        view.source_states(),
        view.match_counts(since),
        view.match_counts(since, seeded=False),
        view.rule_versions(),
        remembered(view.meta("canary")).arrived_at,
    )


def _facts(place: Place, config: Config | None, seen: _Seen, now: int) -> dict[str, object]:
    """Return what is shown; without a configuration, what was polled before has to do."""
    from rasid.archive.activity import noisy, silent
    from rasid.heartbeat import judge
    from rasid.heartbeat import read as read_beat

    enabled = _enabled(config, seen.states)
    known = [seen.states[name] for name in enabled if name in seen.states]
    rules = config.rules if config else {}
    noisy_from = (config or Config()).settings.noisy_rule
    return {
        "daemon": judge(read_beat(place.data_dir), now).why,
        "sources_enabled": len(enabled),
        "sources_failing": sum(state.failures > 0 for state in known),
        "sources_silent": sum(is_silent(state) and not state.failures for state in known),
        "sources_gone": sum(state.gone for state in known),
        "rules": len(rules) if config else None,
        "rules_silent": silent(rules, seen.matches, seen.versions, now),
        "rules_noisy": noisy(rules, seen.told, noisy_from, now),
        "last_success": rfc3339(max((s.last_success_at or 0 for s in known), default=0) or None),
        "canary_arrived_at": rfc3339(seen.canary_arrived_at or None),
        **seen.counts,
        "oldest_pending_at": rfc3339(seen.counts.get("oldest_pending_at") or None),
    }


def _enabled(config: Config | None, states: Mapping[str, SourceState]) -> list[str]:
    if config is None:
        return [name for name, state in states.items() if state.next_poll_at != PARKED]
    return [source.id for source in config.sources.values() if source.enabled]


def _table(facts: Mapping[str, object]) -> list[dict[str, object]]:
    rows = {name: _cell(value) for name, value in facts.items()}
    if facts["sources_failing"] and facts["sources_failing"] == facts["sources_enabled"]:
        rows["sources_failing"] = f"{facts['sources_failing']}: all sources are failing"
    return [{"": name.replace("_", " "), "value": value} for name, value in rows.items()]


def _cell(value: object) -> object:
    """Return a value for the table: rules by name, the first of them."""
    if isinstance(value, dict):
        value = [f"{name} ({count})" for name, count in value.items()]
    if isinstance(value, list):
        more = f" and {len(value) - _NAMED} more" if len(value) > _NAMED else ""
        return ", ".join(value[:_NAMED]) + more or "none"
    return value
