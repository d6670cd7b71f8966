"""Answers of robots.txt in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable

from rasid.models import RobotsAnswer
from storage.cleaning import clean_text
from storage.sqlite_archive import SqliteArchive


class ReadingRobots(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about robots.txt."""

    def robots(self, origin: str) -> RobotsAnswer | None:
        """Return what the robots.txt of an origin last said."""
        row = self._one("SELECT * FROM robots WHERE origin = ?", clean_text(origin))
        return RobotsAnswer(**row) if row else None


class WritingRobots(ReadingRobots):
    """The part of `rasid.protocols.Transaction` that is about robots.txt."""

    def save_robots(self, answers: Iterable[RobotsAnswer], *, since: int) -> None:
        """Remember answers; forget those from before a time."""
        self._conn.execute("DELETE FROM robots WHERE at < ?", (since,))
        self._conn.executemany(
            "REPLACE INTO robots VALUES (?, ?, ?, ?)",
            [(clean_text(one.origin), one.at, one.status, one.body) for one in answers],
        )
