"""What is asked of the store about silences, acknowledgements and escalations.

Parts of `rasid.protocols.Reading` and `Transaction`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from rasid.models import Ack, Alert, Silence


class PeopleReading(Protocol):
    """What can be asked."""

    def silences(self, *, ending_after: int) -> list[Silence]:
        """Return silences that end after a time, those that end first first."""

    def silences_named(self, part: str) -> list[Silence]:
        """Return the silences whose id begins or ends with `part`, three at most."""

    def acks(self, abouts: Iterable[str]) -> list[Ack]:
        """Return what was acknowledged of stories or subjects, oldest first."""

    def alerts_since(self, at: int) -> list[Alert]:
        """Return alerts created at a time or later, oldest first."""

    def alerts_of_story(self, story: str, limit: int) -> list[Alert]:
        """Return the newest alerts about items of a story, not about what became of them."""

    def alerts_of_notification(self, notification: str) -> list[Alert]:
        """Return the alerts that are told in one notification, oldest first."""

    def due_escalations(self, now: int, limit: int) -> list[Alert]:
        """Return alerts whose time to be acknowledged is over, the longest due first."""


class PeopleWriting(PeopleReading, Protocol):
    """What can be written."""

    def save_silence(self, silence: Silence) -> None:
        """Write a silence, by its id; alerts that wait are placed anew because of it."""

    def add_ack(self, ack: Ack) -> None:
        """Store that something was acknowledged."""

    def set_escalation(self, alert: str, at: int | None) -> None:
        """Remember until when an alert is to be acknowledged; None: no longer."""
