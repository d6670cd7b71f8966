"""Q01: nothing is lost whenever the process is killed; and the harness notices who loses."""

from __future__ import annotations

import os
import random

import pytest

from bench.kill import run_core, run_daemon
from bench.kill_core import MUTANTS

SEED = int(os.environ.get("RASID_SEED", "0")) or random.randrange(2**31)


@pytest.mark.slow
def test_Q01_80_kills_of_the_core_lose_nothing() -> None:
    print("seed", SEED)
    result = run_core(80, SEED)
    assert result.expected >= 600
    assert result.faults == [], result


@pytest.mark.slow
def test_Q01_20_kills_of_the_daemon_lose_nothing() -> None:
    print("seed", SEED)
    result = run_daemon(20, SEED)
    assert result.expected >= 60
    assert result.faults == [], result


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_Q01_the_harness_notices_a_mutant(mutant: str) -> None:
    print("seed", SEED)
    result = run_core(60, SEED, mutant, stop_early=True)
    assert result.faults, result
