"""What is late and what went out, in the SQLite store."""

from __future__ import annotations

from collections.abc import Mapping

from rasid.models import Overdue
from storage.cleaning import clean_text
from storage.sqlite_archive import SqliteArchive


class SqliteOverdue(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about how delivery goes."""

    def overdue(self, now: int) -> list[Overdue]:
        """Return by target what is pending and due by now, the longest first."""
        rows = self._all(
            "SELECT target, receiver, count(*) AS alerts,"
            " min(max(coalesce(retried_at, created_at), coalesce(due_at, 0),"
            " coalesce(held_until, 0))) AS since"
            " FROM alerts WHERE state = 'pending' AND coalesce(due_at, 0) <= ?"
            " GROUP BY target ORDER BY since, target",
            now,
        )
        last = {
            row["target"]: (row["reason"], row["detail"])
            for row in self._all(  # reason and detail are those of the row with the greatest id
                "SELECT n.target, max(d.id), d.reason, d.detail FROM notifications n"
                " JOIN deliveries d ON d.notification = n.id WHERE n.open = 1 GROUP BY n.target"
            )
        }
        return [
            Overdue(
                row["target"],
                row["receiver"],
                row["alerts"],
                row["since"],
                *last.get(row["target"], ("", "")),
            )
            for row in rows
        ]

    def last_sent(self, since: int, until: int) -> Mapping[str, int]:
        """Return when targets last accepted something, of what was after a time till another."""
        rows = self._all(
            "SELECT n.target, max(d.at) AS at FROM deliveries d INDEXED BY deliveries_at"
            " JOIN notifications n ON n.id = d.notification"
            " WHERE d.at > ? AND d.at <= ? AND d.outcome = 'success' GROUP BY n.target",
            since,
            until,
        )
        return {row["target"]: row["at"] for row in rows}

    def next_attempt(self, notification: str) -> int | None:
        """Return when a notification is tried next, None when it is over."""
        row = self._one(
            "SELECT due_at FROM notifications WHERE id = ? AND open = 1", clean_text(notification)
        )
        return int(row["due_at"]) if row else None
