"""Compiles a gazetteer: places and all their names in one file, read where it lies."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.places.entries import Entry
from rasid.places.model import Kind, Usage
from storage.gazetteer_rows import (
    INDEXES,
    MOST_BEARERS,
    SCHEMA,
    Filed,
    cell_of_entry,
    distinct,
    filed,
    rank,
    write_marks,
)

Ordinary = Callable[[Iterable[str]], Mapping[str, Usage]]
_PRAGMAS: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;"


def build(
    path: Path,
    entries: Sequence[Entry],
    version: str,
    ordinary: Ordinary,
    step: Callable[[str], None] = lambda _: None,
) -> None:
    """Write a gazetteer; containing places come before those that they contain.

    The file appears whole or not at all. `ordinary` returns how folded words are used, those
    that are names only not. `step` is called with the name of what was done.
    Raises `OSError` and SQLite's errors.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    packed = path.with_name(f"{path.name}.{os.getpid()}.packed")
    temporary.unlink(missing_ok=True)
    packed.unlink(missing_ok=True)
    conn = sqlite3.connect(str(temporary), isolation_level=None)
    try:
        conn.executescript(_PRAGMAS + SCHEMA)
        conn.execute("BEGIN")
        _Writer(conn, entries, step).write(ordinary)
        write_marks(conn)
        conn.execute("INSERT INTO meta VALUES ('version', ?)", (version,))
        conn.execute("COMMIT")
        conn.executescript(INDEXES)
        conn.execute("VACUUM INTO ?", (str(packed),))  # full pages: a sixteenth less
        conn.close()
        packed.replace(path)
    finally:
        conn.close()
        temporary.unlink(missing_ok=True)
        packed.unlink(missing_ok=True)


class _Writer:
    """Writes the tables, each filled in memory first."""

    def __init__(self, conn: Any, entries: Sequence[Entry], step: Callable[[str], None]) -> None:
        self._conn = conn
        self._entries = entries
        self._step = step
        self._numbers = {entry.id: at for at, entry in enumerate(entries)}
        self._within: list[tuple[int, ...]] = []
        self._bearers: dict[str, int | list[int]] = {}  # most names have one
        self._longest: dict[str, int] = {}
        self._skeletons: dict[tuple[str, str], list[int]] = {}

    def write(self, ordinary: Ordinary) -> None:
        """Write everything but the indexes."""
        self._fill("place", 12, (self._row(at, one) for at, one in enumerate(self._entries)))
        self._step("places")
        for number, entry in enumerate(self._entries):
            for name in entry.names:
                if found := filed(number, name, entry.country):
                    self._note(number, entry.country, found)
        self._step("names")
        ranked = ((key, self._ranked(found)) for key, found in sorted(self._bearers.items()))
        self._fill("named", 2, ranked)
        self._bearers.clear()
        self._step("keys")
        common = ordinary(one for one in self._longest if " " not in one)
        self._step("words")
        for word in common:
            self._longest.setdefault(word, 0)
        self._fill(
            "prefix",
            4,
            ((*one, *common.get(one[0], Usage())) for one in sorted(self._longest.items())),
        )
        bones = sorted(self._skeletons.items())
        self._fill("skeleton", 3, ((*key, array("i", found).tobytes()) for key, found in bones))
        self._step("prefixes")

    def _fill(self, table: str, columns: int, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * columns)
        self._conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def _row(self, number: int, entry: Entry) -> tuple[Any, ...]:
        within = self._chain(entry)
        self._within.append(within)
        return (
            number,
            entry.id,
            entry.name,
            int(entry.kind),
            entry.lat,
            entry.lon,
            cell_of_entry(entry),
            entry.country,
            array("i", within).tobytes(),
            entry.population,
            "\n".join(distinct(entry.names)),
            entry.capital,
        )

    def _chain(self, entry: Entry) -> tuple[int, ...]:
        """Return the numbers of what contains a place, the nearest first."""
        chain: tuple[int, ...] = ()
        above = self._numbers.get(entry.within)
        if above is None and entry.kind > Kind.COUNTRY:
            above = self._numbers.get(f"country:{entry.country}")
        if above is not None:
            chain = (above, *self._within[above])
        regions = (self._numbers[one] for one in entry.regions)
        return tuple(dict.fromkeys((*chain, *regions)))

    def _note(self, number: int, country: str, found: Filed) -> None:
        """Note a place under what one of its names is filed under."""
        for key in found.keys:
            known = self._bearers.setdefault(key, found.bearer)
            if isinstance(known, list):
                known.append(found.bearer)
            elif known != found.bearer:
                self._bearers[key] = [known, found.bearer]
        longest = self._longest
        for prefix, length in found.prefixes:
            if length > longest.get(prefix, 0):
                longest[prefix] = length
        if found.skeleton:
            alike = self._skeletons.setdefault((found.skeleton, country), [])
            if number not in alike[-1:]:
                alike.append(number)

    def _ranked(self, bearers: int | list[int]) -> bytes:
        """Return the bearers of a name, each once, the most important first."""
        if isinstance(bearers, int):
            return array("i", (bearers,)).tobytes()
        found = sorted(dict.fromkeys(bearers), key=self._rank)
        return array("i", found[:MOST_BEARERS]).tobytes()

    def _rank(self, bearer: int) -> tuple[int, int]:
        entry = self._entries[bearer >> 4]
        return rank(entry.kind, entry.population)
