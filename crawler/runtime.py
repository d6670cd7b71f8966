"""One asyncio loop under Twisted's reactor, for the whole life of the process."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_CLEAN_UP_SECONDS: Final = 5.0


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `main` in a loop that is also the reactor's; once in a process.

    Returns or raises what `main` does. Ctrl-C cancels it, as with `asyncio.run`; other
    signals, and that one too where `main` sets a handler of its own, are left to it.
    """
    # not uvloop: it connects below Python's sockets, where the guard sees nothing, and was
    # measured to poll no faster
    loop = asyncio.SelectorEventLoop()
    asyncio.set_event_loop(loop)
    reactor = _install_reactor(loop)
    tasks: list[asyncio.Task[T]] = []
    interrupted = False

    def start() -> None:
        tasks.append(loop.create_task(main()))
        tasks[0].add_done_callback(lambda _: reactor.stop())

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        for task in tasks:
            task.cancel()

    if _is_ours(signal.SIGINT):
        loop.add_signal_handler(signal.SIGINT, interrupt)
    reactor.callWhenRunning(start)
    try:
        reactor.run(installSignalHandlers=False)
    finally:
        _close(loop)
    if interrupted and tasks[0].cancelled():
        raise KeyboardInterrupt
    return tasks[0].result()


def _is_ours(number: signal.Signals) -> bool:
    in_main = threading.current_thread() is threading.main_thread()
    return in_main and signal.getsignal(number) is signal.default_int_handler


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
