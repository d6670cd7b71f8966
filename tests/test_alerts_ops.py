"""What the ops receiver is told: once per episode, also when the store fails meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from newsroom import RULES, Newsroom, item, make_newsroom
from storage_samples import locked

from rasid.alerts.ops import Episode, Ops, recovery_text
from rasid.alerts.outage import standing
from rasid.models import SourceState
from rasid.protocols import Transaction
from rasid.settings import HOUR, MINUTE, SECOND, Source
from storage.sqlite import SqliteStorage

WITH_OPS = RULES.replace(
    "receivers:\n", 'receivers:\n  - {id: ops, urls: ["json://192.0.2.1/ops"]}\n'
).replace("version: 1\n", "version: 1\nsettings: {ops_receiver: ops}\n")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = make_newsroom(tmp_path, rules=WITH_OPS)
    await made.storage.close()
    made.storage = SqliteStorage(tmp_path / "rasid.db", made.clock, busy_ms=10)
    yield made
    await made.storage.close()


@pytest.fixture
def ops(room: Newsroom) -> Ops:
    return Ops(room.storage, lambda: room.world, room.clock)


async def told(room: Newsroom) -> list[str]:
    alerts = await room.storage.read(lambda view: view.alerts(limit=1000))
    return [one.facts["text"] for one in reversed(alerts) if one.receiver == "ops"]


# --- rules.yaml ----------------------------------------------------------------------------


async def test_R06_a_refused_file_is_told_once_until_one_is_accepted(
    room: Newsroom, ops: Ops
) -> None:
    for _ in range(3):
        ops.refused("rules.yaml:3: unknown key")
        await ops.look()
        room.clock.forward(MINUTE)
    assert len(await told(room)) == 1
    assert "rules.yaml:3: unknown key" in (await told(room))[0]
    ops.accepted()
    ops.refused("rules.yaml:9: another")
    await ops.look()
    assert len(await told(room)) == 2


async def test_a_refusal_waits_for_a_store_that_fails(
    room: Newsroom, ops: Ops, tmp_path: Path
) -> None:
    ops.refused("rules.yaml:3: unknown key")
    with locked(tmp_path / "rasid.db"):
        assert await ops.look() == 0
    assert await ops.look() == 1
    assert await ops.look() == 0


async def test_without_an_ops_receiver_nothing_is_recorded(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    ops = Ops(room.storage, lambda: room.world, room.clock)
    ops.refused("why")
    await room.show("front", [item(1)], seeding=True)
    assert await ops.look(at_once=True) == 0
    assert (await room.counts())["alerts_pending"] == 0
    await room.storage.close()


# --- captures ------------------------------------------------------------------------------


@dataclass
class Captures:
    """How captures fare."""

    error: str = ""
    failed_at: int = 0
    missed: int = 0


async def test_Q06_captures_that_fail_are_told_once_and_once_when_they_work(
    room: Newsroom, ops: Ops
) -> None:
    captures = Captures()
    for _ in range(20):  # a full disk takes a small one now and then
        captures = Captures("No space left on device", room.clock(), captures.missed + 1)
        for _ in range(5):
            ops.note_captures(captures)
            await ops.look()
            room.clock.forward(10 * SECOND)
        assert ops.uncaptured == "No space left on device"
    assert await told(room) == [
        "responses are not captured, polling goes on: No space left on device"
    ]
    room.clock.forward(2 * MINUTE)
    for _ in range(3):
        ops.note_captures(captures)
        await ops.look()
    assert (await told(room))[1:] == [
        "responses are captured again; 20 captures failed since the start"
    ]
    assert ops.uncaptured == ""


# --- the store -----------------------------------------------------------------------------


async def test_Q06_a_full_store_that_takes_an_alert_tells_of_it_and_of_its_end(
    room: Newsroom, ops: Ops
) -> None:
    for _ in range(30):
        await ops.look("it cannot grow")
        room.clock.forward(10 * SECOND)
    (failing,) = await told(room)
    assert failing == "the database cannot be written, polling pauses: it cannot grow"
    assert await ops.look() == 0  # it may be back for a moment only
    room.clock.forward(MINUTE)
    await ops.look("it cannot grow")
    room.clock.forward(MINUTE)
    assert await ops.look() == 0
    room.clock.forward(MINUTE)
    await ops.look()
    await ops.look()
    _, recovered = await told(room)
    assert recovered == (
        "the database can be written again and polling goes on; it could not for 6 min: "
        "it cannot grow"
    )


async def test_Q06_a_store_that_takes_nothing_is_told_of_when_it_is_back(
    room: Newsroom, ops: Ops, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with locked(tmp_path / "rasid.db"):
        for _ in range(7):
            assert await ops.look("is locked") == 0
            room.clock.forward(10 * SECOND)
    assert caplog.text.count("the ops receiver cannot be told") == 2  # once a minute
    room.clock.forward(2 * MINUTE)
    assert await ops.look() == 1
    assert [text.partition(";")[0] for text in await told(room)] == [
        "the database can be written again and polling goes on"
    ]


async def test_a_second_episode_is_told_of_again(room: Newsroom, ops: Ops) -> None:
    for _ in range(2):
        await ops.look("full")
        room.clock.forward(HOUR)
        await ops.look()
        room.clock.forward(HOUR)
    assert len(await told(room)) == 4


@pytest.mark.parametrize(
    ("lasted", "text"),
    [(0, "1 s"), (40 * SECOND, "40 s"), (7 * MINUTE, "7 min"), (30 * HOUR, "30 h")],
)
def test_an_episode_is_measured(lasted: int, text: str) -> None:
    assert f"could not for {text}: why" in recovery_text(Episode(0, lasted, "why"))


# --- first polls ---------------------------------------------------------------------------


async def test_first_polls_of_a_start_share_one_summary(room: Newsroom, ops: Ops) -> None:
    for number, source in enumerate(("front", "world", "other")):
        room.clock.forward(-9 * MINUTE)  # a minute after the one before
        items = [item(10 * number + n, f"غارة {number}{n}") for n in range(4)]
        await room.show(source, items, seeding=True)
        assert await ops.look() == 0
    room.clock.forward(2 * MINUTE)
    assert await ops.look() == 1
    assert await ops.look() == 0
    assert await told(room) == [
        "first poll of 3 sources (front, world, other): 12 items were kept without an alert; "
        "12 stored items of the last 24 h match"
    ]


async def test_a_later_poll_is_no_first_one(room: Newsroom, ops: Ops) -> None:
    await room.show("front", [item(1)])
    assert await ops.look(at_once=True) == 0


async def test_Q01_a_process_that_dies_before_the_summary_leaves_it_to_the_next(
    room: Newsroom, tmp_path: Path
) -> None:
    await room.show("front", [item(1)], seeding=True)
    await room.storage.close()
    room.storage = SqliteStorage(tmp_path / "rasid.db", room.clock)
    for _ in range(2):
        await Ops(room.storage, lambda: room.world, room.clock).look(at_once=True)
    assert len(await told(room)) == 1


async def test_a_first_poll_that_is_not_stored_is_not_told_of(
    room: Newsroom, ops: Ops, tmp_path: Path
) -> None:
    with locked(tmp_path / "rasid.db"), pytest.raises(Exception, match="locked"):
        await room.show("front", [item(1)], seeding=True)
    assert await ops.look(at_once=True) == 0


# --- sources -------------------------------------------------------------------------------


async def fail(room: Newsroom, failures: int, **names: int) -> None:
    """Let every source have failed so often, some of them differently."""

    def write(tx: Transaction) -> None:
        for name, source in room.world.config.sources.items():
            times = names.get(name, failures)
            state = SourceState(name, url=source.url, failures=times, reason="connect")
            tx.save_source(replace(state, last_poll_at=room.clock()))

    await room.storage.write(write)


async def test_sources_that_all_fail_are_told_once_and_so_is_the_first_that_answers(
    room: Newsroom, ops: Ops
) -> None:
    await fail(room, 2)
    assert await ops.look() == 0
    assert str(ops.standing) == "all sources are failing"
    await fail(room, 3)
    assert await ops.look() == 1
    assert await ops.look() == 0
    restarted = Ops(room.storage, lambda: room.world, room.clock)
    assert await restarted.look() == 0, "a restart is no new episode"
    room.clock.forward(2 * HOUR)
    await fail(room, 9, front=0)
    assert await restarted.look() == 1
    assert await restarted.look() == 0
    assert str(restarted.standing) == "2 of 3 sources are failing"
    outage, answers = await told(room)
    assert outage.startswith("all sources are failing, 3 polls in a row or more: 3 sources, ")
    assert "most often connect" in outage
    assert answers == (
        "1 of 3 sources answers again, after 2 h; what left feeds meanwhile is missing "
        "(`rasid sources --json` has possible_gaps)"
    )
    await fail(room, 3)
    assert await restarted.look() == 1, "a second episode"


async def test_one_source_that_was_not_polled_yet_is_no_outage_and_no_answer(
    room: Newsroom, ops: Ops
) -> None:
    def forget(tx: Transaction) -> None:
        tx.save_source(SourceState("front"))

    await fail(room, 3)
    await room.storage.write(forget)
    assert await ops.look() == 0
    await fail(room, 3)
    assert await ops.look() == 1
    await room.storage.write(forget)
    assert await ops.look() == 0


def test_sources_that_are_paused_do_not_count() -> None:
    sources = [Source(name, name, "https://a.example/") for name in "ab"]
    states = {"a": SourceState("a", failures=3), "b": SourceState("b", failures=1, paused=True)}
    assert standing(sources, states).dead
    assert str(standing(sources, states)) == "the only source is failing"
    assert not standing([], {}).dead
    assert str(standing([], {})) == ""


async def test_after_an_outage_a_source_is_told_of_when_it_was_asked_again(
    room: Newsroom, ops: Ops
) -> None:
    await fail(room, 9)
    await ops.look()
    room.clock.forward(2 * HOUR)
    await fail(room, 9, front=0)
    assert await ops.look() == 1  # one answers again; the others were asked before that
    room.clock.forward(HOUR)
    await fail(room, 10, front=0)
    assert await ops.look() == 1
    assert (await told(room))[-1].startswith("2 sources need a look")
    assert await ops.look() == 0
