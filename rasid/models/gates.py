"""What the gate of a rule has seen so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class GateState(StrEnum):
    """Where a gate stands."""

    HELD = "held"  # nothing is told until it opens
    UNCONFIRMED = "unconfirmed"  # told, and labelled
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Gate:
    """One per (rule, subject). `facts` is what it counts, see who decides it."""

    rule: str
    subject: str  # a story
    state: GateState
    at: int  # when something of it changed last (microseconds UTC)
    facts: Mapping[str, Any] = field(default_factory=dict)
