"""Q01: the process dies at each place that has a name, and the next one makes up for it.

One outlet with 40 items, one receiver: four sends, one at a time.
"""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psutil
import pytest

from bench import kill_world
from bench.forks import Forks
from bench.kill_harness import CoreHarness
from bench.kill_result import Result, compare
from bench.kill_world import BACKLOG, Sink, counted

POISON = "غارة strike number 3"


class Receiver(Sink):
    """Accepts what it is sent, but no message with a certain title in it."""

    refused = ""

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        if self.refused in {one.title for one in kill_world._told(request, body, 0)}:
            kill_world._reply(request, 400)
        else:
            super().answer(request, body)


class World(CoreHarness):
    """Publishes all at once, to one receiver."""

    rate = 10**9

    def __init__(self, folder: Path, cache: Path, cores: Forks) -> None:
        super().__init__(folder, "0", cores)
        self.sink.close()
        self.sink = Receiver(0.5)
        rules = kill_world.configuration(self.outlet.port, self.sink.port)
        (folder / "rules.yaml").write_text(rules.replace("[one, two]", "[one]"), encoding="utf-8")
        (folder / "cache").symlink_to(cache)

    def die_at(self, failpoint: str) -> None:
        """Publish and run until the process is dead."""
        self.publish_on()
        code = self.forks.join(self.start(failpoint=failpoint), 20)
        assert code == -signal.SIGKILL, f"{failpoint} was not reached"

    def found(self) -> Result:
        """Return what was told and kept in the end."""
        titles = self.outlet.published
        database = counted(self.folder / "rasid.db")
        result = Result("core", 0, 1, published=len(titles), items=int(database["items"]))
        result.quick_check = str(database["quick_check"])
        return compare(result, self.sink.told, {("one", title) for title in titles})

    def titles(self, state: str) -> list[str]:
        """Return the titles of alerts in a state."""
        with closing(sqlite3.connect(self.folder / "rasid.db")) as database:
            sql = "SELECT facts ->> 'title' FROM alerts WHERE state = ?"
            return [row[0] for row in database.execute(sql, (state,))]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def cores() -> Iterator[Forks]:
    with Forks("core") as forks:
        yield forks


@pytest.fixture
def world(
    tmp_path: Path, cache: Path, cores: Forks, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(kill_world, "UNAVAILABLE", 0)
    made = World(tmp_path / "world", cache, cores)
    try:
        made.drain()  # the first poll seeds; nothing is published yet
        yield made
    finally:
        made.close()  # and the core, where it was not reached


PLACES = {
    # where, at which times: how many sends may be made again; polls go on while one is under way
    "after_item": ((1, 17, 40), 0),
    "before_validators": ((1,), 0),
    "before_commit": ((1, 4, 7, 11), 1),
    "after_commit": ((1, 3, 6, 10), 1),
    "after_claim": ((1, 4), 0),
    "before_send": ((1, 4), 0),
    "after_send": ((1, 4), 1),
    "after_mark": ((1, 4), 0),
}


@pytest.mark.parametrize(
    ("place", "nth", "again"),
    [(place, nth, again) for place, (times, again) in PLACES.items() for nth in times],
)
def test_Q01_a_death_at_each_named_place_loses_nothing(
    world: World, place: str, nth: int, again: int
) -> None:
    world.die_at(f"{place}:{nth}")
    world.drain()
    result = world.found()
    assert result.published == BACKLOG
    assert (result.lost, result.faults) == (0, [])
    assert result.duplicates <= again
    if place == "after_send":
        assert result.duplicates == 1, "it was accepted and could not be recorded"


def test_Q01_a_core_that_does_not_die_does_not_outlive_its_test(
    tmp_path: Path, cache: Path, cores: Forks
) -> None:
    made = World(tmp_path / "world", cache, cores)
    pid = made.start(failpoint="nowhere")
    assert cores.exit_code(pid) is None
    made.close()
    assert not psutil.pid_exists(pid)


def test_N04_a_kill_with_hundreds_of_pending_alerts_loses_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kill_world, "BACKLOG", 500)
    monkeypatch.setattr(kill_world, "WINDOW", 500)
    world.die_at("after_claim:3")
    assert len(world.titles("pending")) == 480
    world.drain()
    result = world.found()
    assert (result.published, result.lost, result.duplicates) == (500, 0, 0)
    assert world.titles("pending") == []


@pytest.mark.parametrize("place", ["after_send:2", "after_mark:2", "after_claim:5", "after_mark:7"])
def test_N07_a_death_around_a_split_loses_nothing_but_the_poison(
    world: World, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first two sends are those of all ten, refused; the third is a part."""
    monkeypatch.setattr(kill_world, "BACKLOG", 10)
    world.sink.refused = POISON  # type: ignore[attr-defined]
    world.die_at(place)
    world.drain()
    result = world.found()
    assert (result.published, result.items, result.lost) == (10, 10, 1)
    assert (result.duplicates, result.retold) == (0, 0)
    assert world.titles("dead") == [POISON]
