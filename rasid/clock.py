"""The time by this machine's clock."""

from __future__ import annotations

import time


def wall_clock() -> int:
    """Return the time in UTC microseconds."""
    return time.time_ns() // 1_000
