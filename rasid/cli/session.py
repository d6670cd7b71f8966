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
    from scheduler import database, wall_clock
    from storage import open_storage

    async def run() -> T:
        opened = open_storage(database(place), wall_clock)
        try:
            return await use(opened)
        finally:
            await opened.close()

    return asyncio.run(run())
