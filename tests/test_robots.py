"""Answers of robots.txt that outlive the process."""

from __future__ import annotations

import pytest

from rasid.models import RobotsAnswer
from rasid.robots import KeptRobots
from rasid.settings import DAY
from storage.memory import MemoryStorage

NOW = 1_790_000_000_000_000
HOST = "https://outlet.example"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.mark.parametrize(
    ("later", "known"), [(0, True), (DAY - 1, True), (DAY, False), (-1, False)]
)
async def test_an_answer_holds_for_a_day_and_not_from_the_future(later: int, known: bool) -> None:
    clock = Clock()
    robots = KeptRobots(MemoryStorage(clock), clock)
    answer = RobotsAnswer(HOST, NOW, 200, b"Disallow: /")
    robots.keep(answer)
    await robots.save()
    clock.now += later
    assert await robots.find(HOST) == (answer if known else None)
    assert await robots.find("https://other.example") is None


async def test_a_large_answer_is_not_kept() -> None:
    clock = Clock()
    robots = KeptRobots(MemoryStorage(clock), clock)
    robots.keep(RobotsAnswer(HOST, NOW, 200, b"#" * 65_537))
    await robots.save()
    assert await robots.find(HOST) is None


async def test_what_is_older_than_a_day_is_forgotten() -> None:
    clock = Clock()
    storage = MemoryStorage(clock)
    robots = KeptRobots(storage, clock)
    robots.keep(RobotsAnswer(HOST, NOW, 404))
    await robots.save()
    clock.now += 2 * DAY
    await robots.save()
    assert await storage.read(lambda view: view.robots(HOST)) is None
