"""Alerts that should have gone out and have not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overdue:
    """What waits for a target and is held by nothing.

    `reason` and `detail` are those of the last attempt, "" when there was none.
    """

    target: str
    receiver: str
    alerts: int
    since: int  # when the first of them should have gone out
    reason: str = ""
    detail: str = ""
