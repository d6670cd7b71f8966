"""The end of a canary's way when no receiver is named for it: nobody is told."""

from __future__ import annotations

from rasid.models import DeliveryResult, Message, Target
from rasid.notifiers.verdict import ACCEPTED

_LIMIT = 2_000


class CanaryNotifier:
    """Accepts whatever comes."""

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Accept a message."""
        return ACCEPTED

    def body_limit(self, target: Target) -> int:
        """Return how many characters a body may have."""
        return _LIMIT
