"""Worker processes that parse: one that hangs or swells is killed, the daemon goes on.

Feeds can make a parser run for minutes (thousands of attributes, each looked for among all) or eat
memory, so each parse runs in a process with limits on wall time, CPU time and memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import math
import multiprocessing
import os
import resource
import select
import signal
import sys
from concurrent.futures import BrokenExecutor
from typing import Final

from pebble import ProcessExpired, ProcessPool

from crawler.records import ParseHints, ParseOutcome
from rasid.failpoint import reach
from rasid.models import PollReason

GIB: Final = 1 << 30
# loaded once in the server that workers are forked from: a new worker starts at once
PRELOADED: Final = ["crawler.kinds", "crawler.workers"]
_PR_SET_PDEATHSIG: Final = 1
_TASKS_OF_A_WORKER: Final = 2000  # then it is replaced: parsers leak a little
_STOPPING: Final = ParseOutcome(None, PollReason.INTERNAL, "the parser is stopping")
_EMPTY_FEED: Final = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


class ParsePool:
    """Parses in killable processes; every outcome is a value.

    `wall` and `cpu` are seconds per feed, `memory` bytes per process. `close` has to be awaited.
    """

    def __init__(
        self, workers: int = 2, wall: float = 10.0, cpu: float = 10.0, memory: int = GIB
    ) -> None:
        self._workers, self._wall, self._cpu, self._memory = workers, wall, cpu, memory
        self._closed = False
        self._running: set[asyncio.Future[ParseOutcome]] = set()
        self._pool = self._new_pool()
        self._started = False
        self._starting = asyncio.Lock()

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_OF_A_WORKER,
            initializer=_confine,
            initargs=(self._memory,),
            context=context,
        )

    async def warm_up(self) -> None:
        """Start the workers, so that the first poll is quick."""
        hints = ParseHints(url="http://localhost/")
        await asyncio.gather(*(self.parse(_EMPTY_FEED, hints) for _ in range(self._workers)))

    async def parse(self, body: bytes, hints: ParseHints) -> ParseOutcome:
        """Return the items of a feed, or PARSE_TIMEOUT where the worker had to be killed."""
        await self._start()
        if self._closed:
            return _STOPPING
        if not self._pool.active:  # a worker could not be started, for want of memory say
            self._pool = self._new_pool()
        task = self._pool.schedule(_work, args=(body, hints, self._cpu), timeout=self._wall)
        future: asyncio.Future[ParseOutcome] = asyncio.wrap_future(task)
        self._running.add(future)
        try:
            return await future
        except TimeoutError:
            return ParseOutcome(None, PollReason.PARSE_TIMEOUT, f"took over {self._wall:g} s")
        except ProcessExpired as error:
            return _expired(error)
        except BrokenExecutor:
            return _STOPPING
        except asyncio.CancelledError:
            if _cancelled():
                raise
            return _STOPPING
        finally:
            self._running.discard(future)

    async def _start(self) -> None:
        """Start the workers with the first feed, beside the loop: what they load takes a while."""
        if self._started:
            return
        async with self._starting:
            if not self._started and not self._closed:
                await asyncio.to_thread(lambda: self._pool.active)
                self._started = True

    async def close(self) -> None:
        """End the workers; a feed that one was at will be polled again."""
        self._closed = True
        async with self._starting:  # what starts is there to be ended
            self._started = True
        for future in tuple(self._running):
            future.cancel()
        self._pool.stop()  # type: ignore[no-untyped-call]
        with contextlib.suppress(TimeoutError):  # they die with their parent anyway
            await asyncio.to_thread(self._pool.join, 5)


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _expired(error: ProcessExpired) -> ParseOutcome:
    if error.exitcode == -signal.SIGXCPU:
        return ParseOutcome(None, PollReason.PARSE_TIMEOUT, "took too much processor time")
    return ParseOutcome(None, PollReason.PARSE_ERROR, f"the parser died ({error.exitcode})")


# --- in the worker -----------------------------------------------------------------------


def _confine(memory: int) -> None:
    """Limit this process."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the daemon, which drains
    if sys.platform == "linux":
        _die_with_daemon()
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_AS, memory)


def _die_with_daemon() -> None:
    """Have the kernel kill this process, busy as it may be, when the daemon ends.

    The parent as the kernel sees it is the fork server, which outlives a killed daemon as long
    as a worker is busy; the daemon itself holds the other end of the sentinel's pipe.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    daemon = multiprocessing.parent_process()
    assert daemon is not None, "only a worker calls this"
    pipe = daemon.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it died before the request
        os._exit(1)


def _set_limit(kind: int, soft: int) -> None:
    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(ValueError, OSError):  # above a stricter limit, which then holds
        resource.setrlimit(kind, (soft, hard))


def _work(body: bytes, hints: ParseHints, cpu: float) -> ParseOutcome:
    from crawler.kinds import parse  # the daemon itself needs no parser

    reach("parse_worker")
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + cpu))
    return parse(body, hints)
