"""Alerts on their way: claimed under a lease, finished under its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from rasid.alerts.lanes import SILENCED
from rasid.ids import new_id
from rasid.models import AlertState, DeliveryOutcome, DeliveryReason, DeliveryResult, Notification
from storage.cleaning import clean_text, cleaned
from storage.sqlite_forgetting import SqliteForgetting
from storage.sqlite_rows import alert_from, id_list
from storage.together import MOST_TOGETHER, parted


class SqliteOutbox(SqliteForgetting):
    """The part of a transaction that is about delivery."""

    def claim(
        self, target: str, *, limit: int, ttl: int, lane: str = "", as_list: bool = False
    ) -> Notification | None:
        """Lease the oldest due notification of a target for `ttl` microseconds."""
        target, now = clean_text(target), self.now()
        row = self._one(
            "SELECT id FROM notifications WHERE open = 1 AND target = ? AND due_at <= ?"
            " AND (token = '' OR leased_until <= ?) ORDER BY due_at, id LIMIT 1",
            target,
            now,
            now,
        )
        name = row["id"] if row else self._group(target, limit, now, clean_text(lane), as_list)
        return self._lease(name, now + ttl) if name else None

    def _group(self, target: str, limit: int, now: int, lane: str, as_list: bool) -> str:
        oldest = self._all(
            "SELECT subject FROM alerts INDEXED BY alerts_waiting WHERE state = 'pending'"
            " AND notification IS NULL AND target = ? AND lane = ?"
            " ORDER BY created_at, id LIMIT ?",
            target,
            lane,
            limit,
        )
        rows = self._all(
            "SELECT id, created_at FROM alerts INDEXED BY alerts_about WHERE target = ?"
            " AND state = 'pending' AND notification IS NULL"
            " AND subject IN (SELECT value FROM json_each(?))"
            " AND (lane = ? OR substr(lane, 1, ?) <> ?)",
            target,
            id_list({row[0] for row in oldest}),
            lane,
            len(SILENCED),
            SILENCED,
        )
        rows.sort(key=lambda row: (row["created_at"], row["id"]))
        rows = rows[: max(limit, MOST_TOGETHER)]
        if not rows:
            return ""
        name = new_id(now)
        self._conn.execute(
            "INSERT INTO notifications (id, target, created_at, due_at, lane)"
            " VALUES (?, ?, ?, ?, ?)",
            (name, target, now, now, lane if as_list else ""),
        )
        self._join(name, (row[0] for row in rows))
        return name

    def _lease(self, name: str, until: int) -> Notification:
        token = secrets.token_hex(16)
        row = self._one(
            "UPDATE notifications SET token = ?, leased_until = ? WHERE id = ? RETURNING *",
            token,
            until,
            name,
        )
        members = self._all(
            "SELECT * FROM alerts WHERE notification = ? AND state = 'pending'"
            " ORDER BY created_at, id",
            name,
        )
        attempts = self._one("SELECT count(*) FROM deliveries WHERE notification = ?", name)[0]
        return Notification(
            id=name,
            target=row["target"],
            alerts=tuple(map(alert_from, members)),
            created_at=row["created_at"],
            attempts=attempts,
            token=token,
            plain=bool(row["plain"]),
            lane=row["lane"],
        )

    def due_targets(self) -> list[str]:
        """Return ids of targets for which `claim` would return something now."""
        now = self.now()
        rows = self._all(
            "SELECT target FROM notifications WHERE open = 1 AND due_at <= ?"
            " AND (token = '' OR leased_until <= ?)"
            " UNION SELECT target FROM alerts INDEXED BY alerts_due"
            " WHERE state = 'pending' AND notification IS NULL AND coalesce(due_at, 0) <= ?"
            " ORDER BY 1",
            now,
            now,
            now,
        )
        return [row[0] for row in rows]

    def finish(
        self,
        notification: Notification,
        result: DeliveryResult,
        *,
        retry_at: int | None,
        plain: bool = False,
        split: bool = False,
    ) -> bool:
        """Record an attempt under its lease token; False when the lease was lost."""
        sent = result.outcome is DeliveryOutcome.SUCCESS
        again = retry_at is not None and not sent
        held = self._all(
            "UPDATE notifications SET token = '', leased_until = 0, due_at = coalesce(?, due_at),"
            " plain = max(plain, ?), open = ?"
            " WHERE id = ? AND token = ? AND token <> '' AND open = 1 RETURNING id",
            retry_at if again else None,
            plain,
            again and not split,
            notification.id,
            notification.token,
        )
        if not held:
            return False
        self._add_delivery(notification.id, result)
        if again and split:
            self._split(notification.id)
        elif not again:
            self._conn.execute(
                "UPDATE alerts SET state = ?, reason = ?"
                " WHERE notification = ? AND state = 'pending'",
                (
                    (AlertState.SENT if sent else AlertState.DEAD).value,
                    result.reason.value,
                    notification.id,
                ),
            )
        return True

    def _split(self, refused: str) -> None:
        """Put the alerts of a closed notification into others that go on where it was."""
        members = self._all(
            "SELECT id, subject FROM alerts WHERE notification = ? AND state = 'pending'"
            " ORDER BY created_at, id",
            refused,
        )
        parts = parted((row["id"], row["subject"]) for row in members)
        for name, part in zip(sorted(new_id(self.now()) for _ in parts), parts, strict=True):
            self._conn.execute(
                "INSERT INTO notifications (id, target, created_at, due_at, plain, lane)"
                " SELECT ?, target, created_at, due_at, plain, lane FROM notifications"
                " WHERE id = ?",
                (name, refused),
            )
            self._join(name, part)

    def _join(self, notification: str, alerts: Iterable[str]) -> None:
        self._conn.execute(
            "UPDATE alerts SET notification = ?, reason = ''"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (notification, id_list(alerts)),
        )

    def _add_delivery(self, notification: str, result: DeliveryResult) -> None:
        self._conn.execute(
            "INSERT INTO deliveries (notification, at, outcome, reason, detail)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                notification,
                self.now(),
                result.outcome.value,
                result.reason.value,
                clean_text(result.detail),
            ),
        )

    def extend_lease(self, notification: Notification, ttl: int) -> bool:
        """Keep a lease; False when it was lost."""
        held = self._all(
            "UPDATE notifications SET leased_until = ?"
            " WHERE id = ? AND token = ? AND token <> '' AND open = 1 RETURNING id",
            self.now() + ttl,
            notification.id,
            notification.token,
        )
        return bool(held)

    def hasten(self, latest: int) -> int:
        """Make open notifications that are due after `latest` due now; return how many."""
        hastened = self._all(
            "UPDATE notifications SET due_at = ? WHERE open = 1 AND due_at > ? RETURNING id",
            self.now(),
            latest,
        )
        return len(hastened)

    def release_leases(self) -> int:
        """Free every lease (at start-up, when this process alone may deliver)."""
        freed = self._all(
            "UPDATE notifications SET token = '', leased_until = 0"
            " WHERE open = 1 AND token <> '' RETURNING id"
        )
        return len(freed)

    def bury(self, targets: Iterable[str], reason: str) -> list[str]:
        """Dead-letter the pending alerts of targets that no longer exist; return alert ids."""
        return self._end(
            AlertState.DEAD,
            clean_text(reason),
            "state = 'pending' AND target IN (SELECT value FROM json_each(?))",
            id_list(targets),
        )

    def expire(self, before: int) -> list[str]:
        """Dead-letter pending alerts promised before a time (not leased); return alert ids."""
        return self._end(
            AlertState.DEAD,
            DeliveryReason.EXPIRED,
            "state = 'pending' AND created_at < ? AND coalesce(retried_at, created_at) < ?"
            " AND max(coalesce(due_at, 0), coalesce(held_until, 0)) < ?"
            " AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.id = notification"
            " AND n.open = 1 AND n.token <> '' AND n.leased_until > ?)",
            before,
            before,
            before,
            self.now(),
        )

    def drop_alerts(self, ids: Iterable[str]) -> int:
        """Give pending or dead alerts up, by a person's word."""
        dropped = self._end(
            AlertState.DROPPED,
            DeliveryReason.DROPPED,
            "state IN ('pending', 'dead') AND id IN (SELECT value FROM json_each(?))",
            id_list(ids),
        )
        return len(dropped)

    def _end(self, state: AlertState, reason: str, where: str, *values: Any) -> list[str]:
        rows = self._all(
            f"UPDATE alerts SET state = ?, reason = ? WHERE {where}"  # noqa: S608 - constants
            " RETURNING id, notification, created_at",
            state.value,
            str(cleaned(reason)),
            *values,
        )
        self._close_empty({row["notification"] for row in rows if row["notification"]})
        return [row["id"] for row in sorted(rows, key=lambda row: (row["created_at"], row["id"]))]

    def _close_empty(self, notifications: Iterable[str]) -> None:
        self._conn.execute(
            "UPDATE notifications SET open = 0, token = '', leased_until = 0"
            " WHERE open = 1 AND id IN (SELECT value FROM json_each(?)) AND NOT EXISTS"
            " (SELECT 1 FROM alerts a WHERE a.notification = notifications.id"
            " AND a.state = 'pending')",
            (id_list(notifications),),
        )

    def retry_alerts(self, ids: Iterable[str]) -> int:
        """Make dead alerts pending again (in notifications of their own), as if promised now."""
        rows = self._all(
            "UPDATE alerts SET state = 'pending', reason = '', notification = NULL, retried_at = ?,"
            " due_at = NULL, lane = '' WHERE state = 'dead' AND facts <> '{}'"
            " AND id IN (SELECT value FROM json_each(?)) RETURNING id",
            self.now(),
            id_list(ids),
        )
        return len(rows)
