"""Alerts that are done and what is left of them, in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable

from storage.cleaning import clean_text
from storage.sqlite_lanes import SqliteLanes
from storage.sqlite_rows import id_list


class SqliteForgetting(SqliteLanes):
    """The part of a transaction that takes alerts away."""

    def erase_alerts(self, rule: str) -> int:
        """Take every alert of a rule away as if it had never been; return how many."""
        rows = self._all(
            "DELETE FROM alerts WHERE rule = ? RETURNING notification", clean_text(rule)
        )
        shared = "SELECT 1 FROM alerts a WHERE a.notification = n.id"
        alone = self._all(
            "SELECT id FROM notifications n WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
            f" AND NOT EXISTS ({shared})",
            id_list({row[0] for row in rows if row[0]}),
        )
        self._delete_notifications(row[0] for row in alone)
        return len(rows)

    def _forget_told(self, before: int) -> None:
        """Empty alerts that are done, and delete how they went out; pending ones stay.

        The rows of alerts stay, so that nothing is alerted a second time.
        """
        told = self._all(
            "UPDATE alerts SET facts = '{}', notification = NULL"
            " WHERE state <> 'pending' AND facts <> '{}' AND created_at < ? RETURNING id",
            before,
        )
        self._conn.execute(
            "DELETE FROM captures WHERE alert IN (SELECT value FROM json_each(?))",
            (id_list(row[0] for row in told),),
        )
        rows = self._all(
            "SELECT id FROM notifications n WHERE open = 0 AND created_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.notification = n.id)",
            before,
        )
        self._delete_notifications(row[0] for row in rows)

    def _delete_notifications(self, ids: Iterable[str]) -> None:
        old = (id_list(ids),)
        for table, key in (("deliveries", "notification"), ("notifications", "id")):
            self._conn.execute(
                f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",  # noqa: S608
                old,
            )
