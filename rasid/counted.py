"""Numbers with what they count, as they are said."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return `1 alert`, `2 alerts`, `0 alerts`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
