"""Running the real command line in tests."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from forked import HOSTED, Started

_numbers = itertools.count()


def wait_for(condition: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until a condition holds; fail when it does not come to."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def rasid(
    *arguments: object, check: int | None = 0, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `check` is the exit code that it must have."""
    done = HOSTED.run([*map(str, arguments)], {**os.environ, **env}, seconds=60)
    assert check is None or done.returncode == check, done.stdout + done.stderr
    return done


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the JSON lines of a command."""
    return [json.loads(line) for line in done.stdout.splitlines()]


class Running:
    """`rasid run` with its log, a line each; it is ready when the `with` block begins."""

    process: subprocess.Popen[str] | Started
    log: Sequence[str]

    def said(self, text: str) -> bool:
        return any(text in line for line in self.log)

    def __enter__(self) -> Self:
        wait_for(lambda: self.said("ready:") or self.process.poll() is not None)
        assert self.process.poll() is None, "".join(self.log)
        return self


class Daemon(Running):
    """One started as people do; ended when the `with` block ends."""

    process: subprocess.Popen[str]

    def __init__(self, folder: Path, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rasid", "run", "--config", folder / "rules.yaml",
             "--data-dir", folder / "data"],
            stderr=subprocess.PIPE, text=True, env={**os.environ, **env},
        )  # fmt: skip
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)  # at once: others look at it meanwhile

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self._reader.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()


class ForkedDaemon(Running):
    """The same, forked from a process that loaded what it needs: it starts at once."""

    def __init__(self, folder: Path, **env: str) -> None:
        self._log = folder / f"{next(_numbers)}.log"
        self._log.touch()
        place = ["--config", str(folder / "rules.yaml"), "--data-dir", str(folder / "data")]
        self.process = HOSTED.start(["run", *place], {**os.environ, **env}, self._log)

    @property
    def log(self) -> Sequence[str]:
        return self._log.read_text("utf-8").splitlines(keepends=True)

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(10)
