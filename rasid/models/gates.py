"""What the gate of a rule has seen so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class GateState(StrEnum):
    """Where a gate stands."""

    HELD = "held"  # nothing is told until it opens
    UNCONFIRMED = "unconfirmed"  # told, and labelled
    OPEN = "open"
    COUNTING = "counting"  # of a spike: how many there are in an hour
    LISTENING = "listening"  # for a rule that must not be silent
    SILENT = "silent"  # it is, and that was told


SPIKE: Final = "spike"
SILENCE: Final = "silence"


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """When a rule matched an item, and the item's place in a story (itself where it has none)."""

    item: str
    outlet: str
    at: int  # microseconds UTC
    story: str
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """One per (rule, subject). `facts` is what it counts, see who decides it."""

    rule: str
    subject: str  # a story; SPIKE or SILENCE where it is about the rule as a whole
    state: GateState
    at: int  # when something of it changed last (microseconds UTC)
    facts: Mapping[str, Any] = field(default_factory=dict)
