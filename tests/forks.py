"""Daemons that start in a fraction of a second: forked from a process that imported everything.

Storage, ingest, delivery, signals and the loop are the daemon's own; the fetch is a plain HTTP
request, and feeds are parsed in line.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from daemon import wait_for

# The host reads `start FOLDER` and `ask PID`, and answers with one line each.
HOST = """
import os, sys, traceback
from contextlib import asynccontextmanager
from pathlib import Path

import apscheduler.schedulers.asyncio, apscheduler.triggers.interval
import twisted.internet.asyncioreactor
import scheduler
from bench.kill_core import PlainCrawler
from rasid import logs
from rasid.config.environment import Place

@asynccontextmanager
async def plain(settings, captures, robots, *, warm):
    yield PlainCrawler()

scheduler.open_crawler = plain

def serve(folder):
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1), os.dup2(log, 2)
    logs.configure()
    try:
        scheduler.run_daemon(Place(folder / "rules.yaml", folder))
    except BaseException:
        traceback.print_exc()
        os._exit(70)
    os._exit(0)

while line := sys.stdin.readline():
    verb, what = line.rstrip().split(" ", 1)
    if verb == "start":
        pid = os.fork()
        if not pid:
            serve(Path(what))
        print(pid, flush=True)
    else:
        done, status = os.waitpid(int(what), os.WNOHANG)
        print(os.waitstatus_to_exitcode(status) if done else "runs", flush=True)
"""


class Forks:
    """The host; what still runs is killed when the `with` block ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._host = subprocess.Popen(
            [sys.executable, "-c", HOST],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
        with self._host as host:
            assert host.stdin is not None
            host.stdin.close()
            host.wait(10)

    def start(self, folder: Path) -> int:
        """Start a daemon and return its process id once it is ready."""
        ready = _times_ready(folder)
        pid = int(self._say(f"start {folder}"))
        self._running.add(pid)
        wait_for(lambda: _times_ready(folder) > ready or self.exit_code(pid) is not None)
        assert pid in self._running, (folder / "log").read_text("utf-8")
        return pid

    def stop(self, pid: int) -> int:
        """Ask a daemon to stop and return its exit code; fail when it takes over 25 seconds."""
        os.kill(pid, signal.SIGTERM)
        codes: list[int] = []

        def ended() -> bool:
            code = self.exit_code(pid)
            codes.extend([] if code is None else [code])
            return bool(codes)

        wait_for(ended, 25)
        return codes[0]

    def exit_code(self, pid: int) -> int | None:
        """Return the exit code of a daemon that ended, None while it runs."""
        said = self._say(f"ask {pid}")
        if said == "runs":
            return None
        self._running.discard(pid)
        return int(said)

    def _say(self, line: str) -> str:
        with self._lock:
            assert self._host.stdin is not None
            assert self._host.stdout is not None
            self._host.stdin.write(line + "\n")
            self._host.stdin.flush()
            return self._host.stdout.readline().strip()


def _times_ready(folder: Path) -> int:
    log = folder / "log"
    return log.read_text("utf-8").count("ready:") if log.exists() else 0
