"""What matches items, and what sends messages."""

from __future__ import annotations

from typing import Protocol

from rasid.models import (
    DeliveryResult,
    Document,
    Match,
    Message,
    Target,
)


class Matcher(Protocol):
    """Compiled rules: matching cannot fail."""

    version: str

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        """Return every rule that the document satisfies, with evidence.

        `now`: what the age of a publication is counted from; without it age excludes nothing.
        """


class Notifier(Protocol):
    """Sends one message to one URL. Blocking; called in a thread of its own."""

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Send once; every outcome is a value."""

    def body_limit(self, target: Target) -> int:
        """Return how many characters a body may have."""
