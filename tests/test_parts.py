"""The running whole: reload and polling while rules or the database fail."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alert_sinks import Answer, HttpSink, http_sink
from newsroom import RULES, Clock, item, make_world
from storage_samples import locked
from test_alerts_ops import WITH_OPS
from test_alerts_storage_faults import pages

import scheduler
from rasid import heartbeat
from rasid.config.environment import Place
from rasid.errors import ConfigError, Problem
from rasid.models import Alert, ParsedFeed, PollOutcome, PollReason, PollResult, SourceState
from rasid.parts import Parts
from rasid.polling import PARKED
from rasid.protocols import Transaction
from rasid.rules.index import RuleIndex
from rasid.settings import DAY, MINUTE, SECOND, Settings, Source
from rasid.watch import PAUSE
from rasid.world import World
from storage.sqlite import SqliteStorage

LATER = RULES.replace(
    "sources:\n", 'sources:\n  - {id: late, outlet: wire, url: "https://l.example/"}\n'
)


class Press:
    """A crawler that always brings one item; it remembers who was polled, and by which settings."""

    def __init__(self) -> None:
        self.polled: list[str] = []
        self.settings: Settings | None = None
        self.size = 1

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        self.polled.append(source.id)
        feed = ParsedFeed((item(1, "غارة", text="x" * self.size),))
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=feed)

    def reload(self, settings: Settings) -> None:
        self.settings = settings

    async def close(self) -> None:
        """Nothing is held."""


@dataclass
class House:
    """Parts over a real database, with a rules.yaml and a clock that tests change."""

    folder: Path
    clock: Clock
    press: Press
    parts: Parts
    text: str = WITH_OPS

    @property
    def path(self) -> Path:
        return self.folder / "rasid.db"

    async def reload(self, text: str) -> None:
        self.text = text
        await self.parts.reload()

    def read(self) -> World:
        if "invalid" in self.text:
            raise ConfigError([Problem("rules.yaml", 3, "unknown key"), Problem("b.yaml", 1, "x")])
        return make_world(self.folder, self.text)

    async def tick(self) -> None:
        """Start what is due and wait until it is stored, or is not."""
        await self.parts.tick()
        await asyncio.gather(*self.parts.watch._running.values())

    async def states(self) -> dict[str, SourceState]:
        return dict(await self.parts.storage.read(lambda view: view.source_states()))

    async def alerts(self, receiver: str) -> list[Alert]:
        found = await self.parts.storage.read(lambda view: view.alerts(limit=1000))
        return [one for one in reversed(found) if one.receiver == receiver]

    async def health(self) -> heartbeat.Verdict:
        self.parts.outbox.progress_at = self.clock()  # it does not run here
        await self.parts.beat()
        return heartbeat.judge(heartbeat.read(self.folder), self.clock())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    clock, press = Clock(), Press()
    storage = SqliteStorage(tmp_path / "rasid.db", clock, busy_ms=10)
    place = Place(tmp_path / "rules.yaml", tmp_path)
    world = make_world(tmp_path, WITH_OPS)
    parts = Parts(place, storage, press, world, read_world=lambda: made.read(), clock=clock)
    made = House(tmp_path, clock, press, parts)
    await parts.watch.sync(at_once=True)
    yield made
    await storage.close()


# --- one round -----------------------------------------------------------------------------


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


@pytest.fixture
async def desk(house: House, sink: HttpSink) -> House:
    """Return the house with an alert for a receiver that answers; sources are seeded."""
    urls = '"json://192.0.2.1/a", "json://192.0.2.1/b"'
    await house.reload(RULES.replace(urls, f'"{sink.url}"'))
    assert (await scheduler._round(house.parts, every=True)).well
    (target,) = house.parts.world().targets
    facts = {"kind": "item", "title": "t", "excerpts": []}
    alert = Alert("x", "strike", "h", target, "desk", "item:x", house.clock(), facts)
    await house.parts.storage.write(lambda tx: tx.add_alert(alert))
    return house


async def well(house: House) -> bool:
    return (await scheduler._round(house.parts, every=False)).well


async def test_a_round_is_well_when_what_was_refused_went_out_plain(
    desk: House, sink: HttpSink
) -> None:
    sink.answer = lambda _request: Answer(400 if len(sink.requests) == 1 else 200)
    assert await well(desk)
    assert len(sink.requests) == 2


async def test_a_round_is_not_well_while_an_alert_waits_for_another_attempt(
    desk: House, sink: HttpSink
) -> None:
    sink.answer = lambda _request: Answer(503)
    assert not await well(desk)
    assert not await well(desk)
    assert len(sink.requests) == 1, "it is not due yet"
    sink.answer = lambda _request: Answer()
    desk.clock.forward(MINUTE)
    assert await well(desk)


async def test_a_round_that_gives_an_alert_up_is_not_well_the_next_one_is(
    desk: House, sink: HttpSink
) -> None:
    sink.answer = lambda _request: Answer(404)
    assert not await well(desk)
    assert await well(desk)


# --- reload --------------------------------------------------------------------------------


async def test_R06_a_refused_file_changes_nothing_and_ops_is_told(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    before = house.parts.world()
    await house.reload("invalid")
    assert house.parts.world() is before
    assert house.press.settings is None
    assert "\n" not in "".join(record.getMessage() for record in caplog.records)
    assert "rules.yaml refused: rules.yaml:3: unknown key" in caplog.messages
    verdict = await house.health()
    assert verdict.well
    assert verdict.why == "well, but rules.yaml was refused: rules.yaml:3: unknown key"
    await house.parts.tell()
    await house.reload("still invalid")
    await house.parts.tell()
    (one,) = await house.alerts("ops")
    assert "rules.yaml:3: unknown key" in one.facts["text"]
    await house.reload(WITH_OPS)
    assert (await house.health()).why == "well"


async def test_a_reload_that_cannot_be_stored_is_in_force_and_finished_later(
    house: House,
) -> None:
    with locked(house.path):
        await house.reload(LATER)
        assert "late" in house.parts.world().config.sources
        assert house.press.settings is house.parts.world().config.settings
        verdict = await house.health()
        assert not verdict.well
        assert "cannot be written" in verdict.why
    assert "late" not in await house.states()
    house.clock.forward(PAUSE)
    await house.tick()  # no SIGHUP is needed
    assert "late" in await house.states()
    assert (await house.health()).why == "well"
    house.clock.forward(20 * SECOND)
    await house.tick()
    assert "late" in house.press.polled


async def test_a_source_that_a_reload_removed_is_parked_once_it_can_be_stored(
    house: House,
) -> None:
    without = "".join(line for line in WITH_OPS.splitlines(True) if "id: other" not in line)
    with locked(house.path):
        await house.reload(without)
    house.clock.forward(PAUSE)
    await house.tick()
    assert (await house.states())["other"].next_poll_at == PARKED


async def test_D14_a_new_rule_of_a_reload_is_introduced(house: House) -> None:
    await house.tick()
    await house.parts.tell()
    house.clock.forward(MINUTE)
    rule = "  - {id: again, any: [غارة], notify: [desk]}\n"
    await house.reload(WITH_OPS + rule)
    with locked(house.path):
        await house.parts.tell()
    assert await house.alerts("desk") == []
    await house.parts.tell()
    await house.parts.tell()
    told = await house.alerts("desk")
    assert {one.facts["text"] for one in told} == {
        "rule again is in force: 2 stored items of the last 24 h match"
    }
    assert len(told) == 2  # one for each target


async def test_rules_of_two_reloads_that_meet_are_all_introduced(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.tick()
    await house.parts.tell()
    house.clock.forward(MINUTE)
    gates: dict[RuleIndex, threading.Event] = {}
    match = RuleIndex.match

    def waiting(self: RuleIndex, *args: Any) -> Any:
        gates[self].wait(10)
        return match(self, *args)

    monkeypatch.setattr(RuleIndex, "match", waiting)
    tells, indexes = [], []
    text = WITH_OPS
    for name in ("first", "second"):
        text += f"  - {{id: {name}, any: [غارة], notify: [desk]}}\n"
        await house.reload(text)
        indexes.append(house.parts.world().matcher)
        gates[indexes[-1]] = threading.Event()
        tells.append(asyncio.create_task(house.parts.tell()))
        await asyncio.sleep(0.1)  # it has looked which rules are new
    for index, tell in zip(indexes, tells, strict=True):
        gates[index].set()
        await tell
    await house.parts.tell()
    assert {one.rule for one in await house.alerts("desk")} == {"first", "second"}


async def test_upkeep_is_done_once_a_day_where_no_job_does_it(house: House) -> None:
    async def done_at() -> str:
        return await house.parts.storage.read(lambda view: view.meta("upkeep_at"))

    await house.parts.daily_upkeep()
    first = await done_at()
    assert first == str(house.clock())
    house.clock.forward(DAY - 1)
    await house.parts.daily_upkeep()
    assert await done_at() == first
    house.clock.forward(1)
    with locked(house.path):
        await house.parts.daily_upkeep()  # tried again at the next round
    assert await done_at() == first
    await house.parts.daily_upkeep()
    assert await done_at() == str(house.clock())


# --- polling -------------------------------------------------------------------------------


async def test_Q06_a_database_that_cannot_be_written_pauses_polling_and_health_says_so(
    house: House,
) -> None:
    with locked(house.path):
        await house.tick()
        asked = len(house.press.polled)
        for _ in range(5):  # the outlets are not asked for what cannot be kept
            house.clock.forward(10 * SECOND)
            await house.tick()
        assert asked == len(house.press.polled) == 2  # one of each host
        assert not (await house.health()).well
        house.clock.forward(10 * SECOND)
        await house.tick()  # the pause is over, the database is not back
        assert len(house.press.polled) == 2
        house.clock.forward(6 * MINUTE)
        await house.tick()
        verdict = await house.health()
        assert "cannot be written" in verdict.why  # and not: hangs, which restarts the daemon
    house.clock.forward(PAUSE)
    await house.tick()
    assert (await house.health()).why == "well"
    house.clock.forward(20 * SECOND)
    await house.tick()
    assert sorted(house.press.polled[2:]) == ["front", "other", "world"]
    assert all(state.seeded for state in (await house.states()).values())


async def test_Q06_a_full_disk_pauses_polling_and_ops_is_told_of_both_ends(house: House) -> None:
    house.press.size = 500_000
    await house.parts.storage.write(pages(60))
    for _ in range(20):
        await house.tick()
        await house.parts.tell()
        house.clock.forward(10 * SECOND)
    assert len(house.press.polled) <= 4 * 3  # each at most once a minute
    await house.parts.storage.write(pages(1_000_000))
    for _ in range(30):
        await house.tick()
        await house.parts.tell()
        house.clock.forward(10 * SECOND)
    texts = [one.facts["text"] for one in await house.alerts("ops")]
    begin = ["the database cannot be written", "the database can be written again", "first poll"]
    assert [text.startswith(start) for text, start in zip(texts, begin, strict=True)] == [True] * 3
    assert all(state.seeded for state in (await house.states()).values())


async def test_a_bug_in_a_poll_and_a_store_that_fails_at_once_cost_one_poll(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> PollResult:
        raise RuntimeError("a bug")

    monkeypatch.setattr(house.press, "poll", broken)
    with locked(house.path):
        polled = await house.parts.watch.poll_all(house.parts.world().config.sources.values())
    assert [one.well for one in polled] == [False] * 3
    assert house.parts.watch.storage_error


async def test_a_clock_that_is_set_back_ends_a_pause(house: House) -> None:
    with locked(house.path):
        await house.tick()
    house.clock.forward(-DAY)
    await house.tick()
    assert (await house.health()).why == "well"


# --- health --------------------------------------------------------------------------------


async def test_health_says_that_all_sources_fail_and_that_the_daemon_was_stopped(
    house: House,
) -> None:
    def fail(tx: Transaction) -> None:
        for source in house.parts.world().config.sources.values():
            tx.save_source(SourceState(source.id, url=source.url, failures=1))

    await house.parts.storage.write(fail)
    await house.parts.tell()
    assert (await house.health()).why == "well, but all sources are failing"
    house.parts.config_error = "line 3"
    assert (await house.health()).why == (
        "well, but all sources are failing; rules.yaml was refused: line 3"
    )
    house.parts.captures.error, house.parts.captures.failed_at = "full", house.clock()
    await house.parts.tell()
    assert (await house.health()).why.endswith("; responses are not captured: full")
    assert (house.folder / "heartbeat.json").stat().st_mode & 0o777 == 0o600
    await house.parts.beat(stopped=True)
    verdict = heartbeat.judge(heartbeat.read(house.folder), house.clock())
    assert verdict == heartbeat.Verdict(False, "the daemon was stopped")


async def test_the_running_whole_tells_that_a_rule_is_silent_and_heard_again(house: House) -> None:
    await house.reload(WITH_OPS.replace("any: [غارة", "silent: 1h, any: [غارة"))
    for _ in range(70):  # nothing is polled; the job of the daemon goes on
        await house.parts.tell()
        house.clock.forward(MINUTE)
    assert await of_gates(house) == ["silent", "silent"]  # the desk has two addresses
    await house.reload(house.text.replace("silent: 1h", "silent: 2h"))
    house.clock.forward(MINUTE)
    await house.tick()  # a first poll
    assert await of_gates(house) == ["silent", "silent"]
    house.clock.forward(DAY)
    house.press.poll = brings("غارة جديدة")  # type: ignore[method-assign]
    await house.tick()
    assert await of_gates(house) == ["silent", "silent", "heard", "heard"]


async def of_gates(house: House) -> list[str]:
    """Return what the desk was told of rules as a whole."""
    found = [one.facts for one in await house.alerts("desk")]
    return [one["what"] for one in found if one["kind"] == "gate"]


def brings(title: str) -> Any:
    """Return a poll that brings an item that was not there before."""

    async def poll(
        source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        feed = ParsedFeed((item(2, title, published=None),))
        return PollResult(PollOutcome.OK, PollReason.PARSED, feed=feed)

    return poll
