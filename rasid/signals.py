"""What signals ask of the daemon: SIGTERM and SIGINT to stop, SIGHUP to reload."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable

from rasid.parts import Parts

log = logging.getLogger("rasid.scheduler")


def handle_signals(stop: asyncio.Event, reload: asyncio.Event) -> None:
    """Set the events when their signals come; a second one to stop ends at once."""
    loop = asyncio.get_running_loop()

    def ask_to_stop(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask_to_stop, number)
    loop.add_signal_handler(signal.SIGHUP, reload.set)


async def reload_on(
    wanted: asyncio.Event, parts: Parts, then: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Reload whenever it is wanted, and do `then` after it; whatever fails, the next counts."""
    while True:
        await wanted.wait()
        wanted.clear()
        try:
            await parts.reload()
            if then is not None:
                await then()
            await parts.beat()
            await parts.tell()
        except Exception:  # the next SIGHUP must find somebody
            log.exception("reload: internal error")
