"""Compiles a gazetteer: places and all their names in one file, read where it lies."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import floor
from pathlib import Path
from typing import Any, Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.places.entries import Entry
from rasid.places.model import Kind
from rasid.places.names import LEAST_UNSPACED, MOST_WORDS, has_article, is_lower, prefixes, words
from rasid.places.skeleton import skeleton
from rasid.text.tokens import is_unspaced

SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
    lat REAL, lon REAL, cell INTEGER, country TEXT NOT NULL, within BLOB NOT NULL,
    population INTEGER NOT NULL, names TEXT NOT NULL
);
CREATE TABLE named (key TEXT PRIMARY KEY, bearers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE prefix (prefix TEXT PRIMARY KEY, longest INTEGER NOT NULL, ordinary INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE skeleton (key TEXT, country TEXT, places BLOB NOT NULL, PRIMARY KEY (key, country))
    WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX place_id ON place (id);
CREATE INDEX place_cell ON place (cell) WHERE cell IS NOT NULL;
ANALYZE;
"""
_MOST_BEARERS: Final = 250  # of one name, the most important first
# countries whose names are transliterated in more ways than GeoNames lists
TRANSLITERATED: Final = frozenset({
    "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "ER", "IL", "IQ", "IR", "JO", "KM", "KW", "LB",
    "LY", "MA", "MR", "OM", "PK", "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "YE",
})  # fmt: skip

Ordinary = Callable[[Iterable[str]], Mapping[str, int]]


def cell_of(lat: float, lon: float) -> int:
    """Return the number of the square of a degree that a point is in."""
    return (floor(lat) + 90) * 360 + (floor(lon) + 180) % 360


def build(path: Path, entries: Sequence[Entry], version: str, ordinary: Ordinary) -> None:
    """Write a gazetteer; containing places come before those that they contain.

    The file appears whole or not at all. `ordinary` returns, per folded word that is also a
    common word, in which languages (bits). Raises `OSError` and SQLite's errors.
    """
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.unlink(missing_ok=True)
    conn = sqlite3.connect(str(temporary), isolation_level=None)
    try:
        conn.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        conn.execute("BEGIN")
        _Writer(conn, entries).write(ordinary)
        conn.execute("INSERT INTO meta VALUES ('version', ?)", (version,))
        conn.execute("COMMIT")
        conn.executescript(_INDEXES)
    except BaseException:
        conn.close()
        temporary.unlink(missing_ok=True)
        raise
    conn.close()
    temporary.replace(path)


class _Writer:
    """Writes the tables, each filled in memory first."""

    def __init__(self, conn: Any, entries: Sequence[Entry]) -> None:
        self._conn = conn
        self._entries = entries
        self._numbers = {entry.id: at for at, entry in enumerate(entries)}
        self._within: list[tuple[int, ...]] = []
        self._bearers: dict[str, array[int]] = {}
        self._longest: dict[str, int] = {}
        self._skeletons: dict[tuple[str, str], list[int]] = {}

    def write(self, ordinary: Ordinary) -> None:
        """Write everything but the indexes."""
        self._conn.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._row(number, entry) for number, entry in enumerate(self._entries)),
        )
        for number, entry in enumerate(self._entries):
            self._file(number, entry)
        self._conn.executemany(
            "INSERT INTO named VALUES (?, ?)",
            ((key, self._ranked(found)) for key, found in sorted(self._bearers.items())),
        )
        common = ordinary(one for one in self._longest if " " not in one)
        self._conn.executemany(
            "INSERT INTO prefix VALUES (?, ?, ?)",
            ((word, most, common.get(word, 0)) for word, most in sorted(self._longest.items())),
        )
        self._conn.executemany(
            "INSERT INTO skeleton VALUES (?, ?, ?)",
            (
                (*key, array("i", dict.fromkeys(found)).tobytes())
                for key, found in sorted(self._skeletons.items())
            ),
        )

    def _row(self, number: int, entry: Entry) -> tuple[Any, ...]:
        known = entry.lat is not None and entry.lon is not None
        within = self._chain(entry)
        self._within.append(within)
        return (
            number,
            entry.id,
            entry.name,
            int(entry.kind),
            entry.lat,
            entry.lon,
            cell_of(entry.lat, entry.lon) if known and not entry.kind.is_area else None,  # type: ignore[arg-type]
            entry.country,
            array("i", within).tobytes(),
            entry.population,
            "\n".join(dict.fromkeys(name.text for name in entry.names)),
        )

    def _chain(self, entry: Entry) -> tuple[int, ...]:
        """Return the numbers of what contains a place, the nearest first."""
        above = self._numbers.get(entry.within)
        if above is not None:
            return (above, *self._within[above])
        country = self._numbers.get(f"country:{entry.country}")
        if country is None or entry.kind <= Kind.COUNTRY:
            return ()
        return (country, *self._within[country])

    def _file(self, number: int, entry: Entry) -> None:
        """Note a place under all its names."""
        for name in entry.names:
            found = words(name.text)
            if not found or len(found) > MOST_WORDS:
                continue
            code = number << 4 | is_lower(name.text) << 3 | name.means << 1 | has_article(name.text)
            self._note(" ".join(found), found, code)
            if len(found) > 1 and _is_joined_often(found[0]):
                joined = "".join(found)
                self._note(joined, [joined], code)
            if entry.country in TRANSLITERATED and (bones := skeleton(found)):
                self._skeletons.setdefault((bones, entry.country), []).append(number)

    def _note(self, key: str, found: Sequence[str], code: int) -> None:
        known = self._bearers.setdefault(key, array("i"))
        if code not in known[-4:]:
            known.append(code)
        for prefix in prefixes(found):
            self._longest[prefix] = max(len(found), self._longest.get(prefix, 0))
        if is_unspaced(key):
            start = key[:LEAST_UNSPACED]
            self._longest[start] = max(len(key), self._longest.get(start, 0))

    def _ranked(self, codes: Sequence[int]) -> bytes:
        """Return the bearers of a name, each once, the most important first."""
        found = sorted(dict.fromkeys(codes), key=lambda code: self._rank(code >> 4))
        return array("i", found[:_MOST_BEARERS]).tobytes()

    def _rank(self, number: int) -> tuple[int, int]:
        entry = self._entries[number]
        return min(entry.kind, Kind.ADMIN1) if entry.kind < Kind.ADMIN2 else 9, -entry.population


def _is_joined_often(word: str) -> bool:
    """Whether names of a script are also written without their spaces: ديرالزور."""
    return "\u0590" <= word[0] <= "\u06ff"
