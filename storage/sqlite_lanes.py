"""Alerts that wait for their time, and when the last messages went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rasid.models import Alert, Silence
from rasid.protocols import Clock
from storage.cleaning import clean_text, cleaned
from storage.sqlite_connection import Connection
from storage.sqlite_reading import SqliteReading
from storage.sqlite_rows import alert_from, id_list, to_json


class SqliteLanes(SqliteReading):
    """The part of a transaction that lets alerts wait."""

    def __init__(self, conn: Connection, clock: Clock) -> None:
        super().__init__(conn)
        self._clock = clock

    def now(self) -> int:
        """Return the time by which leases are judged."""
        return self._clock()

    def unplaced(self, target: str, limit: int) -> list[Alert]:
        """Return alerts of a target that wait in no lane yet, oldest first."""
        rows = self._all(
            "SELECT * FROM alerts INDEXED BY alerts_due WHERE state = 'pending'"
            " AND notification IS NULL AND target = ? AND lane = '' AND due_at IS NULL"
            " ORDER BY created_at, id LIMIT ?",
            clean_text(target),
            limit,
        )
        return [alert_from(row) for row in rows]

    def due_alerts(
        self,
        target: str,
        limit: int,
        *,
        lanes: Sequence[str] | None = None,
        but: Sequence[str] = (),
    ) -> list[Alert]:
        """Return alerts of a target that are in no notification and due, oldest first."""
        rows = self._all(
            "SELECT * FROM alerts INDEXED BY alerts_due WHERE state = 'pending'"
            " AND notification IS NULL AND target = ? AND coalesce(due_at, 0) <= ?"
            " AND (? IS NULL OR lane IN (SELECT value FROM json_each(?)))"
            " AND lane NOT IN (SELECT value FROM json_each(?))"
            " ORDER BY created_at, id LIMIT ?",
            clean_text(target),
            self.now(),
            None if lanes is None else 1,
            to_json(list(lanes or ())),
            to_json(list(but)),
            limit,
        )
        return [alert_from(row) for row in rows]

    def next_lane(self, target: str) -> tuple[str, int]:
        """Return the first lane by name that has something due, and how many wait in it."""
        row = self._one(
            "SELECT lane, count(*) FROM alerts INDEXED BY alerts_due WHERE state = 'pending'"
            " AND notification IS NULL AND target = ? GROUP BY lane"
            " HAVING min(coalesce(due_at, 0)) <= ? ORDER BY lane LIMIT 1",
            clean_text(target),
            self.now(),
        )
        return (row[0], row[1]) if row else ("", 0)

    def hold(self, ids: Iterable[str], due_at: int, *, lane: str, reason: str) -> None:
        """Let pending alerts that are in no notification wait in a lane."""
        self._conn.execute(
            "UPDATE alerts SET due_at = ?, lane = ?, reason = ?"
            " WHERE state = 'pending' AND notification IS NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            (due_at, clean_text(lane), clean_text(reason), id_list(ids)),
        )

    def place_anew(self, targets: Iterable[str]) -> int:
        """Take waiting alerts of targets out of their lanes; return how many."""
        where = "target IN (SELECT value FROM json_each(?))"
        return self._place_anew(where, id_list(targets))

    def _place_anew(self, where: str, *values: str) -> int:
        """Take waiting alerts out of their lanes; that they were held is remembered."""
        rows = self._all(
            "UPDATE alerts SET due_at = NULL, lane = '', reason = '',"  # noqa: S608
            " held_until = max(coalesce(held_until, 0), min(due_at, ?))"
            " WHERE state = 'pending' AND notification IS NULL AND due_at IS NOT NULL"
            f" AND {where} RETURNING id",
            self.now(),
            *values,
        )
        return len(rows)

    def save_silence(self, silence: Silence) -> None:
        """Write a silence, by its id; alerts that wait are placed anew because of it."""
        one = cleaned(silence)
        self._conn.execute(
            "INSERT OR REPLACE INTO silences"
            " (id, matchers, author, reason, created_at, ends_at, ended_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                to_json({name: list(values) for name, values in one.matchers.items()}),
                one.author,
                one.reason,
                one.created_at,
                one.ends_at,
                one.ended_by,
            ),
        )
        self._place_anew("1")

    def attempts(self, target: str, *, since: int, limit: int) -> list[int]:
        """Return when something was sent to a target after a time, newest first."""
        rows = self._all(
            "SELECT d.at FROM deliveries d INDEXED BY deliveries_at"
            " JOIN notifications n ON n.id = d.notification"
            " WHERE d.at > ? AND n.target = ? ORDER BY d.at DESC LIMIT ?",
            since,
            clean_text(target),
            limit,
        )
        return [row[0] for row in rows]
