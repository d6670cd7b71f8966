"""Identifiers that sort by time."""

from __future__ import annotations

from ulid import ULID


def new_id(now: int) -> str:
    """Return a ULID for a time in UTC microseconds (https://github.com/ulid/spec)."""
    return str(ULID.from_timestamp(now / 1_000_000))
