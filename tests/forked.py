"""Commands that start in milliseconds: forked from a process that loaded everything.

What is started is `rasid` with its arguments, environment, output and end of its own; only what it
loads, most of a second each time, is loaded once. `python -m rasid` itself is started by
`Daemon` of `tests/daemon.py`.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent

# The host reads a call as a line of JSON, and answers with the exit code: at once with the process
# id, when it is not to wait. `{"ask": id}` is answered with the exit code of such a one, or null.
HOST = """
import gc, json, multiprocessing, os, signal, sys, time
from multiprocessing import forkserver

import rasid.cli
from bench.prepared import prepare
from crawler.workers import PRELOADED
from rasid import failpoint

prepare()
# what workers are forked from: a command by itself starts one, and asks whether it lives
multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
forkserver.ensure_running()

def serve(call):
    for number, path in enumerate((os.devnull, call["out"], call["err"])):
        handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(handle, number), os.close(handle)
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["env"])
    time.tzset()
    failpoint.arm(os.environ.get("RASID_FAILPOINT", ""))
    if call["waits"]:
        forkserver._forkserver.ensure_running = lambda: None
    else:  # a daemon, which may be killed, starts its own
        forkserver._forkserver._forkserver_pid = None
    sys.argv = ["rasid", *call["arguments"]]
    signal.alarm(call["seconds"])  # which nobody handles: one that hangs is ended
    rasid.cli.main()

def answer(call):
    if "ask" in call:
        return left[call["ask"]].exitcode
    process = context.Process(target=serve, args=(call,))
    process.start()
    if not call["waits"]:
        left[process.pid] = process
        return process.pid
    process.join()
    return process.exitcode

context, left = multiprocessing.get_context("fork"), {}
gc.freeze()
while line := sys.stdin.readline():
    print(json.dumps(answer(json.loads(line))), flush=True)
"""


class Host:
    """The process that commands are forked from; started with the first one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(
        self, arguments: list[str], env: dict[str, str], seconds: int
    ) -> subprocess.CompletedProcess[str]:
        """Run `rasid` to its end; one that hangs is killed after so many seconds."""
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            code = self._ask(
                arguments=arguments, env=env, folder=str(Path.cwd()), seconds=seconds,
                out=out.name, err=err.name, waits=True,
            )  # fmt: skip
            assert code is not None
            told = (Path(file.name).read_text("utf-8") for file in (out, err))
            return subprocess.CompletedProcess(["rasid", *arguments], code, *told)

    def start(self, arguments: list[str], env: dict[str, str], log: Path) -> Started:
        """Start `rasid`, whose messages go to a file; one left behind is killed in the end."""
        pid = self._ask(
            arguments=arguments, env=env, folder=str(Path.cwd()), seconds=300,
            out=os.devnull, err=str(log), waits=False,
        )  # fmt: skip
        assert pid is not None
        return Started(self, pid)

    def exit_code(self, pid: int) -> int | None:
        """Return the exit code of what was started, None while it runs."""
        return self._ask(ask=pid)

    def _ask(self, **call: Any) -> int | None:
        with self._lock:
            host = self._process or self._start()
            assert host.stdin is not None
            assert host.stdout is not None
            host.stdin.write(json.dumps(call) + "\n")
            host.stdin.flush()
            code: int | None = json.loads(host.stdout.readline())
            return code

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOST],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TESTS.parent,
        )  # fmt: skip
        atexit.register(self._end)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            with self._process as host:
                assert host.stdin is not None
                host.stdin.close()


@dataclass(frozen=True)
class Started:
    """A command that was not waited for; to be used as a `subprocess.Popen`."""

    host: Host
    pid: int

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self.host.exit_code(self.pid)

    def wait(self, seconds: float) -> int:
        """Return its exit code once it has ended; fail when that takes longer."""
        ends = time.monotonic() + seconds
        while (code := self.poll()) is None:
            assert time.monotonic() < ends, "it does not end"
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


HOSTED = Host()
