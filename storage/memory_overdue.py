"""What is late and what went out, in the in-memory store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from rasid.models import Alert, AlertState, DeliveryOutcome, Overdue
from storage.cleaning import clean_text
from storage.memory_archive import MemoryArchive


class MemoryOverdue(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about how delivery goes."""

    def overdue(self, now: int) -> list[Overdue]:
        """Return by target what is pending and due by now, the longest first."""
        late = defaultdict[str, list[Alert]](list)
        for one in self._tables.alerts.values():
            if one.state is AlertState.PENDING and (one.due_at or 0) <= now:
                late[one.target].append(one)
        found = [
            Overdue(
                target,
                alerts[0].receiver,
                len(alerts),
                min(one.awaited_since for one in alerts),
                *self._last_attempt(target),
            )
            for target, alerts in late.items()
        ]
        return sorted(found, key=lambda one: (one.since, one.target))

    def _last_attempt(self, target: str) -> tuple[str, str]:
        sendings = self._tables.sendings
        rows = [
            row
            for (name, _), row in self._tables.deliveries.items()
            if sendings[name].target == target and sendings[name].open
        ]
        return (rows[-1]["reason"], rows[-1]["detail"]) if rows else ("", "")

    def last_sent(self, since: int, until: int) -> Mapping[str, int]:
        """Return when targets last accepted something, of what was after a time till another."""
        found = dict[str, int]()
        for (name, _), row in self._tables.deliveries.items():
            if since < row["at"] <= until and row["outcome"] == DeliveryOutcome.SUCCESS:
                target = self._tables.sendings[name].target
                found[target] = max(found.get(target, 0), row["at"])
        return found

    def next_attempt(self, notification: str) -> int | None:
        """Return when a notification is tried next, None when it is over."""
        sending = self._tables.sendings.get(clean_text(notification))
        return sending.due_at if sending is not None and sending.open else None
