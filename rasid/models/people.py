"""What people do about alerts: silence them, acknowledge them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MATCHERS: Final = ("rule", "place", "outlet", "receiver", "story", "severity")


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that all matchers fit are kept back until it ends.

    `matchers`: values by what they are of (one of `MATCHERS`); one of the values must fit.
    """

    id: str
    matchers: Mapping[str, tuple[str, ...]]
    author: str
    reason: str
    created_at: int
    ends_at: int
    ended_by: str = ""  # who ended it before its time

    def is_on(self, at: int) -> bool:
        """Whether it holds at a time."""
        return self.created_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Ack:
    """That somebody has taken up what a rule told of a story, with all that was told before.

    `about`: `story:<id>`, or the subject of an item that is in none.
    """

    rule: str
    about: str
    at: int
    alert: str  # the one that was acknowledged
    author: str
    note: str = ""
