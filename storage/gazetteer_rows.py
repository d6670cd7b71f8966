"""How a gazetteer's file is laid out: its tables, and what of a name goes into which."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from typing import Any, Final, NamedTuple
from zlib import crc32

from rasid.places.entries import Entry, Name
from rasid.places.model import Kind, Means, Named
from rasid.places.names import (
    LEAST_UNSPACED,
    MOST_WORDS,
    is_lower,
    joined,
    prefixes,
    words_and_article,
)
from rasid.places.skeleton import COUNTRIES, skeleton
from rasid.text.tokens import is_unspaced

MARK_BYTES: Final = 1 << 22
_MARKS: Final = MARK_BYTES * 8 - 1
SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL);
CREATE TABLE place (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
    lat REAL, lon REAL, cell INTEGER, country TEXT NOT NULL, within BLOB NOT NULL,
    population INTEGER NOT NULL, names TEXT NOT NULL, capital INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE named (key TEXT PRIMARY KEY, bearers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE prefix (
    prefix TEXT PRIMARY KEY, longest INTEGER NOT NULL, languages INTEGER NOT NULL,
    often INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE skeleton (key TEXT, country TEXT, places BLOB NOT NULL, PRIMARY KEY (key, country))
    WITHOUT ROWID;
"""
INDEXES: Final = """
CREATE UNIQUE INDEX place_id ON place (id);
CREATE INDEX place_cell ON place (cell, lat, lon) WHERE cell IS NOT NULL;
CREATE INDEX place_area ON place (country, kind) WHERE kind < 5;
"""
MOST_BEARERS: Final = 250  # of one name, the most important first


class Filed(NamedTuple):
    """What one name of a place is filed under; `bearer` is the place with what the name says."""

    keys: tuple[str, ...]
    prefixes: tuple[tuple[str, int], ...]  # with the length of the name
    bearer: int
    skeleton: str


def filed(number: int, name: Name, country: str) -> Filed | None:
    """Return what a name is filed under; None for what no text would be searched for."""
    found, article = words_and_article(name.text)
    if not found or len(found) > MOST_WORDS:
        return None
    bearer = bearer_of(number, name.means, article=article, lower=is_lower(name.text))
    key = " ".join(found)
    keys: tuple[str, ...] = (key,)
    starts = [(key, len(found))]
    if len(found) > 1:
        starts = [(prefix, len(found)) for prefix in prefixes(found)]
    if len(found) > 1 and _is_joined_often(found[0]):
        keys = (key, together := joined(name.text))
        starts.append((together, 1))
    if not key.isascii() and is_unspaced(key):
        starts.append((key[:LEAST_UNSPACED], len(key)))
    bones = skeleton(found) if country in COUNTRIES else ""
    return Filed(keys, tuple(starts), bearer, bones)


def bearer_of(number: int, means: Means, *, article: bool, lower: bool) -> int:
    """Return a place with what a name says of it, as one number."""
    return number << 4 | lower << 3 | means << 1 | article


def named_of(bearer: int) -> Named:
    """Return what `bearer_of` was given."""
    means = Means(bearer >> 1 & 3)
    return Named(bearer >> 4, means, bool(bearer & 1), bool(bearer >> 3 & 1))


def rank(kind: int, population: int) -> tuple[int, int]:
    """Return what the bearers of one name are sorted by, the most important first."""
    return kind if kind < Kind.ADMIN2 else 9, -population


def mark_of(prefix: str) -> int:
    """Return the bit that stands for a prefix where it is asked whether there is such at all."""
    return crc32(prefix.encode()) & _MARKS


def write_marks(conn: Any) -> None:
    """Write the bits of what begins names: most words do not, and so are told.

    One word in thirty of those has the bit of another, and is looked up in vain.
    """
    marks = bytearray(MARK_BYTES)
    for row in conn.execute("SELECT prefix FROM prefix WHERE longest > 0"):
        mark = mark_of(row[0])
        marks[mark >> 3] |= 1 << (mark & 7)
    conn.execute("INSERT OR REPLACE INTO meta VALUES ('marks', ?)", (bytes(marks),))


def cell_of(lat: float, lon: float) -> int:
    """Return the number of the square of a degree that a point is in."""
    return (floor(lat) + 90) * 360 + (floor(lon) + 180) % 360


def cell_of_entry(entry: Entry) -> int | None:
    """Return the square that a place is found in; areas are found in none."""
    if entry.lat is None or entry.lon is None or entry.kind.is_area:
        return None
    return cell_of(entry.lat, entry.lon)


def distinct(names: tuple[Name, ...]) -> Iterator[str]:
    """Return names as they are written, each once; those of a place's people are none."""
    yield from dict.fromkeys(name.text for name in names if name.means is not Means.DEMONYM)


def _is_joined_often(word: str) -> bool:
    """Whether names of a script are also written without their spaces: ديرالزور."""
    return "\u0590" <= word[0] <= "\u06ff"
