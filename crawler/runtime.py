"""One asyncio loop under Twisted's reactor, for the whole life of the process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_CLEAN_UP_SECONDS: Final = 5.0


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `main` in a loop that is also the reactor's; once in a process.

    Returns or raises what `main` does. Signals are left to the caller.
    """
    # not uvloop: it connects below Python's sockets, where the guard sees nothing, and was
    # measured to poll no faster
    loop = asyncio.SelectorEventLoop()
    asyncio.set_event_loop(loop)
    reactor = _install_reactor(loop)
    tasks: list[asyncio.Task[T]] = []

    def start() -> None:
        task = loop.create_task(main())
        task.add_done_callback(lambda _: reactor.stop())
        tasks.append(task)

    reactor.callWhenRunning(start)
    try:
        reactor.run(installSignalHandlers=False)
    finally:
        _close(loop)
    return tasks[0].result()


def _install_reactor(loop: asyncio.AbstractEventLoop) -> Any:
    if "twisted.internet.reactor" in sys.modules:
        raise RuntimeError("a reactor is installed already: run() works once in a process")
    from twisted.internet import asyncioreactor

    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    from twisted.internet import reactor

    return reactor


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """End what is left, as `asyncio.run` does."""
    if left := asyncio.all_tasks(loop):
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=_CLEAN_UP_SECONDS))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    asyncio.set_event_loop(None)
    loop.close()
