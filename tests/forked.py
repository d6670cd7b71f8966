"""Commands that start in milliseconds: forked from a process that loaded everything.

What is started is `rasid` with its arguments, environment, output and end of its own; only what it
loads, most of a second each time, is loaded once. `python -m rasid` itself is started by the
tests of the daemon.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

TESTS = Path(__file__).resolve().parent

# The host reads a call as a line of JSON, and answers with the exit code.
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
forkserver._forkserver.ensure_running = lambda: None

def serve(call):
    for number, path in enumerate((os.devnull, call["out"], call["err"])):
        handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(handle, number), os.close(handle)
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["env"])
    time.tzset()
    failpoint.arm(os.environ.get("RASID_FAILPOINT", ""))
    sys.argv = ["rasid", *call["arguments"]]
    signal.alarm(call["seconds"])  # which nobody handles: one that hangs is ended
    rasid.cli.main()

context = multiprocessing.get_context("fork")
gc.freeze()
while line := sys.stdin.readline():
    process = context.Process(target=serve, args=(json.loads(line),))
    process.start()
    process.join()
    print(process.exitcode, flush=True)
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
            call = {
                "arguments": arguments, "env": env, "folder": str(Path.cwd()),
                "seconds": seconds, "out": out.name, "err": err.name,
            }  # fmt: skip
            with self._lock:
                code = self._ask(json.dumps(call))
            told = (Path(file.name).read_text("utf-8") for file in (out, err))
            return subprocess.CompletedProcess(["rasid", *arguments], code, *told)

    def _ask(self, line: str) -> int:
        host = self._process or self._start()
        assert host.stdin is not None
        assert host.stdout is not None
        host.stdin.write(line + "\n")
        host.stdin.flush()
        return int(host.stdout.readline())

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


HOSTED = Host()
