"""Polling many sources: what breaks one costs that one alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import START, item, make_newsroom, make_world

from rasid.models import (
    ParsedFeed,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
)
from rasid.polling import PARKED
from rasid.protocols import Storage, Transaction
from rasid.settings import DAY, HOUR, MINUTE, Source
from rasid.starting import resumed
from rasid.turns import host_of
from rasid.watch import IN_FLIGHT, Watch
from storage.sqlite_connection import connect

ALONE = """\
version: 1
sources:
  - {id: paper, outlet: paper, url: "https://paper.example/feed"}
"""


class Faulty:
    """A crawler with a bug that one source brings out."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        if source.id == "front":
            raise RuntimeError("a bug")
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed((item(1),)))

    async def close(self) -> None:
        """Nothing is held."""


class Honest(Faulty):
    """A crawler that brings one item of any source."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed((item(1),)))


async def test_T05_a_source_that_raises_costs_itself_alone(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    watch = Watch(room.storage, Faulty(), lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    polled = await watch.poll_all(room.world.config.sources.values())
    assert {one.source: one.well for one in polled} == {
        "front": False,
        "world": True,
        "other": True,
    }
    states = await room.storage.read(lambda view: view.source_states())
    assert states["front"].reason == PollReason.INTERNAL
    assert states["front"].detail == "internal error: RuntimeError: a bug"
    assert states["front"].next_poll_at >= START + 5 * MINUTE
    assert states["other"].seeded
    await room.storage.close()


async def test_T05_what_the_store_refuses_of_one_source_stops_no_other(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    with closing(connect(tmp_path / "rasid.db")) as conn:
        conn.execute(
            "CREATE TRIGGER bug BEFORE INSERT ON items WHEN new.source = 'other'"
            " BEGIN SELECT RAISE(ABORT, 'a broken constraint'); END"
        )
    watch = Watch(room.storage, Honest(), lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    polled = await watch.poll_all(room.world.config.sources.values())
    assert [one.source for one in polled if not one.well] == ["other"]
    assert watch.storage_error == ""
    state = (await room.storage.read(lambda view: view.source_states()))["other"]
    assert (state.outcome, state.reason) == (PollOutcome.FAILED, PollReason.INTERNAL)
    assert "a broken constraint" in state.detail
    assert state.failures == 1
    assert await watch.start_due() == 0, "nothing is due, nothing pauses"
    await room.storage.close()


class Meanwhile(Faulty):
    """A crawler during whose poll somebody changes the row of its source."""

    def __init__(self, storage: Storage, result: PollResult, **changes: object) -> None:
        self.storage, self.result, self.changes = storage, result, changes

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        def change(tx: Transaction) -> None:
            stored = tx.source_state(source.id)
            assert stored is not None
            tx.save_source(replace(stored, **self.changes))  # type: ignore[arg-type]

        await self.storage.write(change)
        return self.result


READ = PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed((item(1),)))
SAME = PollResult(PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY)
DOWN = PollResult(PollOutcome.FAILED, PollReason.CONNECT)
GONE = PollResult(PollOutcome.GONE, PollReason.STATUS_410)


@pytest.mark.parametrize("result", [READ, SAME, DOWN, GONE])
async def test_a_poll_in_flight_undoes_no_pause(tmp_path: Path, result: PollResult) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    crawler = Meanwhile(room.storage, result, paused=True)
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await watch.poll_all(room.world.config.sources.values())
    state = await room.storage.read(lambda view: view.source_state("paper"))
    assert state is not None
    assert state.paused
    assert (state.outcome, state.last_poll_at) == (result.outcome, START)
    assert not await room.storage.read(lambda view: view.due_sources(PARKED - 1, 9))
    await room.storage.close()


async def test_a_gone_source_that_is_enabled_is_polled_at_the_next_tick(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    crawler = Meanwhile(room.storage, GONE)
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await until_idle(watch)
    room.clock.forward(400 * DAY)
    assert await watch.start_due() == 0

    def enable(tx: Transaction) -> None:
        stored = tx.source_state("paper")
        assert stored is not None
        tx.save_source(resumed(stored))

    await room.storage.write(enable)
    assert await watch.start_due() == 1
    await until_idle(watch)
    await room.storage.close()


@pytest.mark.parametrize(("result", "gone"), [(READ, False), (DOWN, False), (GONE, True)])
async def test_a_source_enabled_during_a_poll_is_gone_only_if_the_poll_says_so(
    tmp_path: Path, result: PollResult, gone: bool
) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    crawler = Meanwhile(room.storage, result, gone=False, next_poll_at=0)
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    source = room.world.config.sources["paper"]
    gone_before = SourceState("paper", url=source.url, gone=True)
    await room.storage.write(lambda tx: tx.save_source(gone_before))
    await watch.poll_all([source])
    state = await room.storage.read(lambda view: view.source_state("paper"))
    assert state is not None
    assert state.gone is gone
    await room.storage.close()


async def test_a_source_that_a_reload_removed_during_a_poll_stays_parked(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    crawler = Meanwhile(room.storage, READ, next_poll_at=PARKED)
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await watch.poll_all(room.world.config.sources.values())
    assert not await room.storage.read(lambda view: view.due_sources(PARKED - 1, 9))
    await room.storage.close()


class Herd(Honest):
    """A crawler that counts who is polled at once; one host never answers."""

    def __init__(self) -> None:
        self.at_once: Counter[str] = Counter()
        self.polled: list[str] = []
        self.most = self.most_of_a_host = 0
        self.stuck = asyncio.Event()

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        host = host_of(source.url)
        self.at_once[host] += 1
        self.polled.append(source.id)
        self.most = max(self.most, self.at_once.total())
        self.most_of_a_host = max(self.most_of_a_host, self.at_once[host])
        await (self.stuck.wait() if host == "slow.example" else asyncio.sleep(0.01))
        self.at_once[host] -= 1
        return PollResult(PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY)


def herd(slow: int, healthy: int, hosts: int) -> str:
    line = '  - {{id: {0}-{1}, outlet: {0}, url: "https://{0}.example/{1}", every: 1h}}\n'
    names = [("slow", n) for n in range(slow)] + [(f"h{n % hosts}", n) for n in range(healthy)]
    return "version: 1\nsources:\n" + "".join(line.format(*name) for name in names)


async def until_idle(watch: Watch, idle: int = 0) -> None:
    """Tick until no host but `idle` has its turn and nothing more is started."""
    while await watch.start_due() or len(watch._running) > idle:
        await asyncio.sleep(0.01)


async def test_T09_300_sources_at_a_start_are_polled_within_the_limits(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", herd(0, 300, 100))
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await until_idle(watch)
    assert len(crawler.polled) == len(set(crawler.polled)) == 300
    assert crawler.most == IN_FLIGHT
    assert crawler.most_of_a_host == 1
    crawler.polled.clear()
    polled = await watch.poll_all(room.world.config.sources.values())
    assert [one.source for one in polled] == list(room.world.config.sources)
    assert len(crawler.polled) == 300
    assert (crawler.most, crawler.most_of_a_host) == (IN_FLIGHT, 1)


async def test_what_waits_for_a_place_does_not_wait_for_the_next_tick(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", herd(0, 300, 300))
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    started = await asyncio.gather(watch.start_due(), watch.start_due())
    assert sum(started) == IN_FLIGHT, "two that look at once start no more than one"
    while watch._running:
        await asyncio.sleep(0.01)
    assert len(crawler.polled) == len(set(crawler.polled)) == 300
    assert crawler.most == IN_FLIGHT
    await room.storage.close()


async def test_a_stop_starts_nothing_of_what_waits_for_a_place(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", herd(0, 300, 300))
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await watch.start_due()
    await asyncio.sleep(0)  # until they ask
    await watch.drain(5)
    await asyncio.sleep(0.05)
    assert len(crawler.polled) == IN_FLIGHT
    await room.storage.close()


async def test_T09_a_slow_host_of_many_sources_delays_no_other(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, "memory://", herd(400, 200, 150))
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    await until_idle(watch, idle=1)
    assert sum(name.startswith("h") for name in crawler.polled) == 200
    assert sum(name.startswith("slow") for name in crawler.polled) == 1
    await watch.drain(0)
    await room.storage.close()


async def test_T10_a_tick_that_meets_the_stop_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_newsroom(tmp_path)
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    reading, go_on = asyncio.Event(), asyncio.Event()
    read = room.storage.read

    async def slow_read(fn: Any) -> Any:
        found = await read(fn)
        reading.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(room.storage, "read", slow_read)
    tick = asyncio.create_task(watch.start_due())
    await reading.wait()
    await watch.drain(1)
    go_on.set()
    assert await tick == 0
    assert crawler.polled == []
    await room.storage.close()


async def test_T10_a_stop_ends_a_turn_after_the_poll_that_runs(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=herd(0, 5, 1))
    crawler = Herd()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)
    assert await watch.start_due() == 5
    await asyncio.sleep(0)
    await watch.drain(5)
    assert len(crawler.polled) <= 1
    assert watch._running == {}
    await room.storage.close()


async def test_T05_a_lone_overdue_source_is_due_at_once_when_the_daemon_starts(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    watch = Watch(room.storage, Faulty(), lambda: room.world, room.clock)
    await watch.sync()
    assert await room.storage.read(lambda view: view.due_sources(START, 9)) == ["paper"]
    await room.storage.close()


@pytest.mark.parametrize("jump", [-365 * DAY, -HOUR, HOUR, 365 * DAY])
async def test_T04_a_clock_that_jumps_stops_no_polling_and_tells_nothing_twice(
    tmp_path: Path, jump: int
) -> None:
    room = make_newsroom(tmp_path)
    crawler = Shown()
    watch = Watch(room.storage, crawler, lambda: room.world, room.clock)
    await watch.sync(at_once=True)

    async def polls(micros: int) -> dict[str, int]:
        """Return how often each source is polled meanwhile."""
        crawler.polled.clear()
        for _ in range(micros // MINUTE):
            room.clock.forward(MINUTE)
            await watch.start_due()
            while watch._running:
                await asyncio.sleep(0)
        return dict(crawler.polled)

    await polls(HOUR)
    crawler.number += 1
    usual = await polls(2 * HOUR)
    told = await room.alerts()
    assert len(told) == 4  # two outlets, two URLs
    room.clock.forward(jump)
    again = await polls(2 * HOUR)
    assert again.keys() == usual.keys()
    assert all(abs(again[name] - usual[name]) <= 2 for name in usual), (usual, again)
    assert await room.alerts() == told
    crawler.number += 1
    await polls(HOUR)
    assert len(await room.alerts()) == 8
    await room.storage.close()


class Shown(Faulty):
    """A crawler whose sources all show one item, another one when `number` goes up."""

    def __init__(self) -> None:
        self.number = 1
        self.polled: Counter[str] = Counter()

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        self.polled[source.id] += 1
        shown = tuple(item(n, published=None) for n in range(self.number))
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed(shown))


async def test_a_configuration_that_failed_is_tried_at_a_start_and_after_a_reload(
    tmp_path: Path,
) -> None:
    room = make_newsroom(tmp_path, rules=ALONE)
    refused = PollResult(PollOutcome.FAILED, PollReason.BLOCKED_ADDRESS)
    watch = Watch(room.storage, Meanwhile(room.storage, refused), lambda: room.world, room.clock)

    async def wait() -> int:
        state = await room.storage.read(lambda view: view.source_state("paper"))
        assert state is not None
        return state.next_poll_at - room.clock()

    await watch.sync()
    await watch.poll(room.world.config.sources["paper"])
    await watch.sync()  # as after a store that failed: nobody mended anything
    assert await wait() > 30 * MINUTE
    room.world = make_world(tmp_path, ALONE)  # a reload
    await watch.sync()
    assert await wait() == 0
    await watch.poll(room.world.config.sources["paper"])
    again = [Watch(room.storage, Faulty(), lambda: room.world, room.clock) for _ in range(2)]
    await again[0].sync(at_once=True)  # a round of cron
    assert await wait() > 30 * MINUTE
    await again[1].sync()
    assert await wait() == 0
    await room.storage.close()
