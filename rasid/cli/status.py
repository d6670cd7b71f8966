"""`rasid status`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_storage
from rasid.errors import ConfigError
from rasid.models import SourceState
from rasid.protocols import Storage
from rasid.settings import Config
from rasid.watch import PARKED


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Show what is stored, what is pending, and which sources are broken.

    An invalid rules.yaml is no obstacle: its mistakes are shown too, and the exit code is 2.
    """
    from rasid.config import load
    from rasid.heartbeat import judge
    from rasid.heartbeat import read as read_beat
    from scheduler import wall_clock

    try:
        config, mistakes = load(place.config), ""
    except ConfigError as error:
        config, mistakes = Config(), str(error)

    async def read(storage: Storage) -> tuple[Mapping[str, int], Mapping[str, SourceState]]:
        return await storage.read(lambda view: (view.counts(), view.source_states()))

    counts, states = with_storage(place, read)
    enabled = [source.id for source in config.sources.values() if source.enabled]
    if mistakes:  # then what was polled before has to do
        enabled = [name for name, state in states.items() if state.next_poll_at != PARKED]
    known = [states[name] for name in enabled if name in states]
    facts: dict[str, object] = {
        "daemon": judge(read_beat(place.data_dir), wall_clock()).why,
        "sources_enabled": len(enabled),
        "sources_failing": sum(state.failures > 0 for state in known),
        "sources_gone": sum(state.gone for state in known),
        "rules": None if mistakes else len(config.rules),
        "last_success": rfc3339(max((s.last_success_at or 0 for s in known), default=0) or None),
        **counts,
        "oldest_pending_at": rfc3339(counts.get("oldest_pending_at") or None),
    }
    rows = [{"": name.replace("_", " "), "value": value} for name, value in facts.items()]
    emit([facts] if as_json else rows, ["", "value"], as_json=as_json)
    if mistakes:
        click.echo(mistakes, err=True)
        sys.exit(2)
