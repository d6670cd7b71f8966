"""Q01: nothing is lost whenever the process is killed; and the harness notices who loses."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from bench import kill
from bench.kill import MUTANTS, run_core, run_daemon, run_mutants
from bench.kill_result import Result, added, compare
from bench.kill_world import BACKLOG, Outlet, Told

SEED = int(os.environ.get("RASID_SEED", "0")) or random.randrange(2**31)


@pytest.mark.slow
def test_Q01_80_kills_of_the_core_lose_nothing() -> None:
    print("seed", SEED)
    result = run_core(80, SEED, alerts=600)
    assert result.expected >= 600
    assert result.faults == [], result
    assert result.doubts == [], result


@pytest.mark.slow
def test_Q01_20_kills_of_the_daemon_lose_nothing() -> None:
    print("seed", SEED)
    result = run_daemon(20, SEED, alerts=60)
    assert result.expected >= 60
    assert result.faults == [], result
    assert result.doubts == [], result


@pytest.mark.slow
def test_Q01_the_harness_notices_every_mutant() -> None:
    print("seed", SEED)
    results = run_mutants(SEED)
    assert [result.variant for result in results if result.faults] == list(MUTANTS), results
    # each delivers, and loses by what it does wrong: one that breaks down would be noticed too
    assert all(result.told_early > result.expected / 2 for result in results), results


class Slow:
    """A world whose first kills meet nothing."""

    def __init__(self, met: int) -> None:
        self.met = met
        self.lives: list[float] = []

    def publish_on(self) -> None:
        """Nothing is published."""

    def kill_once(self, lives: float = 1) -> None:
        self.lives.append(lives)

    def has_met(self, kills: int, alerts: int) -> bool:
        return kills >= self.met


def test_Q01_kills_that_met_too_little_are_followed_by_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow: Any = Slow(met=5)
    assert kill._kill(slow, 3, alerts=10) == 5
    assert slow.lives == [1, 1, 1, 4, 4]
    monkeypatch.setattr(kill, "PATIENCE", 0)
    assert kill._kill(slow, 3, alerts=10) == 3


# --- the judge ---------------------------------------------------------------------------

PROMISED = {("one", "a"), ("one", "b"), ("two", "a"), ("two", "b")}


def told(*sends: tuple[str, str, str]) -> list[Told]:
    """Return what was told; each send is (receiver, titles, alert id before each title)."""
    return [
        Told(receiver, title, alert + title, number)
        for number, (receiver, titles, alert) in enumerate(sends)
        for title in titles
    ]


def judged(*sends: tuple[str, str, str]) -> Result:
    """Return the result of one kill in a world that published two items and kept them."""
    return compare(Result("core", 1, kills=1, published=2, items=2), told(*sends), PROMISED)


def test_Q01_everything_told_once_is_no_fault() -> None:
    assert judged(("one", "ab", "x"), ("two", "ab", "y")).faults == []


def test_Q01_an_alert_that_one_receiver_missed_is_lost() -> None:
    assert judged(("one", "ab", "x"), ("two", "a", "y")).faults == ["1 of 4 alerts lost"]


def test_Q01_a_send_that_came_again_in_two_parts_is_repeated_once() -> None:
    result = judged(("one", "ab", "x"), ("one", "a", "x"), ("one", "b", "x"), ("two", "ab", "y"))
    assert (result.duplicates, result.copies, result.faults) == (1, 2, [])


def test_Q01_more_repeated_sends_than_sends_in_flight_are_a_fault() -> None:
    result = judged(*[("one", "ab", "x")] * 6, ("two", "ab", "y"))
    assert result.faults == ["5 sends repeated, more than 4 a kill"]


def test_Q01_a_copy_under_another_alert_id_is_a_fault() -> None:
    result = judged(("one", "ab", "x"), ("one", "a", "z"), ("two", "ab", "y"))
    assert result.faults == ["1 alerts came again under another id"]


def test_Q01_an_item_that_is_not_kept_and_a_broken_database_are_faults() -> None:
    result = Result("core", 1, published=2, items=1, quick_check="row 7 missing")
    assert result.faults == ["1 items kept of 2 published", "database: row 7 missing"]


def test_Q01_worlds_add_up_and_a_fault_of_one_is_a_fault() -> None:
    sound = Result("core", 1, 40, published=9, items=9, kept_early=40, told_early=40)
    broken = Result("core", 1, 40, published=9, items=9, lost=1, quick_check="bad")
    both = added([sound, broken], seconds=2.0)
    assert (both.kills, both.expected, both.seconds) == (80, 36, 2.0)
    assert both.faults == ["1 of 36 alerts lost", "database: bad"]


def test_Q01_kills_that_met_no_work_are_doubted() -> None:
    idle = Result("core", 1, 80, published=40, items=40, kept_early=3, told_early=0)
    assert idle.faults == []
    assert idle.doubts == ["80 killed runs kept 3 items", "80 killed runs sent 0 alerts"]


def test_Q01_the_outlet_never_publishes_beyond_what_a_reader_can_still_see() -> None:
    outlet = Outlet(0.5, rate=1e9)
    try:
        outlet.publish_on(kept=0)
        assert len(outlet.published) == BACKLOG
        outlet.pause()
        outlet.publish_on(kept=10)
        assert len(outlet.published) == BACKLOG + 10
    finally:
        outlet.close()
