"""What a whole command costs: wall time, CPU and memory, with every process it starts.

A launcher of its own adopts what the command leaves behind, since workers that a fork server
started are nobody's children when the command has ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
SAMPLE = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    code: int
    wall: float
    cpu: float
    memory: float  # MB; shared pages counted once


def measure(command: list[str], log: Path) -> Cost:
    """Run a command, its output to a file and its errors to one beside it; return its cost."""
    with log.open("wb") as output, Path(f"{log}.err").open("wb") as errors:
        launcher = subprocess.run(
            [sys.executable, "-m", "bench.measure", str(log) + ".json", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            timeout=600,
            check=False,
        )
    if launcher.returncode:
        raise RuntimeError(f"{command[0]} could not be measured, see {log}.err")
    return Cost(**json.loads(Path(str(log) + ".json").read_text()))


def _memory() -> float:
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _launch(report: str, command: list[str]) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = looked = time.monotonic()
    child = os.posix_spawnp(command[0], command, os.environ)
    code, wall, cpu, memory = -1, 0.0, 0.0, 0.0
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        now = time.monotonic()
        if pid:
            cpu += usage.ru_utime + usage.ru_stime
        if pid == child:
            code, wall = os.waitstatus_to_exitcode(status), now - began
        if not pid:
            time.sleep(0.005)
        if now - looked > SAMPLE:
            memory = max(memory, _memory())
            looked = time.monotonic()
    cost = {"code": code, "wall": wall, "cpu": cpu, "memory": memory}
    Path(report).write_text(json.dumps(cost))


if __name__ == "__main__":
    _launch(sys.argv[1], sys.argv[2:])
