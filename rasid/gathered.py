"""Small reads of one kind, made together: what is asked for while one runs is read by the next.

A read in a thread costs the loop more than it takes the store to find a row, and polls of many
hosts ask for theirs at about the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from rasid.protocols import Reading, Storage

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Gathered(Generic[K, V]):
    """Reads by key. What is returned was read after it was asked for."""

    def __init__(self, storage: Storage, look: Callable[[Reading, K], V]) -> None:
        """`look` reads one; it has to be quick, since others wait for it."""
        self._storage, self._look = storage, look
        self._asked: dict[K, list[asyncio.Future[V]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V:
        """Return what stands under a key. Raises `StorageError`."""
        loop = asyncio.get_running_loop()
        found: asyncio.Future[V] = loop.create_future()
        self._asked.setdefault(key, []).append(found)
        if self._reading is None:
            self._reading = loop.create_task(self._read())
        return await found

    async def _read(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, {}
                await self._answer(asked)
        finally:
            self._reading = None

    async def _answer(self, asked: dict[K, list[asyncio.Future[V]]]) -> None:
        waiting = [(key, one) for key, those in asked.items() for one in those]
        try:
            found = await self._storage.read(
                lambda view: {key: self._look(view, key) for key in asked}
            )
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            for _, one in waiting:
                if not one.done():
                    one.set_exception(error)
            return
        for key, one in waiting:
            if not one.done():  # else nobody waits any more
                one.set_result(found[key])
