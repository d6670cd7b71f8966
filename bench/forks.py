"""Processes that start in milliseconds: forked from one that loaded everything.

A `daemon` is `rasid run` with all that belongs to it; a `plain` one fetches by an HTTP request
without Scrapy and parses in line; a `core` is what `bench.kill_core` runs. Not the fork server of
`multiprocessing`: a process has one, and what parses feeds needs it for itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal


class Forks:
    """The host; what still runs is killed when the `with` block ends. For several threads."""

    def __init__(self, kind: Literal["daemon", "plain", "core"]) -> None:
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._host = subprocess.Popen(
            [sys.executable, "-m", "bench.fork_host", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in tuple(self._running):
            self.end(pid)
        with self._host as host:
            assert host.stdin is not None
            host.stdin.close()
            host.wait(10)

    def launch(self, **call: Any) -> int:
        """Fork a process that is called with these; return its id at once."""
        pid = int(self._say(f"start {json.dumps(call)}"))
        self._running.add(pid)
        return pid

    def start(self, folder: Path) -> int:
        """Start the daemon of a folder and return its process id once it is ready."""
        ready = _times_ready(folder)
        pid = self.launch(folder=str(folder))
        _wait(lambda: _times_ready(folder) > ready or self.exit_code(pid) is not None, 30)
        if pid not in self._running:
            raise RuntimeError(f"it did not get ready:\n{(folder / 'log').read_text('utf-8')}")
        return pid

    def stop(self, pid: int) -> int:
        """Ask a daemon to stop and return its exit code; fail when it takes over 25 seconds."""
        os.kill(pid, signal.SIGTERM)  # it is there until its exit code was asked for
        return self.join(pid, 25)

    def kill(self, pid: int) -> None:
        """Kill a process; return once it is dead. Raises when it had ended by itself."""
        if (code := self.end(pid)) != -signal.SIGKILL:
            raise RuntimeError(f"{pid} ended by itself with {code}")

    def end(self, pid: int) -> int:
        """Kill a process if it still runs; return its exit code."""
        os.kill(pid, signal.SIGKILL)
        return self.join(pid, 10)

    def join(self, pid: int, seconds: float) -> int:
        """Wait for the end of a process and return its exit code. Raises `TimeoutError`."""
        codes: list[int] = []

        def ended() -> bool:
            code = self.exit_code(pid)
            codes.extend([] if code is None else [code])
            return bool(codes)

        _wait(ended, seconds)
        return codes[0]

    def exit_code(self, pid: int) -> int | None:
        """Return the exit code of a process that ended, None while it runs."""
        said = self._say(f"ask {pid}")
        if said == "runs":
            return None
        self._running.discard(pid)
        return int(said)

    def runs(self, pid: int) -> bool:
        """Say whether a process runs, as far as was looked."""
        return pid in self._running

    def _say(self, line: str) -> str:
        with self._lock:
            assert self._host.stdin is not None
            assert self._host.stdout is not None
            self._host.stdin.write(line + "\n")
            self._host.stdin.flush()
            return self._host.stdout.readline().strip()


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError(f"it did not happen within {seconds:g} s")
        time.sleep(0.005)


def _times_ready(folder: Path) -> int:
    log = folder / "log"
    return log.read_text("utf-8").count("ready:") if log.exists() else 0
