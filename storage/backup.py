"""Copies of the database that were opened and counted before they are called copies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.errors import StorageCorruptError
from storage.sqlite_connection import Connection, connect, wrapped
from storage.sqlite_schema import check_known

_TABLES: Final = (
    "items",
    "revisions",
    "aliases",
    "sightings",
    "sources",
    "matches",
    "alerts",
    "notifications",
    "deliveries",
    "meta",
)
_LATER: Final = (
    "archive",
    "captures",
    "rule_versions",
    "rule_definitions",
)  # an older backup lacks them


def back_up(source: Path, path: Path) -> None:
    """Write a verified copy of a database in use; an older copy at `path` is replaced."""
    part = path.with_name(f".{path.name}.part")
    with wrapped(path):
        try:
            _create(part)
            counts = _copy(source, part)
            if verify(part) != counts:
                raise StorageCorruptError(f"the copy of {source} has other rows than it")
            _move(part, path)
        finally:
            _remove(part)


def _copy(source: Path, part: Path) -> Mapping[str, int]:
    with closing(connect(source)) as conn, closing(sqlite3.connect(str(part))) as copy:
        # counted and copied in one read transaction, so that writers change neither
        conn.execute("BEGIN")
        counts = _count(conn)
        conn.backup(copy)
        conn.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
    return counts


def verify(path: Path) -> Mapping[str, int]:
    """Read a copy through; return its row counts. Raises `StorageCorruptError`.

    A file that does something by itself when it is used is refused as well: Rasid writes none.
    """
    if not path.is_file():  # a pipe would be waited for
        raise StorageCorruptError(f"{path} is not a file")
    with (
        wrapped(path),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn,
    ):
        conn.row_factory = sqlite3.Row
        conn.execute("PRAGMA trusted_schema = OFF")
        found = [row[0] for row in conn.execute("PRAGMA integrity_check")]
        if found != ["ok"] or conn.execute("PRAGMA foreign_key_check").fetchall():
            raise StorageCorruptError(f"{path} is damaged: {'; '.join(found[:3])}")
        missing = set(_TABLES) - {row[0] for row in conn.execute("SELECT name FROM sqlite_schema")}
        if missing:
            raise StorageCorruptError(f"{path} is not a Rasid database: no {min(missing)}")
        own_doing = "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')"
        if row := conn.execute(own_doing).fetchone():
            raise StorageCorruptError(f"{path} has a {row[0]} that is not Rasid's: {row[1][:80]!r}")
        check_known(conn, path)
        return _count(conn)


def restore(backup: Path, path: Path) -> Path | None:
    """Put a verified backup in place of the database; return where the old one was kept.

    Nothing else may use the database meanwhile (the caller holds the lock).
    """
    verify(backup)
    part = path.with_name(f".{path.name}.part")
    with wrapped(path):
        try:
            _create(part)
            shutil.copyfile(backup, part)
            verify(part)
            aside = _set_aside(path)
            _move(part, path)
        finally:
            _remove(part)
    return aside


def _set_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    os.link(path, aside)  # a link: at no moment is there no database
    for end in ("-wal", "-shm"):  # the old log must never meet the new file
        log = Path(f"{path}{end}")
        if log.exists():
            log.rename(f"{aside}{end}")
    return aside


def _count(conn: Connection) -> Mapping[str, int]:
    counted = {}
    there = {row[0] for row in conn.execute("SELECT name FROM sqlite_schema")}
    for table in (*_TABLES, *(name for name in _LATER if name in there)):
        row = conn.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - constants
        counted[table] = int(row[0])
    return counted


def _create(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _remove(part: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        Path(f"{part}{end}").unlink(missing_ok=True)


def _move(part: Path, path: Path) -> None:
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
