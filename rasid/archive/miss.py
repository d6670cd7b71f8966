"""What is told of a rule that does not match."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Miss:
    """The first clause that failed, and what came nearest ("" when nothing did).

    Nothing comes near a veto: what it forbids is there.
    """

    clause: str
    nearest: str = ""
    veto: bool = False
