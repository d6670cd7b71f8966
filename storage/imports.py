"""What was imported, by the file it came from: `places.db` in the data folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlite_utils import Database, Migrations

from rasid.folders import make_folder
from rasid.places.facts import Fact
from storage.sqlite_connection import Connection, connect, wrapped

FILE: Final = "places.db"
migrations: Final = Migrations("rasid-places")
_TABLES: Final = """
CREATE TABLE origins (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, imported_at INTEGER NOT NULL,
    read INTEGER NOT NULL, facts INTEGER NOT NULL
) STRICT;
CREATE TABLE facts (
    origin TEXT NOT NULL REFERENCES origins (name), ref TEXT NOT NULL, kind INTEGER NOT NULL,
    position INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (origin, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_in_order ON facts (kind, origin, position);
"""


@migrations()
def m001_facts(db: Database) -> None:
    """Files and what they say."""
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)


class Origin(NamedTuple):
    """A file that was imported; `imported_at` in microseconds."""

    name: str
    sha256: str
    imported_at: int
    read: int
    facts: int


class Imports:
    """The imports of one data folder; close it."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        with wrapped(self._path):
            make_folder(data_dir)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._conn = connect(self._path)
            if migrations.pending(db := Database(self._conn, execute_plugins=False)):
                with self._writing():
                    migrations.apply(db)

    def close(self) -> None:
        """Close the file."""
        self._conn.close()

    def put(self, name: str, sha256: str, facts: Iterable[Fact], now: int) -> None:
        """Keep what a file says in place of what it said; nothing, if `facts` raises."""
        with wrapped(self._path), self._writing():
            self._conn.execute("DELETE FROM facts WHERE origin = ?", (name,))
            origin = "INSERT OR REPLACE INTO origins VALUES (?, ?, ?, 0, 0)"
            self._conn.execute(origin, (name, sha256, now))
            self._conn.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?)",
                (
                    (name, fact.ref, int(fact.kind), at, msgspec.msgpack.encode(fact))
                    for at, fact in enumerate(facts)
                ),
            )
            self._count(name)
            self._conn.execute("UPDATE origins SET read = facts WHERE name = ?", (name,))

    def has(self, name: str, sha256: str) -> bool:
        """Whether all of a file is there already."""
        return any(
            (one.name, one.sha256, one.facts) == (name, sha256, one.read) for one in self.origins()
        )

    def origins(self) -> list[Origin]:
        """Return the files in the order of their names."""
        with wrapped(self._path):
            rows = self._conn.execute(
                "SELECT name, sha256, imported_at, read, facts FROM origins ORDER BY name"
            )
            return [Origin(*row) for row in rows]

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Return all facts with their origins, those of areas first."""
        decode = msgspec.msgpack.Decoder(Fact).decode
        with wrapped(self._path):
            rows = self._conn.execute(
                "SELECT origin, content FROM facts ORDER BY kind, origin, position"
            )
            for origin, content in rows:
                yield origin, decode(content)

    def fact(self, origin: str, ref: str) -> Fact | None:
        """Return what a file says under an id of its own."""
        with wrapped(self._path):
            row = self._conn.execute(
                "SELECT content FROM facts WHERE origin = ? AND ref = ?", (origin, ref)
            ).fetchone()
        return msgspec.msgpack.decode(row[0], type=Fact) if row else None

    def remove(self, origin: str) -> bool:
        """Forget a file; return whether it was there."""
        with wrapped(self._path), self._writing():
            self._conn.execute("DELETE FROM facts WHERE origin = ?", (origin,))
            done = self._conn.execute("DELETE FROM origins WHERE name = ?", (origin,))
            return bool(done.rowcount)

    def remove_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Forget facts by origin and the id they have there."""
        with wrapped(self._path), self._writing():
            for origin, ref in facts:
                self._conn.execute("DELETE FROM facts WHERE origin = ? AND ref = ?", (origin, ref))
                self._count(origin)

    def version(self) -> str:
        """Return what changes when any fact does; "" when there are none."""
        total = hashlib.sha256()
        for one in self.origins():
            total.update(f"{one.name}\0{one.sha256}\0{one.facts}\n".encode())
        return total.hexdigest()[:12] if self.origins() else ""

    def _count(self, origin: str) -> None:
        self._conn.execute(
            "UPDATE origins SET facts = (SELECT count(*) FROM facts WHERE origin = name)"
            " WHERE name = ?", (origin,),
        )  # fmt: skip

    @contextmanager
    def _writing(self) -> Iterator[None]:
        conn: Connection = self._conn
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            conn.execute("COMMIT")
        finally:
            if conn.in_transaction:
                conn.execute("ROLLBACK")


def imports_version(data_dir: Path | None) -> str:
    """Return the version of what was imported; "" when nothing was."""
    if data_dir is None or not (data_dir / FILE).exists():
        return ""
    imports = Imports(data_dir)
    try:
        return imports.version()
    finally:
        imports.close()
