"""The store as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from rasid.protocols.reading import Reading
from rasid.protocols.transaction import Transaction

T = TypeVar("T")
Clock = Callable[[], int]  # UTC microseconds


class Storage(Protocol):
    """A database. `fn` is synchronous, does no I/O of its own and may be run again."""

    async def read(self, fn: Callable[[Reading], T]) -> T:
        """Run `fn` on a consistent view."""

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` in one transaction. Raises `StorageError`, with nothing kept.

        `StorageUnavailableError` when the store fails and not what was to be written.
        """

    async def backup(self, path: str) -> None:
        """Write a verified copy."""

    async def maintain(self) -> None:
        """File for search what is not yet, shorten logs: to be called when idle."""

    async def close(self) -> None:
        """Finish what runs and close."""
