"""A compiled gazetteer, read where it lies; what was asked often is remembered."""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from math import cos, floor, radians
from pathlib import Path
from typing import Any, Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.errors import StorageError
from rasid.places.distance import km_between
from rasid.places.model import Kind, Named, Place, Usage
from storage.gazetteer_rows import MARK_BYTES, mark_of, named_of

_PREFIXES: Final = 200_000  # remembered, some 30 MB
_NAMES: Final = 50_000
_NEVER: Final = Usage()
_PLACES: Final = 20_000
_KM_PER_DEGREE: Final = 111.19
_POLAR: Final = 89.0  # degrees from which all longitudes are near


class GazetteerFile:
    """A file that `storage.gazetteer_build` wrote. Any number of threads may ask at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            self._conn = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._conn.execute("PRAGMA mmap_size = 1073741824")
        except sqlite3.Error as error:
            raise StorageError(f"the gazetteer {path} cannot be read: {error}") from error
        try:
            self.version = str(self._one("SELECT value FROM meta WHERE key = 'version'")[0])
            self._marks = bytes(self._one("SELECT value FROM meta WHERE key = 'marks'")[0])
            if len(self._marks) != MARK_BYTES:
                raise StorageError("its marks are cut short")
            self._check_length()
            tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'source'"
            self._has_imports = bool(self._one(tables)[0])
        except (StorageError, TypeError) as error:
            self._conn.close()
            raise StorageError(f"the gazetteer {path} is damaged: {error}") from error
        # one cache an instance: closed with it
        self._prefix = lru_cache(_PREFIXES)(self._read_prefix)
        self.named = lru_cache(_NAMES)(self._read_named)
        self.place = lru_cache(_PLACES)(self._read_place)

    def close(self) -> None:
        """Close the file."""
        self._conn.close()

    def longest(self, prefix: str) -> int:
        """Return how long the longest name is that begins so; 0: none does."""
        mark = mark_of(prefix)
        if not self._marks[mark >> 3] >> (mark & 7) & 1:
            return 0  # surely none does
        return self._prefix(prefix)[0]

    def usage(self, word: str) -> Usage:
        """Return how a folded word without its article is used."""
        return self._prefix(word)[1]

    def spelt_like(self, skeleton: str, country: str) -> Sequence[int]:
        """Return the places of a country with a name of these consonants."""
        row = self._one(
            "SELECT places FROM skeleton WHERE key = ? AND country = ?", skeleton, country
        )
        return array("i", row[0]) if row else ()

    def by_id(self, identity: str) -> Place | None:
        """Return the place of an id."""
        row = self._one("SELECT number FROM place WHERE id = ?", identity)
        return self.place(row[0]) if row else None

    def names(self, number: int) -> Sequence[str]:
        """Return all names of a place as they are written."""
        row = self._one("SELECT names FROM place WHERE number = ?", number)
        return str(row[0]).split("\n") if row else ()

    def sources(self, number: int) -> Sequence[tuple[str, str, bool, int]]:
        """Return what imports said of a place: file, id there, if it is new, names added."""
        if not self._has_imports:
            return ()
        sql = "SELECT origin, ref, new, names FROM source WHERE number = ? ORDER BY origin, ref"
        return [(one, ref, bool(new), names) for one, ref, new, names in self._all(sql, number)]

    def origins(self) -> dict[str, tuple[int, int, int]]:
        """Return of each import how many places are new, merged, and names added to those."""
        if not self._has_imports:
            return {}
        sql = "SELECT origin, sum(new), sum(1 - new), sum(names) FROM source GROUP BY origin"
        return {one: (new, merged, names) for one, new, merged, names in self._all(sql)}

    def examples(self, origin: str) -> list[str]:
        """Return the names of a few places that are new by an import."""
        if not self._has_imports:
            return []
        sql = (
            "SELECT name FROM source JOIN place USING (number) WHERE origin = ? AND new"
            " ORDER BY population DESC, number LIMIT 3"
        )
        return [name for (name,) in self._all(sql, origin)]

    def inside(self, number: int) -> Sequence[Place]:
        """Return what an area contains with nothing between them, areas first."""
        sql = (
            "SELECT number FROM place WHERE substr(within, 1, 4) = ?"
            " ORDER BY kind = 0, min(kind, 5), population DESC, name"
        )
        return [self.place(one) for (one,) in self._all(sql, array("i", [number]).tobytes())]

    def countries(self) -> Sequence[Place]:
        """Return all countries by name."""
        sql = "SELECT number FROM place WHERE kind = 1 ORDER BY name"
        return [self.place(one) for (one,) in self._all(sql)]

    def keys_like(self, start: str) -> Sequence[str]:
        """Return the keys of names that begin so."""
        sql = "SELECT key FROM named WHERE key >= ? AND key < ? LIMIT 20000"
        return [one for (one,) in self._all(sql, start, start + "\U0010ffff")]

    def nearby(self, lat: float, lon: float, km: float) -> Sequence[tuple[float, Place]]:
        """Return the places within a distance of a point, with theirs in km, nearest first."""
        found = []
        for low, high in cells(lat, lon, km):
            sql = "SELECT number, lat, lon FROM place WHERE cell BETWEEN ? AND ?"
            for number, at, along in self._all(sql, low, high):
                distance = km_between(lat, lon, at, along)
                if distance <= km:
                    found.append((distance, number))
        return [(distance, self.place(number)) for distance, number in sorted(found)]

    def count_within(self, number: int) -> int:
        """Return how many places lie in a place, whatever lies between."""
        return self._inside[number]

    def largest_within(self, number: int, most: int) -> Sequence[Place]:
        """Return the towns and spots in a place, those of most people first."""
        sql = (
            "SELECT number FROM place WHERE kind >= 5 AND instr(within, ?)"
            " ORDER BY population DESC, number"
        )
        found = self._all(sql, array("i", [number]).tobytes())
        places = (self.place(one) for (one,) in found)
        return list(islice((one for one in places if number in one.within), most))

    @cached_property
    def _inside(self) -> Counter[int]:
        """How many places lie in each."""
        chains = self._all("SELECT within, count(*) FROM place GROUP BY within")
        found: Counter[int] = Counter()
        for within, many in chains:
            for number in array("i", within):
                found[number] += many
        return found

    def _read_prefix(self, prefix: str) -> tuple[int, Usage]:
        row = self._one("SELECT longest, languages, often FROM prefix WHERE prefix = ?", prefix)
        return (row[0], Usage(row[1], row[2])) if row else (0, _NEVER)

    def _read_named(self, key: str) -> tuple[Named, ...]:
        row = self._one("SELECT bearers FROM named WHERE key = ?", key)
        codes = array("i", row[0]) if row else ()
        return tuple(map(named_of, codes))

    def _read_place(self, number: int) -> Place:
        row = self._one(
            "SELECT number, id, name, kind, lat, lon, country, within, population, capital,"
            " length(names) - length(replace(names, char(10), '')) + 1"
            " FROM place WHERE number = ?", number,
        )  # fmt: skip
        if row is None:
            raise KeyError(number)
        _, identity, name, kind, lat, lon, country, within, population, capital, names = row
        chain = tuple(array("i", within))
        return Place(
            number, identity, name, Kind(kind), lat, lon, country, chain, population,
            bool(capital), names,
        )  # fmt: skip

    def _check_length(self) -> None:
        """Raise `StorageError` when something is missing at the end."""
        ((pages,), (size,)) = self._one("PRAGMA page_count"), self._one("PRAGMA page_size")
        there = self._path.stat().st_size
        if there != pages * size:
            raise StorageError(f"{there} bytes, not {pages * size}")

    def _one(self, sql: str, *values: object) -> Any:
        found = self._all(sql, *values)
        return found[0] if found else None

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._lock:
            try:
                return list(self._conn.execute(sql, values).fetchall())
            except sqlite3.Error as error:
                raise StorageError(
                    f"the gazetteer {self._path} cannot be read: {error}; "
                    "`rasid places build` makes it again"
                ) from error


def cells(lat: float, lon: float, km: float) -> Iterator[tuple[int, int]]:
    """Return ranges of squares that cover a circle."""
    high = km / _KM_PER_DEGREE
    edge = abs(lat) + high
    wide = 180.0 if edge > _POLAR else high / cos(radians(edge))
    west, east = floor(lon - wide) + 180, floor(lon + wide) + 180
    for row in range(floor(max(-90.0, lat - high)) + 90, floor(min(90.0, lat + high)) + 91):
        first = row * 360
        if east - west >= 359:
            yield first, first + 359
        elif west % 360 <= east % 360:
            yield first + west % 360, first + east % 360
        else:  # across the date line
            yield first + west % 360, first + 359
            yield first, first + east % 360
