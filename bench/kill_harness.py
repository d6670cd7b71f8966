"""One world of the kill test: an outlet, a sink, a data folder, and who is killed in it."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from bench.kill_result import Result, compare
from bench.kill_world import Outlet, Sink, configuration, counted, make_due
from rasid.failpoint import arm

DRAIN_ROUNDS = 5


class Harness(ABC):
    """One outlet, one sink with two receivers, one data folder."""

    rate = 16  # items a second: few enough that a send carries one to three alerts

    def __init__(self, folder: Path, seed: str) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.sink = Sink(self.random.random())
        self.outlet = Outlet(self.random.random(), self.rate)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rules.yaml").write_text(
            configuration(self.outlet.port, self.sink.port), encoding="utf-8"
        )

    def kept(self) -> int:
        """Return how many items are in the database."""
        return int(counted(self.folder / "rasid.db", check=False)["items"])

    def publish_on(self) -> None:
        """Let the outlet go on, as far as the database follows."""
        self.outlet.publish_on(self.kept())

    def has_met(self, kills: int, alerts: int) -> bool:
        """Say whether so many kills met work, and so many alerts are at stake."""
        at_stake = 2 * len(self.outlet.published)
        return at_stake >= alerts and min(self.kept(), len(self.sink.told)) >= kills

    @abstractmethod
    def drain(self, mutant: str = "") -> None:
        """Run once more undisturbed, until nothing is pending."""

    def judge(self, result: Result, mutant: str = "") -> Result:
        """Publish nothing more, deliver what is left, compare what was promised and told."""
        self.outlet.pause()
        result.kept_early, result.told_early = self.kept(), len(self.sink.told)
        self.drain(mutant)
        published = self.outlet.published
        database = counted(self.folder / "rasid.db")
        result.published, result.items = len(published), int(database["items"])
        result.quick_check = str(database["quick_check"])
        return compare(result, self.sink.told, self.sink.promised(published))

    def close(self) -> None:
        """Stop the servers."""
        self.outlet.close()
        self.sink.close()


def _core(folder: str, rounds: int | None, mutant: str, failpoint: str) -> None:
    from bench.kill_core import main  # loaded before the fork; the harness itself needs it not

    arm(failpoint)
    main(folder, rounds, mutant)


class CoreHarness(Harness):
    """Runs the core in a forked process, so that a start costs milliseconds."""

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.kill_core"])

    def start(
        self, rounds: int | None = None, mutant: str = "", failpoint: str = ""
    ) -> multiprocessing.Process:
        """Start the core; return once it polls."""
        (self.folder / "ready").unlink(missing_ok=True)
        process = self.context.Process(
            target=_core, args=(str(self.folder), rounds, mutant, failpoint)
        )
        process.start()
        wait_for(lambda: (self.folder / "ready").exists() or not process.is_alive())
        return process  # type: ignore[return-value]

    def drain(self, mutant: str = "") -> None:
        """Poll some rounds, then deliver until nothing is pending."""
        process = self.start(DRAIN_ROUNDS, mutant)
        process.join(90)
        if process.exitcode != 0:
            process.kill()
            raise RuntimeError(f"the last run ended with {process.exitcode}")

    def kill_once(self, lives: float = 1, mutant: str = "") -> None:
        """Start, wait a random moment of at most so many quarters of a second, kill."""
        process = self.start(mutant=mutant)
        time.sleep(self.random.uniform(0, 0.25 * lives))
        if not process.is_alive():
            raise RuntimeError(f"the core ended by itself with {process.exitcode}")
        process.kill()
        process.join()


class DaemonHarness(Harness):
    """Runs the real daemon."""

    rate = 10  # a start takes seconds

    def start(self) -> subprocess.Popen[str]:
        """Start `rasid run` with its source due; return once it says that it is ready."""
        make_due(self.folder / "rasid.db")
        command = [sys.executable, "-m", "rasid", "run"]
        options = ["--config", self.folder / "rules.yaml", "--data-dir", self.folder]
        process = subprocess.Popen(  # its own environment, so that nothing leaks in
            [*command, *options],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "RASID_LOG_LEVEL": "info", "RASID_LOG_FORMAT": "text"},
        )
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "ready:" in line:
                threading.Thread(target=_swallow, args=(process,), daemon=True).start()
                return process
        raise RuntimeError("the daemon did not get ready:\n" + "".join(said))

    def seed(self) -> None:
        """Run until the first poll is stored: its items alert nobody."""
        process = self.start()
        wait_for(lambda: self.outlet.polls > 0)
        time.sleep(0.5)
        _end(process)

    def kill_once(self, lives: float = 1) -> None:
        """Start, wait a random moment of at most so many half seconds, kill."""
        process = self.start()
        time.sleep(self.random.uniform(0, 0.5 * lives))
        if process.poll() is not None:
            raise RuntimeError(f"the daemon ended by itself with {process.returncode}")
        process.kill()
        process.wait()

    def drain(self, mutant: str = "") -> None:
        """Poll and deliver until nothing is missing or a minute has passed."""
        process = self.start()
        promised = self.sink.promised(self.outlet.published)
        wait_for(lambda: not self.sink.missing(promised), seconds=60)
        _end(process)


def _swallow(process: subprocess.Popen[str]) -> None:
    """Read the rest of a daemon's log, so that it never waits for a reader."""
    assert process.stderr is not None
    with process.stderr:
        for _ in process.stderr:
            continue


def _end(process: subprocess.Popen[str]) -> None:
    """Stop a daemon in order; kill and report one that does not stop."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until a condition holds; say whether it came to."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.002)
    return False
