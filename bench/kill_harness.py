"""One world of the kill test: an outlet, a sink, a data folder, and who is killed in it."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from bench.forks import Forks
from bench.kill_result import Result, compare
from bench.kill_world import Outlet, Sink, configuration, counted, make_due

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

    def is_behind(self) -> bool:
        """Say whether little more than half of the alerts is told yet: the machine is slow."""
        return len(self.sink.told) < 1.2 * len(self.outlet.published)

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


class CoreHarness(Harness):
    """Runs the core in a forked process, so that a start costs milliseconds."""

    def __init__(self, folder: Path, seed: str, forks: Forks) -> None:
        """`forks`: of cores."""
        super().__init__(folder, seed)
        self.forks = forks
        self._pid = 0

    def start(self, rounds: int | None = None, mutant: str = "", failpoint: str = "") -> int:
        """Start the core; return its process id once it polls."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        pid = self._pid = self.forks.launch(
            folder=str(self.folder), rounds=rounds, mutant=mutant, failpoint=failpoint
        )
        wait_for(lambda: ready.exists() or self.forks.exit_code(pid) is not None)
        return pid

    def drain(self, mutant: str = "") -> None:
        """Poll some rounds, then deliver until nothing is pending."""
        code = self.forks.join(self.start(DRAIN_ROUNDS, mutant), 90)
        if code != 0:
            raise RuntimeError(f"the last run ended with {code}")

    def kill_once(self, lives: float = 1, mutant: str = "") -> None:
        """Start, wait a random moment of at most so many quarters of a second, kill."""
        pid = self.start(mutant=mutant)
        time.sleep(self.random.uniform(0, 0.25 * lives))
        self.forks.kill(pid)

    def close(self) -> None:
        """Stop the servers, and a core that still runs."""
        super().close()
        if self.forks.runs(self._pid):
            self.forks.end(self._pid)


class DaemonHarness(Harness):
    """Runs the real daemon, forked from a process that loaded what it needs."""

    rate = 10  # a start takes seconds on a slow machine

    def __init__(self, folder: Path, seed: str, forks: Forks) -> None:
        """`forks`: of daemons."""
        super().__init__(folder, seed)
        self.forks = forks

    def start(self) -> int:
        """Start `rasid run` with its source due; return its process id once it is ready."""
        make_due(self.folder / "rasid.db")
        return self.forks.start(self.folder)

    def seed(self) -> None:
        """Run until the first poll is stored: its items alert nobody."""
        pid = self.start()
        wait_for(lambda: self.outlet.polls > 0)
        time.sleep(0.5)
        self.forks.stop(pid)

    def kill_once(self, lives: float = 1) -> None:
        """Start, wait a random moment of at most so many half seconds, kill."""
        pid = self.start()
        time.sleep(self.random.uniform(0, 0.5 * lives))
        self.forks.kill(pid)

    def drain(self, mutant: str = "") -> None:
        """Poll and deliver until nothing is missing or a minute has passed."""
        pid = self.start()
        promised = self.sink.promised(self.outlet.published)
        wait_for(lambda: not self.sink.missing(promised), seconds=60)
        self.forks.stop(pid)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until a condition holds; say whether it came to."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.002)
    return False
