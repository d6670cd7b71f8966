"""Alerts that wait for their time, in memory, and when the last messages went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rasid.models import Alert, AlertState, Silence
from rasid.protocols import Clock
from storage.cleaning import clean_text, cleaned
from storage.memory_reading import MemoryReading
from storage.memory_tables import Tables


class MemoryLanes(MemoryReading):
    """The part of a transaction that lets alerts wait."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        super().__init__(tables)
        self._clock = clock

    def now(self) -> int:
        """Return the time by which leases are judged."""
        return self._clock()

    def _pending(self, wanted: Callable[[Alert], bool]) -> list[Alert]:
        found = [
            one
            for one in self._tables.alerts.values()
            if one.state is AlertState.PENDING and wanted(one)
        ]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def _waiting(self, target: str) -> list[Alert]:
        name = clean_text(target)
        return self._pending(lambda one: one.target == name and not one.notification)

    def _is_due(self, alert: Alert) -> bool:
        return (alert.due_at or 0) <= self.now()

    def unplaced(self, target: str, limit: int) -> list[Alert]:
        """Return alerts of a target that wait in no lane yet, oldest first."""
        return [one for one in self._waiting(target) if one.due_at is None and not one.lane][:limit]

    def due_alerts(
        self,
        target: str,
        limit: int,
        *,
        lanes: Sequence[str] | None = None,
        but: Sequence[str] = (),
    ) -> list[Alert]:
        """Return alerts of a target that are in no notification and due, oldest first."""
        due = [one for one in self._waiting(target) if self._is_due(one) and one.lane not in but]
        return [one for one in due if lanes is None or one.lane in lanes][:limit]

    def next_lane(self, target: str) -> tuple[str, int]:
        """Return the first lane by name that has something due, and how many wait in it."""
        waiting = self._waiting(target)
        due = min((one.lane for one in waiting if self._is_due(one)), default=None)
        return ("", 0) if due is None else (due, Counter(one.lane for one in waiting)[due])

    def hold(self, ids: Iterable[str], due_at: int, *, lane: str, reason: str) -> None:
        """Let pending alerts that are in no notification wait in a lane."""
        wanted = set(map(clean_text, ids))
        for one in self._pending(lambda one: one.id in wanted and not one.notification):
            self._tables.alerts[one.id] = replace(
                one, due_at=due_at, lane=clean_text(lane), reason=clean_text(reason)
            )

    def place_anew(self, targets: Iterable[str]) -> int:
        """Take waiting alerts of targets out of their lanes; return how many."""
        return self._place_anew(one for target in set(targets) for one in self._waiting(target))

    def _place_anew(self, waiting: Iterable[Alert]) -> int:
        """Take alerts out of their lanes; that they were held is remembered."""
        placed = [(one, one.due_at) for one in waiting if one.due_at is not None]
        for one, due_at in placed:
            held = max(one.held_until or 0, min(due_at, self.now()))
            self._tables.alerts[one.id] = replace(
                one, due_at=None, lane="", reason="", held_until=held
            )
        return len(placed)

    def save_silence(self, silence: Silence) -> None:
        """Write a silence, by its id; alerts that wait are placed anew because of it."""
        silence = cleaned(silence)
        self._tables.silences[silence.id] = silence
        self._place_anew(self._pending(lambda one: not one.notification))

    def attempts(self, target: str, *, since: int, limit: int) -> list[int]:
        """Return when something was sent to a target after a time, newest first."""
        name, sendings = clean_text(target), self._tables.sendings
        found = [
            int(one["at"])
            for (sending, _), one in self._tables.deliveries.items()
            if one["at"] > since and sendings[sending].target == name
        ]
        return sorted(found, reverse=True)[:limit]
