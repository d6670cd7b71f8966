"""A store that forgets when the process ends: for trying things and for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar

from rasid.errors import StorageError
from rasid.protocols import Clock, Reading, Transaction
from storage.memory_reading import MemoryReading
from storage.memory_tables import Tables
from storage.memory_transaction import MemoryTransaction

T = TypeVar("T")


class MemoryStorage:
    """See `rasid.protocols.Storage`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tables = Tables()
        self._lock = threading.Lock()
        self._closed = False

    async def read(self, fn: Callable[[Reading], T]) -> T:
        """Run `fn` on a consistent view."""
        with self._lock:
            self._check_open()
            return fn(MemoryReading(self._tables))

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` in one transaction: on a copy, which is kept only when it ends well."""
        with self._lock:
            self._check_open()
            draft = deepcopy(self._tables)
            result = fn(MemoryTransaction(draft, self._clock))
            self._tables = draft
            return result

    async def backup(self, path: str) -> None:
        """Refuse: there is no file to copy."""
        self._check_open()
        raise StorageError(f"an in-memory store cannot be backed up to {path}")

    async def maintain(self) -> None:
        """Nothing needs it."""
        self._check_open()

    async def close(self) -> None:
        """Forget everything."""
        self._closed = True
        self._tables = Tables()

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError("the in-memory store is closed")
