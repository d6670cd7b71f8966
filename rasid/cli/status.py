"""`rasid status`."""

from __future__ import annotations

from collections.abc import Mapping

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_storage
from rasid.models import SourceState
from rasid.protocols import Storage


@click.command
@with_json
@with_place
def command(place: Place, *, as_json: bool) -> None:
    """Show what is stored, what is pending, and which sources are broken."""
    from rasid.config import load

    config = load(place.config)

    async def read(storage: Storage) -> tuple[Mapping[str, int], Mapping[str, SourceState]]:
        return await storage.read(lambda view: (view.counts(), view.source_states()))

    counts, states = with_storage(place, read)
    enabled = [source for source in config.sources.values() if source.enabled]
    known = [states[source.id] for source in enabled if source.id in states]
    facts: dict[str, object] = {
        "sources_enabled": len(enabled),
        "sources_failing": sum(state.failures > 0 for state in known),
        "sources_gone": sum(state.gone for state in known),
        "rules": len(config.rules),
        "last_success": rfc3339(max((s.last_success_at or 0 for s in known), default=0) or None),
        **counts,
        "oldest_pending_at": rfc3339(counts.get("oldest_pending_at") or None),
    }
    if as_json:
        emit([facts], [], as_json=True)
        return
    emit(
        [{"": name.replace("_", " "), "value": value} for name, value in facts.items()],
        ["", "value"],
        as_json=False,
    )
