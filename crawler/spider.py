"""The one spider: it keeps the engine open, which fetches what polls ask for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider
from scrapy.http import Response

from rasid.protocols import Captures, RobotsCache


class PollSpider(Spider):
    """Lives as long as the daemon.

    Polls use `engine.download_async` and not this spider's requests: there an exception
    reaches its caller, and no poll waits behind another host's queue.
    """

    name = "rasid"

    def __init__(
        self,
        opened: asyncio.Event,
        closing: asyncio.Event,
        captures: Captures | None = None,
        robots: RobotsCache | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._opened = opened
        self._closing = closing
        self.captures = captures
        """Where fetches leave what went over the wire."""
        self.robots = robots
        """What hosts said before, in this process or another."""

    async def start(self) -> AsyncIterator[Any]:
        """Say that the engine is ready, then keep it so until the crawler closes."""
        self._opened.set()
        await self._closing.wait()
        nothing: tuple[Any, ...] = ()
        for request in nothing:  # a generator by its yield
            yield request

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Receive nothing: every response goes to the poll that asked."""
