"""The SQLite store: one writer thread, a few reading ones, each with its own connection."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rasid.errors import StorageError
from rasid.failpoint import reach
from rasid.protocols import Clock, Reading, Transaction
from storage.backup import back_up
from storage.sqlite_connection import (
    BUSY_MS,
    Connection,
    connect,
    damaged,
    fault,
    is_busy,
    translated,
    wrapped,
)
from storage.sqlite_connection import version as version
from storage.sqlite_reading import SqliteReading
from storage.sqlite_schema import check_known, migrate
from storage.sqlite_transaction import SqliteTransaction

T = TypeVar("T")
READERS: Final = 3
TRIES: Final = 3  # each waits up to `busy_ms` for its turn


class SqliteStorage:
    """See `rasid.protocols.Storage`. Opening checks the file and brings its tables up to date."""

    def __init__(self, path: Path, clock: Clock, *, busy_ms: int = BUSY_MS) -> None:
        self._path = path
        self._clock = clock
        self._busy_ms = busy_ms
        self._closed = False
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._writing: Connection | None = None
        with wrapped(path):
            _make_private(path)
            self._again(self._open)
        self._writer = ThreadPoolExecutor(1, "rasid-write")
        self._readers = ThreadPoolExecutor(READERS, "rasid-read")

    def _open(self) -> None:
        conn = connect(self._path, busy_ms=self._busy_ms)
        try:
            if found := fault(conn):
                raise damaged(self._path, found)
            check_known(conn, self._path)
            migrate(conn)
        except BaseException:
            conn.close()
            raise
        self._writing = conn

    async def read(self, fn: Callable[[Reading], T]) -> T:
        """Run `fn` on a consistent view."""
        return await self._run(self._readers, lambda: self._read(fn))

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` in one transaction. Raises `StorageError`, with nothing kept."""
        return await self._run(self._writer, lambda: self._again(lambda: self._write(fn)))

    async def backup(self, path: str) -> None:
        """Write a verified copy; writing goes on meanwhile."""
        await self._run(self._readers, lambda: back_up(self._path, Path(path)))

    async def maintain(self) -> None:
        """File for search what is not yet; shorten the log as far as readers allow."""
        while await self._run(self._writer, self._file):
            continue  # others have their turn between two chunks
        await self._run(self._writer, self._maintain)

    async def close(self) -> None:
        """Finish what runs and close."""
        self._closed = True
        await asyncio.to_thread(self._close)

    async def _run(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closed:
            raise StorageError(f"{self._path} is closed")
        return await asyncio.get_running_loop().run_in_executor(pool, self._wrap, work)

    def _wrap(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            raise translated(error, self._path) from error

    def _again(self, work: Callable[[], T]) -> T:
        for _ in range(TRIES - 1):
            try:
                return work()
            except sqlite3.Error as error:
                if not is_busy(error):
                    raise
        return work()

    def _read(self, fn: Callable[[Reading], T]) -> T:
        conn = getattr(self._local, "conn", None)
        if conn is None:
            conn = self._local.conn = connect(self._path, readonly=True, busy_ms=self._busy_ms)
            self._opened.append(conn)
        conn.execute("BEGIN")
        try:
            return fn(SqliteReading(conn))
        finally:
            if conn.in_transaction:
                conn.execute("ROLLBACK")

    def _write(self, fn: Callable[[Transaction], T]) -> T:
        conn = self._connection()
        try:
            conn.execute("BEGIN IMMEDIATE")
            result = fn(SqliteTransaction(conn, self._clock))
            reach("before_commit")
            conn.execute("COMMIT")
        except BaseException:
            self._roll_back(conn)
            raise
        reach("after_commit")
        return result

    def _connection(self) -> Connection:
        """Return the connection that writes; a new one after one that could not roll back."""
        if self._writing is None:
            self._writing = connect(self._path, busy_ms=self._busy_ms)
        return self._writing

    def _roll_back(self, conn: Connection) -> None:
        try:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
        except sqlite3.Error:
            # the first error is the one to tell; the next write starts with a new connection
            self._writing = None
            conn.close()

    def _file(self) -> int:
        try:
            unfiled = SqliteReading(self._connection()).has_unfiled()
            return self._write(lambda tx: tx.file_items()) if unfiled else 0
        except sqlite3.Error as error:
            if not is_busy(error):
                raise
            return 0

    def _maintain(self) -> None:
        conn = self._connection()
        try:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            conn.execute("PRAGMA optimize").fetchall()
        except sqlite3.Error as error:
            if not is_busy(error):  # somebody else writes: the next time will do
                raise

    def _close(self) -> None:
        self._readers.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()
        if self._writing is not None:  # last: it may then fold the log into the file
            self._writing.close()
            self._writing = None


def _make_private(path: Path) -> None:
    """Make the file readable by its owner alone, whatever the umask; WAL files inherit it.

    A folder that exists is left as it is: it may hold other people's things.
    """
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
        path.parent.chmod(0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if one.exists():
            one.chmod(0o600)
