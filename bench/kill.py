"""The kill test: publishes, kills at random moments, and compares what was promised and sent.

    python -m bench.kill --kills 900 --daemon-kills 100

What `kill -9` cannot show is a power loss: the page cache survives it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.forks import Forks
from bench.kill_harness import CoreHarness, DaemonHarness
from bench.kill_result import Result, added, table

MUTANTS = ("mark_before_send", "send_from_memory", "send_then_remember")
WORLDS = 2  # run beside each other, each with servers and a database of its own
MUTANT_KILLS = 60
PATIENCE = 90.0  # seconds of further kills while a slow machine leaves them too little to meet
LOOK = 10  # kills of a mutant between two looks whether it was noticed


def run_core(kills: int, seed: int, alerts: int = 0) -> Result:
    """Kill the core, more often than asked where fewer alerts than these would be at stake."""
    return _beside(_core_world, kills, seed, alerts)


def run_daemon(kills: int, seed: int, alerts: int = 0) -> Result:
    """Kill the daemon, more often than asked where fewer alerts would be at stake."""
    return _beside(_daemon_world, kills, seed, alerts)


def run_mutants(seed: int) -> list[Result]:
    """Kill each mutant until its first fault is seen."""
    with _pool() as pool:
        futures = [pool.submit(_mutant_world, MUTANT_KILLS, seed, name) for name in MUTANTS]
        return [future.result() for future in futures]


def _beside(
    world: Callable[[int, int, int, int], Result], kills: int, seed: int, alerts: int
) -> Result:
    """Share the kills out to the worlds; return their sum."""
    began = time.monotonic()
    shares = [len(range(number, kills, WORLDS)) for number in range(WORLDS)]
    with _pool() as pool:
        futures = [
            pool.submit(world, share, seed, at, -(-alerts // WORLDS))
            for at, share in enumerate(shares)
        ]
        results = [future.result() for future in futures]
    return added(results, time.monotonic() - began)


def _pool() -> ProcessPoolExecutor:
    """Return a process for each world: in one, their servers would wait for each other."""
    return ProcessPoolExecutor(WORLDS, multiprocessing.get_context("spawn"))


def _kill(harness: CoreHarness | DaemonHarness, kills: int, alerts: int) -> int:
    """Publish and kill; return how often it took."""
    done, ends = 0, time.monotonic() + PATIENCE
    while done < kills or (time.monotonic() < ends and not harness.has_met(done, alerts)):
        harness.publish_on()
        harness.kill_once(lives=1 if done < kills else 4)
        done += 1
    return done


def _core_world(kills: int, seed: int, number: int, alerts: int) -> Result:
    with tempfile.TemporaryDirectory() as folder, Forks("core") as forks:
        harness = CoreHarness(Path(folder), f"{seed} core {number}", forks)
        try:
            harness.drain()  # the first poll seeds; nothing is published yet
            return harness.judge(Result("core", seed, _kill(harness, kills, alerts)))
        finally:
            harness.close()


def _mutant_world(kills: int, seed: int, mutant: str) -> Result:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Forks("core") as forks:
        harness = CoreHarness(Path(folder), f"{seed} {mutant}", forks)
        try:
            harness.drain()
            for done in range(1, kills + 1):
                harness.publish_on()
                harness.kill_once(6 if harness.is_behind() else 1, mutant)
                if done % LOOK == 0 or done == kills:
                    result = harness.judge(Result(mutant, seed, done), mutant)
                    if result.faults:
                        break
            result.seconds = time.monotonic() - began
            return result
        finally:
            harness.close()


def _daemon_world(kills: int, seed: int, number: int, alerts: int) -> Result:
    with tempfile.TemporaryDirectory() as folder, Forks("daemon") as forks:
        harness = DaemonHarness(Path(folder), f"{seed} daemon {number}", forks)
        try:
            harness.seed()
            return harness.judge(Result("daemon", seed, _kill(harness, kills, alerts)))
        finally:
            harness.close()


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
    mutants = run_mutants(options.seed)
    print(table(sound + mutants))
    faults = [f"{r.variant}: {fault}" for r in sound for fault in r.faults + r.doubts]
    faults += [f"mutant {r.variant} was not noticed" for r in mutants if not r.faults]
    print("\n".join(faults) or "lost nothing; every mutant was noticed")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
