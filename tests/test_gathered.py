"""Small reads that are made together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from rasid.errors import StorageError
from rasid.gathered import Gathered


class Slow:
    """A store whose reads take until they may end, and are counted."""

    def __init__(self) -> None:
        self.rows = {"a": 1, "b": 2}
        self.reads = 0
        self.go = asyncio.Event()
        self.error: Exception | None = None

    async def read(self, fn: Callable[[Any], Any]) -> Any:
        self.reads += 1
        found = fn(self)
        await self.go.wait()
        if self.error:
            raise self.error
        return found


def gathered(store: Slow) -> Gathered[str, int | None]:
    return Gathered(store, lambda view, key: view.rows.get(key))  # type: ignore[arg-type]


async def ask(get: Gathered[str, int | None], *keys: str) -> list[asyncio.Task[int | None]]:
    tasks = [asyncio.create_task(get(key)) for key in keys]
    await asyncio.sleep(0.01)
    return tasks


async def test_what_is_asked_for_at_once_is_read_together() -> None:
    store = Slow()
    get = gathered(store)
    store.go.set()
    assert await asyncio.gather(*map(get, ("a", "b", "a", "none"))) == [1, 2, 1, None]
    assert store.reads == 1
    assert await get("b") == 2
    assert store.reads == 2


async def test_what_is_asked_for_while_one_runs_is_read_after_it() -> None:
    store = Slow()
    get = gathered(store)
    first = await ask(get, "a")
    later = await ask(get, "a", "b", "b")
    assert store.reads == 1
    store.rows["a"] = 9
    store.go.set()
    assert await first[0] == 1
    assert await asyncio.gather(*later) == [9, 2, 2]
    assert store.reads == 2


async def test_an_error_is_told_to_all_who_wait_and_to_nobody_after() -> None:
    store = Slow()
    get = gathered(store)
    waiting = await ask(get, "a", "b")
    store.error = StorageError("locked")
    store.go.set()
    for one in waiting:
        with pytest.raises(StorageError, match="locked"):
            await one
    store.error = None
    assert await get("a") == 1


async def test_one_that_no_longer_waits_keeps_nobody() -> None:
    store = Slow()
    get = gathered(store)
    gone, stays = await ask(get, "a", "b")
    gone.cancel()
    await asyncio.sleep(0)
    store.go.set()
    assert await stays == 2
    assert gone.cancelled()
