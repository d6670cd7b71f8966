"""Time zones as people call them."""

from __future__ import annotations


def place_of(zone: str) -> str:
    """Return the place that a zone is named after: "Damascus" of Asia/Damascus."""
    return zone.rpartition("/")[2].replace("_", " ")
