"""What an alert remembers of the gate that it passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rasid.counted import counted
from rasid.models import Evidence, Gate, GateState

GATE: Final = "gate"  # a kind of evidence, and where facts have {state, count, needed ...}

COUNTED: Final = "counted: the rule tells when there are many in an hour (spike), not each"


def with_note(facts: Mapping[str, Any], note: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the facts of an alert with what its gate says, as evidence too.

    `note`: {state, count, needed, languages, outlets} and, where the gate opened, `items`: the
    others that it rests on, {item, outlet, title, link} each, and how many `others` there are.
    """
    if not note:
        return dict(facts)
    evidence = [*facts.get("evidence", ()), asdict(gate_evidence(note_text(note)))]
    return {**facts, GATE: dict(note), "evidence": evidence}


def gate_evidence(why: str) -> Evidence:
    """Return evidence that stands nowhere in a text."""
    return Evidence(GATE, "", 0, 0, "", why=why)


def note_text(note: Mapping[str, Any]) -> str:
    """Return what a gate says of a story: "unconfirmed: 1 of 3 outlets (SANA)"."""
    names = ", ".join(note.get("outlets", ()))
    said = f" ({names})" if names else ""
    if note["state"] == "unconfirmed":
        return f"unconfirmed: {note['count']} of {note['needed']} outlets{said}"
    if note["state"] == "held":
        return f"held: {note['count']} of {note['needed']} outlets{said}"
    many = note.get("languages", 0)
    tongues = f", {counted(many, 'language')}" if many > 1 else ""
    return f"{note['count']} independent outlets{tongues}{said}"


def gate_text(gate: Gate) -> str:
    """Return where a gate stands: "1 of 3 independent outlets, held until there are enough"."""
    outlets = f"{gate.facts['count']} of {gate.facts['needed']} independent outlets"
    return f"{outlets}, {_STATES[gate.state]}"


_STATES: Final = {
    GateState.HELD: "held until there are enough",
    GateState.UNCONFIRMED: "told as unconfirmed",
    GateState.OPEN: "told with the one that was enough",
}
