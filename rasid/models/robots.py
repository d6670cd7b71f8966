"""What a robots.txt said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """The answer of an origin to the question for its robots.txt."""

    origin: str  # scheme://host:port
    at: int
    status: int
    body: bytes = b""
