"""The process that others are forked from (`bench.forks`): daemons, or cores of the kill test.

    python -m bench.fork_host daemon|plain|core

It reads `start` with how to call what is forked, as JSON, and `ask` with a process id. It answers
each with one line: the id of the new process; the exit code of one, or `runs`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any


def main() -> None:
    """Answer until the input ends."""
    serve = {"daemon": _daemon, "plain": _plain_daemon, "core": _core}[sys.argv[1]]()
    context = multiprocessing.get_context("fork")
    processes: dict[str, ForkProcess] = {}
    while line := sys.stdin.readline():
        verb, what = line.rstrip().split(" ", 1)
        if verb == "start":
            process = context.Process(target=serve, kwargs=json.loads(what))
            process.start()
            processes[str(process.pid)] = process
            print(process.pid, flush=True)
        else:
            code = processes[what].exitcode
            print("runs" if code is None else code, flush=True)


def _daemon() -> Callable[..., None]:
    """Load what a daemon needs; return what is one."""
    from bench.prepared import prepare

    prepare()
    return _run


def _run(folder: str) -> None:
    """Be `rasid run` in a folder; what it logs is added to the file `log` there."""
    import rasid.cli

    log = os.open(Path(folder, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(log, number)
    os.environ.update(RASID_LOG_LEVEL="info", RASID_LOG_FORMAT="text")
    rules = str(Path(folder, "rules.yaml"))
    sys.argv = ["rasid", "run", "--config", rules, "--data-dir", folder]
    rasid.cli.main()


def _plain_daemon() -> Callable[..., None]:
    """Return a daemon that fetches without Scrapy and parses in line."""
    run = _daemon()
    import scheduler
    from bench.kill_core import PlainCrawler

    @asynccontextmanager
    async def plain(*_: Any, **__: Any) -> AsyncIterator[PlainCrawler]:
        yield PlainCrawler()

    scheduler.open_crawler = plain  # type: ignore[assignment]
    return run


def _core() -> Callable[..., None]:
    """Load the core of the kill test; return what runs it."""
    from bench.kill_core import main as core
    from rasid.failpoint import arm

    def run(folder: str, rounds: int | None, mutant: str, failpoint: str) -> None:
        arm(failpoint)
        core(folder, rounds, mutant)

    return run


if __name__ == "__main__":
    main()
