"""Silences, acknowledgements and escalations in the SQLite store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rasid.models import Ack, Alert, Silence
from storage.cleaning import clean_text, cleaned
from storage.sqlite_archive import SqliteArchive
from storage.sqlite_rows import alert_from, id_list


class ReadingPeople(SqliteArchive):
    """See `rasid.protocols.people.PeopleReading`."""

    def silences(self, *, ending_after: int) -> list[Silence]:
        """Return silences that end after a time, those that end first first."""
        rows = self._all(
            "SELECT * FROM silences WHERE ends_at > ? ORDER BY ends_at, id", ending_after
        )
        return [_silence(row) for row in rows]

    def silences_named(self, part: str) -> list[Silence]:
        """Return the silences whose id begins or ends with `part`, three at most."""
        part = clean_text(part)
        rows = self._all(
            "SELECT * FROM silences WHERE substr(id, 1, length(?1)) = ?1"
            " OR substr(id, -length(?1)) = ?1 ORDER BY id DESC LIMIT 3",
            part,
        )
        return [_silence(row) for row in rows] if part else []

    def acks(self, abouts: Iterable[str]) -> list[Ack]:
        """Return what was acknowledged of stories or subjects, oldest first."""
        rows = self._all(
            "SELECT rule, about, at, alert, author, note FROM acks"
            " WHERE about IN (SELECT value FROM json_each(?)) ORDER BY at, about, rule",
            id_list(abouts),
        )
        return [Ack(*row) for row in rows]

    def alerts_since(self, at: int) -> list[Alert]:
        """Return alerts created at a time or later, oldest first."""
        rows = self._all("SELECT * FROM alerts WHERE created_at >= ? ORDER BY created_at, id", at)
        return [alert_from(row) for row in rows]

    def alerts_of_story(self, story: str, limit: int) -> list[Alert]:
        """Return the newest alerts about items of a story, not about what became of them."""
        rows = self._all(
            "SELECT a.* FROM story_items m JOIN alerts a INDEXED BY alerts_about"
            " ON a.subject = 'item:' || m.item WHERE m.story = ?"
            " ORDER BY a.created_at DESC, a.id DESC LIMIT ?",
            clean_text(story),
            limit,
        )
        return [alert_from(row) for row in rows]

    def alerts_of_notification(self, notification: str) -> list[Alert]:
        """Return the alerts that are told in one notification, oldest first."""
        rows = self._all(
            "SELECT * FROM alerts WHERE notification = ? ORDER BY created_at, id",
            clean_text(notification),
        )
        return [alert_from(row) for row in rows]

    def due_escalations(self, now: int, limit: int) -> list[Alert]:
        """Return alerts whose time to be acknowledged is over, the longest due first."""
        rows = self._all(
            "SELECT a.* FROM escalations e JOIN alerts a ON a.id = e.alert"
            " WHERE e.at <= ? ORDER BY e.at, e.alert LIMIT ?",
            now,
            limit,
        )
        return [alert_from(row) for row in rows]


class WritingPeople(ReadingPeople):
    """See `rasid.protocols.people.PeopleWriting`."""

    def add_ack(self, ack: Ack) -> None:
        """Store that something was acknowledged."""
        self._conn.execute(
            "INSERT INTO acks (rule, about, at, alert, author, note)"
            " VALUES (:rule, :about, :at, :alert, :author, :note) ON CONFLICT DO NOTHING",
            asdict(cleaned(ack)),
        )

    def set_escalation(self, alert: str, at: int | None) -> None:
        """Remember until when an alert is to be acknowledged; None: no longer."""
        alert = clean_text(alert)
        if at is None:
            self._conn.execute("DELETE FROM escalations WHERE alert = ?", (alert,))
        else:
            self._conn.execute("INSERT OR REPLACE INTO escalations VALUES (?, ?)", (alert, at))

    def _forget_people(self, before: int) -> None:
        self._conn.execute("DELETE FROM silences WHERE ends_at < ?", (before,))
        self._conn.execute("DELETE FROM acks WHERE at < ?", (before,))
        self._conn.execute("DELETE FROM escalations WHERE at < ?", (before,))


def _silence(row: Mapping[str, Any]) -> Silence:
    values = dict(row)
    found = {name: tuple(those) for name, those in json.loads(values.pop("matchers")).items()}
    return Silence(matchers=found, **values)
