"""The process's one reactor, in a thread: tests run coroutines in it and wait.

The reactor cannot be started twice in a process, while pytest-asyncio makes a loop per test.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from crawler import runtime

T = TypeVar("T")


class ReactorThread:
    """Runs `crawler.runtime.run` until `stop`."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reactor")
        self._thread.start()
        assert self._ready.wait(20), "the reactor did not start"

    def _run(self) -> None:
        self.result = runtime.run(self._main)

    async def _main(self) -> str:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        return "stopped"

    def __call__(self, make: Callable[[], Coroutine[Any, Any, T]], timeout: float = 60) -> T:
        """Run a coroutine in the reactor's loop; return or raise what it does."""

        async def limited() -> T:
            return await asyncio.wait_for(make(), timeout)

        return asyncio.run_coroutine_threadsafe(limited(), self._loop).result(timeout + 5)

    def stop(self) -> None:
        """End the reactor and join its thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the reactor did not stop"
        assert self.result == "stopped"
