"""What sources showed last and what was withdrawn, in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.cleaning import clean_text
from storage.sqlite_gates import ReadingGates, WritingGates
from storage.sqlite_meanings import ReadingMeanings, WritingMeanings
from storage.sqlite_robots import ReadingRobots, WritingRobots
from storage.sqlite_rows import id_list


class ReadingWindows(ReadingGates, ReadingMeanings, ReadingRobots):
    """The part of `rasid.protocols.Reading` that is about withdrawn items."""

    def window(self, source: str) -> str:
        """Return what `save_window` stored of a source, "" when there is nothing."""
        row = self._one("SELECT shown FROM windows WHERE source = ?", clean_text(source))
        return str(row["shown"]) if row else ""

    def withdrawn(self, items: Iterable[str]) -> Mapping[str, int]:
        """Return since when items are withdrawn, of those that are."""
        rows = self._all(
            "SELECT item, at FROM withdrawn WHERE item IN (SELECT value FROM json_each(?))",
            id_list(items),
        )
        return {row["item"]: row["at"] for row in rows}

    def sources_of(self, item: str) -> set[str]:
        """Return the sources that have shown an item."""
        rows = self._all("SELECT source FROM sightings WHERE item = ?", clean_text(item))
        return {row["source"] for row in rows}


class WritingWindows(ReadingWindows, WritingGates, WritingMeanings, WritingRobots):
    """The part of `rasid.protocols.Transaction` that is about withdrawn items."""

    def save_window(self, source: str, shown: str) -> None:
        """Remember what a source showed."""
        self._conn.execute("REPLACE INTO windows VALUES (?, ?)", (clean_text(source), shown))

    def mark_withdrawn(self, items: Iterable[str], at: int | None) -> None:
        """Remember since when items are withdrawn; None: they no longer are."""
        if at is None:
            self._conn.execute(
                "DELETE FROM withdrawn WHERE item IN (SELECT value FROM json_each(?))",
                (id_list(items),),
            )
            return
        self._conn.execute(
            "INSERT OR IGNORE INTO withdrawn SELECT value, ? FROM json_each(?)",
            (at, id_list(items)),
        )
