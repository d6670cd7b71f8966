"""Puts imported facts into a copy of a gazetteer: each to the place it is about, or a new one.

The same place is of the same country and kind, shares a name or its consonants, and lies
within 5 km, areas within 100 km.
"""

from __future__ import annotations

import os
import shutil
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any, Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.places.distance import km_between
from rasid.places.entries import Entry
from rasid.places.facts import Fact
from rasid.places.model import Kind
from rasid.places.names import key, words
from rasid.places.skeleton import skeleton
from storage.gazetteer import cells
from storage.gazetteer_build import Ordinary
from storage.gazetteer_filing import ADDED, DONE, file_added, note_names
from storage.gazetteer_rows import cell_of_entry, write_marks

_NEAR_KM: Final = 5.0
_NEAR_AREA_KM: Final = 100.0
_NEIGHBOUR_KM: Final = 50.0
_PRAGMAS: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_SOURCE: Final = """
CREATE TABLE source (
    number INTEGER NOT NULL, origin TEXT NOT NULL, ref TEXT NOT NULL, new INTEGER NOT NULL,
    names INTEGER NOT NULL, PRIMARY KEY (number, origin, ref)
) WITHOUT ROWID;
"""


def merge(
    base: Path,
    path: Path,
    facts: Iterable[tuple[str, Fact]],
    codes: dict[str, str],
    version: str,
    ordinary: Ordinary,
) -> None:
    """Write a gazetteer of a compiled one and of facts, those of areas first.

    `codes`: ids by GeoNames' codes. The file appears whole or not at all.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        shutil.copyfile(base, temporary)
        conn = sqlite3.connect(str(temporary), isolation_level=None)
        try:
            conn.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SOURCE + ADDED
            )
            conn.execute("BEGIN")
            merger = _Merger(conn, codes)
            for origin, fact in facts:
                merger.add(origin, fact)
            file_added(conn, ordinary)
            write_marks(conn)
            conn.execute("UPDATE meta SET value = ? WHERE key = 'version'", (version,))
            conn.execute("COMMIT")
            conn.executescript(DONE)
        finally:
            conn.close()
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class _Merger:
    """Finds the place of each fact, and what contains it."""

    def __init__(self, conn: Any, codes: dict[str, str]) -> None:
        self._conn = conn
        self._codes = {code: number for code, one in codes.items() if (number := self._by_id(one))}
        self._refs: dict[str, int] = {}  # of areas
        self._next: int = 1 + conn.execute("SELECT max(number) FROM place").fetchone()[0]

    def add(self, origin: str, fact: Fact) -> None:
        """Give a fact to its place."""
        neighbour = None
        country = self._country(fact.country)
        above = self._parent(fact, country)
        if (above is None or not country) and fact.lat is not None and fact.lon is not None:
            neighbour = self._neighbour(fact.lat, fact.lon, country)
        country = country or self._field("country", above) or self._field("country", neighbour)
        number = self._known(fact, country)
        if new := number is None:
            number = self._insert(origin, fact, country, above, neighbour)
            fresh = [name.text for name in fact.names]
        else:
            fresh = self._extend(number, fact, above)
        if fact.kind.is_area:
            self._refs.setdefault(fact.ref, number)
            if fact.code:
                self._codes.setdefault(fact.code, number)
        note_names(self._conn, number, country, fresh)
        self._conn.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?)",
            (number, origin, fact.ref, new, 0 if new else len(fresh)),
        )

    def _known(self, fact: Fact, country: str) -> int | None:
        """Return the place that a fact is about."""
        if fact.id and (found := self._by_id(fact.id)) is not None:
            return found
        wanted = _marks("\n".join(name.text for name in fact.names))
        near = self._areas(fact, country) if fact.kind.is_area else self._points(fact, country)
        alike = [one for one in near if not wanted.isdisjoint(_marks(one[2]))]
        return min(alike)[1] if alike else None

    def _areas(self, fact: Fact, country: str) -> Iterator[tuple[float, int, str]]:
        sql = "SELECT number, lat, lon, names FROM place WHERE country = ? AND kind = ?"
        for number, lat, lon, names in self._conn.execute(sql, (country, int(fact.kind))):
            if fact.lat is None or fact.lon is None or lat is None:
                yield 0.0, number, names
            elif (km := km_between(fact.lat, fact.lon, lat, lon)) <= _NEAR_AREA_KM:
                yield km, number, names

    def _points(self, fact: Fact, country: str) -> Iterator[tuple[float, int, str]]:
        if fact.lat is None or fact.lon is None:
            return
        for km, number, kind, land, names in self._around(fact.lat, fact.lon, _NEAR_KM):
            if kind == fact.kind and land == country:
                yield km, number, names

    def _around(
        self, lat: float, lon: float, km: float
    ) -> Iterator[tuple[float, int, int, str, str]]:
        sql = (
            "SELECT number, lat, lon, kind, country, names FROM place"
            " WHERE cell = ? AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
        )
        high = km / 111.0
        wide = high / max(0.01, cos(radians(min(89.0, abs(lat) + high))))
        if abs(lon) + wide > 180:  # the date line: all of the squares are looked at
            wide = 360.0
        squares = (one for low, last in cells(lat, lon, km) for one in range(low, last + 1))
        for square in squares:
            bounds = (square, lat - high, lat + high, lon - wide, lon + wide)
            rows = self._conn.execute(sql, bounds)
            for number, north, east, kind, country, names in rows:
                if (distance := km_between(lat, lon, north, east)) <= km:
                    yield distance, number, kind, country, names

    def _neighbour(self, lat: float, lon: float, country: str) -> int | None:
        """Return the nearest place of a country, any if it is not known."""
        for km in (_NEAR_KM, _NEIGHBOUR_KM):
            near = [one for one in self._around(lat, lon, km) if country in ("", one[3])]
            if near:
                return min(near)[1]
        return None

    def _parent(self, fact: Fact, country: str) -> int | None:
        """Return what contains a place, as its file says."""
        for one in fact.parents:
            how, _, text = one.partition(":")
            if how == "ref":
                found = self._refs.get(text)
                found = self._by_id(text) if found is None else found
            elif how == "code":
                found = self._codes.get(text)
            else:
                found = self._area_named(text, country)
            if found is not None and int(self._field("kind", found)) < fact.kind:
                return found
        return None

    def _area_named(self, text: str, country: str) -> int | None:
        """Return the area of a name, of a country if it is known."""
        row = self._conn.execute("SELECT bearers FROM named WHERE key = ?", (key(text),)).fetchone()
        for bearer in array("i", row[0]) if row else ():
            sql = "SELECT kind, country FROM place WHERE number = ?"
            kind, land = self._conn.execute(sql, (bearer >> 4,)).fetchone()
            if kind < Kind.TOWN and country in ("", land):
                return int(bearer >> 4)
        sql = "SELECT number, names FROM place WHERE country = ? AND kind IN (2, 3, 4)"
        rows = self._conn.execute(sql, (country,)) if country else ()
        wanted = key(text)
        return next((int(one) for one, names in rows if wanted in _marks(names)), None)

    def _country(self, text: str) -> str:
        """Return the code of a country given by code or name; "" when it is none."""
        if len(text) == 2 and self._by_id(f"country:{text.upper()}") is not None:
            return text.upper()
        return self._field("country", self._area_named(text, "")) if text else ""

    def _insert(
        self, origin: str, fact: Fact, country: str, above: int | None, neighbour: int | None
    ) -> int:
        number = self._next
        self._next += 1
        identity = fact.id or f"import:{origin}:{fact.ref}"
        within = self._chain(above)
        if not within and neighbour is not None:
            within = tuple(
                one for one in array("i", self._field("within", neighbour))
                if int(self._field("kind", one)) <= min(Kind.ADMIN1, fact.kind - 1)
            )  # fmt: skip
        if not within and country:
            within = self._chain(self._by_id(f"country:{country}"))
        entry = Entry(identity, fact.name, (), fact.kind, country, "", fact.lat, fact.lon)
        row = (
            number, identity, fact.name, int(fact.kind), fact.lat, fact.lon, cell_of_entry(entry),
            country, array("i", within).tobytes(), fact.population,
            "\n".join(name.text for name in fact.names),
        )  # fmt: skip
        self._conn.execute("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", row)
        return number

    def _chain(self, above: int | None) -> tuple[int, ...]:
        return () if above is None else (above, *array("i", self._field("within", above)))

    def _extend(self, number: int, fact: Fact, above: int | None) -> list[str]:
        """Add to a place what it lacks; return the names that are new."""
        known = str(self._field("names", number)).split("\n")
        fresh = [name.text for name in fact.names if name.text not in known]
        within = array("i", self._field("within", number))
        chain = self._chain(above)
        if len(chain) > len(within) and number not in chain:
            within = array("i", chain)
        self._conn.execute(
            "UPDATE place SET names = ?, within = ?, population = max(population, ?),"
            " lat = coalesce(lat, ?), lon = coalesce(lon, ?) WHERE number = ?",
            ("\n".join([*known, *fresh]), within.tobytes(), fact.population, fact.lat, fact.lon,
             number),
        )  # fmt: skip
        return fresh

    def _by_id(self, identity: str) -> int | None:
        row = self._conn.execute("SELECT number FROM place WHERE id = ?", (identity,)).fetchone()
        return row[0] if row else None

    def _field(self, field: str, number: int | None) -> Any:
        """Return a column of a place; "" without one."""
        if number is None:
            return ""
        sql = f"SELECT {field} FROM place WHERE number = ?"  # noqa: S608 - constants
        return self._conn.execute(sql, (number,)).fetchone()[0]


@lru_cache(20_000)
def _marks(names: str) -> frozenset[str]:
    """Return the keys of names, and their consonants."""
    found = set()
    for name in names.split("\n"):
        parts = words(name)
        if parts:
            found.add(" ".join(parts))
        if bones := skeleton(parts):
            found.add(bones.upper())  # keys have no capitals
    return frozenset(found)
