"""Files imported places under their names: noted one by one, put into the tables together."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from rasid.places.entries import Name
from rasid.places.model import Usage
from storage.gazetteer_build import Ordinary
from storage.gazetteer_rows import MOST_BEARERS, filed, rank

ADDED: Final = """
CREATE TABLE added_key (key TEXT NOT NULL, bearer INTEGER NOT NULL);
CREATE TABLE added_prefix (prefix TEXT NOT NULL, longest INTEGER NOT NULL);
CREATE TABLE added_bones (key TEXT NOT NULL, country TEXT NOT NULL, number INTEGER NOT NULL);
"""
DONE: Final = "DROP TABLE added_key; DROP TABLE added_prefix; DROP TABLE added_bones;"


def note_names(conn: Any, number: int, country: str, texts: Iterable[str]) -> None:
    """Note a place under its new names."""
    for text in texts:
        found = filed(number, Name(text), country)
        if found is None:
            continue
        keys = ((one, found.bearer) for one in found.keys)
        conn.executemany("INSERT INTO added_key VALUES (?, ?)", keys)
        conn.executemany("INSERT INTO added_prefix VALUES (?, ?)", found.prefixes)
        if found.skeleton:
            bones = (found.skeleton, country, number)
            conn.execute("INSERT INTO added_bones VALUES (?, ?, ?)", bones)


def file_added(conn: Any, ordinary: Ordinary) -> None:
    """Put what was noted into the tables that are read."""
    _file_keys(conn)
    rows = conn.execute("SELECT prefix, max(longest) FROM added_prefix GROUP BY prefix").fetchall()
    known = {one for (one,) in conn.execute(
        "SELECT prefix FROM prefix WHERE prefix IN (SELECT prefix FROM added_prefix)"
    )}  # fmt: skip
    common = ordinary(one for one, _ in rows if one not in known and " " not in one)
    conn.executemany(
        "INSERT INTO prefix VALUES (?, ?, ?, ?)"
        " ON CONFLICT (prefix) DO UPDATE SET longest = max(longest, excluded.longest)",
        ((one, longest, *common.get(one, Usage())) for one, longest in rows),
    )
    _file_bones(conn)


def _file_bones(conn: Any) -> None:
    """Put the bearers of consonants among those that bore them."""
    sql = (
        "SELECT key, country, group_concat(number) FROM"
        " (SELECT DISTINCT key, country, number FROM added_bones) GROUP BY key, country"
    )
    for bones, country, numbers in conn.execute(sql).fetchall():
        row = conn.execute(
            "SELECT places FROM skeleton WHERE key = ? AND country = ?", (bones, country)
        ).fetchone()
        found = dict.fromkeys([*array("i", row[0] if row else b""), *map(int, numbers.split(","))])
        conn.execute(
            "INSERT OR REPLACE INTO skeleton VALUES (?, ?, ?)",
            (bones, country, array("i", found).tobytes()),
        )


def _file_keys(conn: Any) -> None:
    """Put the bearers of names among those that bore them."""

    @lru_cache(50_000)
    def ranked(number: int) -> tuple[int, int]:
        sql = "SELECT kind, population FROM place WHERE number = ?"
        return rank(*conn.execute(sql, (number,)).fetchone())

    conn.execute("CREATE INDEX added_key_key ON added_key (key)")
    rows = conn.execute("SELECT key, group_concat(bearer) FROM added_key GROUP BY key")
    for one, bearers in rows:
        row = conn.execute("SELECT bearers FROM named WHERE key = ?", (one,)).fetchone()
        found = dict.fromkeys([*array("i", row[0] if row else b""), *map(int, bearers.split(","))])
        best = sorted(found, key=lambda bearer: ranked(bearer >> 4))[:MOST_BEARERS]
        conn.execute(
            "INSERT OR REPLACE INTO named VALUES (?, ?)", (one, array("i", best).tobytes())
        )
