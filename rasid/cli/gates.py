"""How commands show where the gate of a rule stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasid.models import Gate, GateState

_STATES = {
    GateState.HELD: "held until there are enough",
    GateState.UNCONFIRMED: "told as unconfirmed",
    GateState.OPEN: "open",
}


def gate_row(gate: Gate | None) -> dict[str, Any] | None:
    """Return where a gate stands in a story, for JSON."""
    if gate is None:
        return None
    items = [one[0] for one in gate.facts.get("reports", ())]
    counts = {key: gate.facts.get(key) for key in ("count", "needed")}
    return {"state": gate.state, **counts, "story": gate.subject, "items": items}


def gate_said(row: Mapping[str, Any]) -> str:
    """Return it for people: "1 of 3 independent outlets, held until there are enough"."""
    state = _STATES[GateState(row["state"])]
    return f"{row['count']} of {row['needed']} independent outlets, {state}"
