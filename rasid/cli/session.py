"""Opening what a command works on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rasid.cli.options import Place
from rasid.protocols import Storage

T = TypeVar("T")


def with_storage(place: Place, use: Callable[[Storage], Awaitable[T]]) -> T:
    """Open the database of a place, run `use` on it, close it."""
    from rasid.clock import wall_clock
    from rasid.config.environment import database
    from storage import open_storage

    async def run() -> T:
        opened = open_storage(database(place), wall_clock)
        try:
            return await use(opened)
        finally:
            await opened.close()

    return asyncio.run(run())


def with_archive(place: Place, use: Callable[[Storage], Awaitable[T]]) -> T:
    """Do as `with_storage`; rules then know where sources are at home, as in the daemon."""
    from rasid.archive.homes import recall_homes
    from rasid.atlas import homes_of

    async def run(storage: Storage) -> T:
        await recall_homes(storage, homes_of(place))
        return await use(storage)

    return with_storage(place, run)
