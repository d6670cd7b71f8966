"""Filing items under their words, for search: in the transaction that writes or deletes them."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

from rasid.archive.words import ENGINE, words_of
from rasid.items.documents import document
from rasid.models import Item
from storage.cleaning import clean_text
from storage.sqlite_archive import ITEM, NEWEST
from storage.sqlite_connection import Connection
from storage.sqlite_rows import id_list, item_from

CHUNK: Final = 200  # items filed in one transaction


def file(conn: Connection, item: Item, words: Set[str] | None = None) -> None:
    """File an item anew; its words are worked out here unless they are given."""
    row = conn.execute(
        "INSERT INTO archive (item, first_seen, engine) SELECT id, first_seen, ? FROM items"
        " WHERE id = ? ON CONFLICT DO NOTHING RETURNING id",
        (ENGINE, item.id),
    ).fetchone()
    if row is None:  # filed before
        row = conn.execute(
            "UPDATE archive SET engine = ? WHERE item = ? RETURNING id", (ENGINE, item.id)
        ).fetchone()
        conn.execute("DELETE FROM archive_words WHERE rowid = ?", (row[0],))
    found = words_of(document(item)) if words is None else words
    conn.execute(
        "INSERT INTO archive_words (rowid, words) VALUES (?, ?)",
        (row[0], clean_text(" ".join(sorted(found)))),
    )


def forget(conn: Connection, items: Iterable[str]) -> None:
    """Take items out of the archive."""
    rows = conn.execute(
        "DELETE FROM archive WHERE item IN (SELECT value FROM json_each(?)) RETURNING id",
        (id_list(items),),
    ).fetchall()
    conn.executemany("DELETE FROM archive_words WHERE rowid = ?", [(row[0],) for row in rows])


def file_stale(conn: Connection, limit: int = CHUNK) -> int:
    """File items that no engine, or an older one, has filed; return how many."""
    rows = conn.execute(
        f"{ITEM} FROM archive a JOIN items i ON i.id = a.item JOIN {NEWEST}"
        " WHERE a.engine < ? OR a.engine > ? LIMIT ?",
        (ENGINE, ENGINE, limit),
    ).fetchall()
    for row in rows:
        file(conn, item_from(row))
    return len(rows)
