"""How a connection is opened, what it is told, and what its errors are called."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.errors import (
    StorageCorruptError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
)

BUSY_MS: Final = 10_000
_SAFE_SINCE: Final = (3, 51, 3)  # before it two connections could corrupt a WAL file

_PRAGMAS: Final = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "journal_size_limit = 67108864",
    "wal_autocheckpoint = 1000",
    "mmap_size = 0",
    "trusted_schema = OFF",
    "cache_size = -4000",  # KB of each connection; the system keeps the rest of the file
)

# https://www.sqlite.org/rescode.html
_BUSY, _LOCKED, _CORRUPT, _FULL, _NOTADB = 5, 6, 11, 13, 26
# No memory, read-only, an I/O error, cannot be opened, locking protocol: nobody can write now.
_UNAVAILABLE: Final = frozenset({7, 8, 10, 14, 15})
# What a full disk looks like when it is not SQLITE_FULL: write, fsync, truncate, shared memory;
# and plain SQLITE_IOERR, since pysqlite3 loses the extended code of a failed COMMIT.
_IOERR_FULL: Final = frozenset({10, 10 | 3 << 8, 10 | 4 << 8, 10 | 6 << 8, 10 | 19 << 8})

Connection = Any  # pysqlite3's or the standard library's; both have the same face


def version() -> tuple[str, bool]:
    """Return SQLite's version and whether it is free of the WAL corruption bug."""
    text = str(sqlite3.sqlite_version)
    return text, tuple(map(int, text.split("."))) >= _SAFE_SINCE


def connect(path: Path, *, readonly: bool = False, busy_ms: int = BUSY_MS) -> Connection:
    """Open an existing database file; transactions are begun by hand."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if readonly else 'rw'}"
    conn = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=busy_ms / 1000
    )
    try:
        conn.row_factory = sqlite3.Row
        conn.execute(f"PRAGMA busy_timeout = {int(busy_ms)}")
        if not readonly:
            _use_wal(conn)
        for pragma in (*_PRAGMAS, *(("query_only = ON",) if readonly else ())):
            conn.execute(f"PRAGMA {pragma}")
    except BaseException:
        conn.close()
        raise
    return conn


def _use_wal(conn: Connection) -> None:
    if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        conn.execute("PRAGMA journal_mode = WAL")


def fault(conn: Connection) -> str:
    """Return what is wrong with a file, "" when it is sound.

    The words of the archive are left out: FTS5 has no quick check, its whole one takes three
    times as long as everything else, and they can be made again.
    """
    rows = conn.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'archive_words*'"
    )
    for table in ["sqlite_schema", *(row[0] for row in rows.fetchall())]:
        found = conn.execute(f"PRAGMA quick_check('{table}')").fetchone()[0]
        if found != "ok":
            return str(found)
    return ""


def is_busy(error: BaseException) -> bool:
    """Say whether trying again may help."""
    return isinstance(error, sqlite3.Error) and (_code(error) & 0xFF) in (_BUSY, _LOCKED)


@contextmanager
def wrapped(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFullError(f"no space left for {path}: {error}") from error
        raise StorageUnavailableError(f"{path}: {error}") from error


def translated(error: Exception, path: Path) -> StorageError:
    """Return our error for one of SQLite's."""
    code = _code(error)
    if code & 0xFF in (_CORRUPT, _NOTADB):
        return damaged(path, str(error))
    if code & 0xFF == _FULL or code in _IOERR_FULL:
        return StorageFullError(f"{path} cannot grow (no space left, or the disk fails): {error}")
    if code & 0xFF in (_BUSY, _LOCKED):
        return StorageUnavailableError(f"{path} is locked by another process: {error}")
    if code & 0xFF in _UNAVAILABLE:
        return StorageUnavailableError(f"{path}: {error}")
    return StorageError(f"{path}: {error}")


def damaged(path: Path, what: str) -> StorageCorruptError:
    """Return the error of a damaged file, with the way out."""
    return StorageCorruptError(
        f"{path} is damaged: {what}. Stop Rasid, then put back the newest backup with "
        f"`rasid restore BACKUP`; the damaged file is kept beside it."
    )


def _code(error: BaseException) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code
    # raised by the driver itself (a closed connection), or a driver that hides the code
    return _NOTADB if "not a database" in str(error) else 0
