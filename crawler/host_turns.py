"""Politeness: one request at a time to a host, none while it wants none, so many over all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from crawler.urls import check_url, host_of
from rasid.protocols import Clock

T = TypeVar("T")


class QuietError(Exception):
    """Raised in place of asking a host that wants no request for `wait` microseconds."""

    def __init__(self, host: str, wait: int) -> None:
        super().__init__(f"{host} asked us to slow down")
        self.wait = wait


class HostTurns:
    """Work on `concurrency` hosts at once, each at most `seconds` long, first come first served."""

    def __init__(self, clock: Clock, concurrency: int, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._slots = asyncio.Semaphore(concurrency)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._quiet: dict[str, int] = {}  # host -> when it may be asked again

    async def take(self, url: str, work: Callable[[], Awaitable[T]]) -> T:
        """Wait for the host's turn and a free slot; the clock of the work starts after that.

        Raises `QuietError` while the host has asked not to be asked.
        """
        check_url(url)
        host = host_of(url)
        lock = self._locks.get(host) or self._locks.setdefault(host, asyncio.Lock())
        async with lock:
            if wait := self._quiet_for(host):
                raise QuietError(host, wait)
            return await self.slot(work)

    async def slot(self, work: Callable[[], Awaitable[T]]) -> T:
        """Wait for a free slot alone, whatever else is asked of the host meanwhile."""
        async with self._slots, asyncio.timeout(self._seconds):
            return await work()

    def keep_quiet(self, url: str, wait: int) -> None:
        """Ask a host for nothing for so many microseconds, by its own word."""
        self._quiet[host_of(url)] = self._clock() + wait

    def _quiet_for(self, host: str) -> int:
        left = self._quiet.get(host, 0) - self._clock()
        if left <= 0:
            self._quiet.pop(host, None)
            return 0
        return left
