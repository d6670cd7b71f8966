"""What items that are in a story mean, in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.cleaning import clean_text
from storage.sqlite_archive import SqliteArchive
from storage.sqlite_rows import id_list


class ReadingMeanings(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about meanings."""

    def meanings(self, items: Iterable[str]) -> Mapping[str, bytes]:
        """Return the meanings of items, of those that have one."""
        rows = self._all(
            "SELECT item, meaning FROM story_meanings"
            " WHERE item IN (SELECT value FROM json_each(?))",
            id_list(items),
        )
        return {row["item"]: row["meaning"] for row in rows}


class WritingMeanings(ReadingMeanings):
    """The part of `rasid.protocols.Transaction` that is about meanings."""

    def save_meaning(self, item: str, meaning: bytes, at: int, *, since: int) -> None:
        """Remember what an item means; forget meanings from before a time."""
        self._conn.execute("DELETE FROM story_meanings WHERE at < ?", (since,))
        self._conn.execute(
            "REPLACE INTO story_meanings (item, at, meaning) VALUES (?, ?, ?)",
            (clean_text(item), at, meaning),
        )
