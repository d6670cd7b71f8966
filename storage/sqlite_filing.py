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
    # of one row, and without RETURNING: any other statement may have to be undone by itself, and
    # before it FTS5 would write what it has gathered of the items before, a segment for each
    filed = conn.execute(
        "INSERT INTO archive (item, first_seen, engine)"
        " VALUES (?, (SELECT first_seen FROM items WHERE id = ?), ?) ON CONFLICT DO NOTHING",
        (item.id, item.id, ENGINE),
    )
    number = filed.lastrowid
    if not filed.rowcount:  # filed before
        number = conn.execute("SELECT id FROM archive WHERE item = ?", (item.id,)).fetchone()[0]
        conn.execute("UPDATE archive SET engine = ? WHERE id = ?", (ENGINE, number))
        conn.execute("DELETE FROM archive_words WHERE rowid = ?", (number,))
    found = words_of(document(item)) if words is None else words
    conn.execute(
        "INSERT INTO archive_words (rowid, words) VALUES (?, ?)",
        (number, clean_text(" ".join(sorted(found)))),
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
