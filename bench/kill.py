"""The kill test: publishes, kills at random moments, and compares what was promised and sent.

    python -m bench.kill --kills 900 --daemon-kills 100

What `kill -9` cannot show is a power loss: the page cache survives it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.kill_core import MUTANTS
from bench.kill_core import main as core
from bench.kill_world import Outlet, Sink, configuration, counted, make_due

CONCURRENCY = 4  # sends in flight: the bound of duplicates a kill
DRAIN_ROUNDS = 5


@dataclass
class Result:
    """What one run of the harness found."""

    variant: str
    seed: int
    kills: int = 0
    expected: int = 0
    lost: int = 0
    duplicates: int = 0
    retold: int = 0  # copies with another alert id than the first
    seconds: float = 0.0
    database: dict[str, int | str] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        """Return what breaks the guarantee, in words."""
        found = []
        if self.lost:
            found.append(f"{self.lost} of {self.expected} alerts lost")
        if self.duplicates > self.kills * CONCURRENCY:
            found.append(f"{self.duplicates} duplicates, more than {CONCURRENCY} a kill")
        if self.retold:
            found.append(f"{self.retold} duplicates under another alert id")
        if self.database["items"] != self.expected // 2:
            found.append(f"{self.database['items']} items kept of {self.expected // 2} published")
        if self.database.get("quick_check", "ok") != "ok":
            found.append(f"database: {self.database['quick_check']}")
        return found


class Harness:
    """One outlet, one sink with two receivers, one data folder."""

    rate = 40  # items a second

    def __init__(self, folder: Path, seed: int) -> None:
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

    def close(self) -> None:
        """Stop the servers."""
        self.outlet.close()
        self.sink.close()


class CoreHarness(Harness):
    """Runs the core in a forked process, so that a start costs milliseconds."""

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.kill_core"])

    def start(self, rounds: int | None = None, mutant: str = "") -> multiprocessing.Process:
        """Start the core; return once it polls."""
        (self.folder / "ready").unlink(missing_ok=True)
        process = self.context.Process(target=core, args=(str(self.folder), rounds, mutant))
        process.start()
        wait_for(lambda: (self.folder / "ready").exists() or not process.is_alive())
        return process  # type: ignore[return-value]

    def drain(self, mutant: str = "") -> None:
        """Run once more undisturbed, until nothing is pending."""
        process = self.start(DRAIN_ROUNDS, mutant)
        process.join(90)
        if process.exitcode != 0:
            process.kill()
            raise RuntimeError(f"the last run ended with {process.exitcode}")

    def kill_once(self, mutant: str = "") -> None:
        """Start, wait a random moment, kill."""
        process = self.start(mutant=mutant)
        time.sleep(self.random.uniform(0, 0.25))
        if not process.is_alive():
            raise RuntimeError(f"the core ended by itself with {process.exitcode}")
        process.kill()
        process.join()


class DaemonHarness(Harness):
    """Runs the real daemon."""

    rate = 10  # a start takes seconds, and the feed must not scroll past meanwhile

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

    def kill_once(self) -> None:
        """Start, wait at most half a second after it is ready, kill."""
        process = self.start()
        time.sleep(self.random.uniform(0, 0.5))
        process.kill()
        process.wait()

    def drain(self) -> None:
        """Poll and deliver by rounds until nothing is missing or a minute has passed."""
        process = self.start()
        wait_for(lambda: not self.sink.missing(self.outlet.published), seconds=60)
        end(process)


def _swallow(process: subprocess.Popen[str]) -> None:
    """Read the rest of a daemon's log, so that it never waits for a reader."""
    assert process.stderr is not None
    with process.stderr:
        for _ in process.stderr:
            continue


def end(process: subprocess.Popen[str]) -> None:
    """Stop a daemon in order; kill and report one that does not stop."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def wait_for(condition, seconds: float = 30) -> bool:  # type: ignore[no-untyped-def]
    """Wait until a condition holds; say whether it came to."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.002)
    return False


def run_core(kills: int, seed: int, mutant: str = "", *, stop_early: bool = False) -> Result:
    """Kill the core; a mutant may stop at its first fault."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        harness = CoreHarness(Path(folder), seed)
        try:
            harness.drain()  # the first poll seeds; nothing is published yet
            harness.outlet.open()
            done = 0
            while done < kills:
                harness.kill_once(mutant)
                harness.outlet.await_reader(harness.kept())
                done += 1
                if stop_early and done % 10 == 0 and _judge(harness, mutant, seed, done).faults:
                    break
            return _judge(harness, mutant, seed, done, began)
        finally:
            harness.close()


def _judge(harness: CoreHarness, mutant: str, seed: int, kills: int, began: float = 0.0) -> Result:
    harness.outlet.pause()
    harness.drain(mutant)
    result = _compare(harness, f"core {mutant}".strip(), seed, kills)
    harness.outlet.open()
    result.seconds = time.monotonic() - began
    return result


def run_daemon(kills: int, seed: int) -> Result:
    """Kill the daemon."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        harness = DaemonHarness(Path(folder), seed)
        try:
            process = harness.start()
            wait_for(lambda: harness.outlet.polls > 0)
            time.sleep(0.5)
            end(process)
            harness.outlet.open()
            for _ in range(kills):
                harness.kill_once()
                harness.outlet.await_reader(harness.kept())
            harness.outlet.pause()
            harness.drain()
            result = _compare(harness, "daemon", seed, kills)
            result.seconds = time.monotonic() - began
            return result
        finally:
            harness.close()


def _compare(harness: Harness, variant: str, seed: int, kills: int) -> Result:
    published = harness.outlet.published
    copies = Counter((told.receiver, told.title) for told in harness.sink.told)
    ids: dict[tuple[str, str], set[str]] = {}
    for told in harness.sink.told:
        ids.setdefault((told.receiver, told.title), set()).add(told.alert)
    return Result(
        variant,
        seed,
        kills,
        expected=2 * len(published),
        lost=len(harness.sink.missing(published)),
        duplicates=sum(copies.values()) - len(copies),
        retold=sum(len(several) - 1 for several in ids.values()),
        database=counted(harness.folder / "rasid.db"),
    )


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    head = "| variant | kills | alerts | lost | duplicates | a kill | quick_check | s |\n"
    return (
        head
        + "|---|--:|--:|--:|--:|--:|---|--:|\n"
        + "\n".join(
            f"| {r.variant} | {r.kills} | {r.expected} | {r.lost} | {r.duplicates} | "
            f"{r.duplicates / max(r.kills, 1):.2f} | {r.database.get('quick_check')} | "
            f"{r.seconds:.0f} |"
            for r in results
        )
    )


def main() -> None:
    """Run every variant; exit 1 when the guarantee breaks or a mutant passes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=80)
    parser.add_argument("--daemon-kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    sound = [run_core(options.kills, options.seed)]
    if options.daemon_kills:
        sound.append(run_daemon(options.daemon_kills, options.seed))
    mutants = [run_core(40, options.seed, name, stop_early=True) for name in MUTANTS]
    print(table(sound + mutants))
    faults = [f"{r.variant}: {fault}" for r in sound for fault in r.faults]
    faults += [f"mutant {r.variant} was not noticed" for r in mutants if not r.faults]
    print("\n".join(faults) or "lost nothing; every mutant was noticed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
