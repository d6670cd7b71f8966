"""Delivery while the store fails: a real SQLite file, locked or full; only the clock is ours."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alert_sinks import Answer, HttpSink, Request, http_sink
from storage_samples import locked
from test_alerts_outbox import Clock, Desk, until

from rasid.protocols import Transaction
from rasid.settings import HOUR, MINUTE, SECOND, Settings
from storage.sqlite import SqliteStorage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rasid.db"


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    storage = SqliteStorage(path, clock, busy_ms=10)
    yield Desk(storage, clock)
    await storage.close()


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as opened:
        yield opened


@pytest.fixture
def lock(path: Path) -> Iterator[Callable[[], ExitStack]]:
    """Return a function that locks the database as another process would, past every wait."""
    with ExitStack() as all_locks:

        def take() -> ExitStack:
            held = all_locks.enter_context(ExitStack())
            held.enter_context(locked(path))
            return held

        yield take


def pages(number: int) -> Callable[[Any], int]:
    """Return a transaction that lets the file grow to so many pages and no further."""

    def limit(tx: Any) -> int:
        return int(tx._conn.execute(f"PRAGMA max_page_count = {number}").fetchone()[0])

    return limit


async def test_a_store_that_cannot_be_claimed_from_holds_alerts_and_no_longer(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    (one,) = await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox()
    held = lock()
    counts = await outbox.round()
    assert (counts.sent, counts.errors, sink.requests) == (0, 1, [])
    held.close()
    assert (await outbox.round()).sent == 1
    assert sink.ids == [one]


async def test_a_claim_that_fails_is_made_again_after_a_pause(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    names = [desk.target(f"desk/{n}", sink.url) for n in "ab"]
    outbox = desk.outbox(mark_pause=0.01)
    ids = await desk.raise_alerts(*names)
    ask, held = outbox._senders.body_limit, []

    async def lock_and_ask(target: Any) -> int:  # between looking for due targets and claiming
        held.append(held or lock())
        return await ask(target)

    outbox._senders.body_limit = lock_and_ask  # type: ignore[method-assign]
    counts = await outbox.round()
    assert (counts.sent, counts.errors, sink.requests) == (0, 2, [])
    outbox._senders.body_limit = ask  # type: ignore[method-assign]
    held[0].close()
    assert (await outbox.round()).sent == 0  # not before the pause is over
    desk.clock.now += 5 * SECOND
    assert (await outbox.round()).sent == 2
    assert sorted(sink.ids) == sorted(ids)


async def test_Q06_a_send_that_cannot_be_recorded_is_not_made_again(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    held: list[ExitStack] = []

    def answer(_request: Request) -> Answer:
        held.append(lock())
        return Answer()

    sink.answer = answer
    (one,) = await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox(mark_pause=0.01)
    assert (await outbox.round()).errors == 1
    for _ in range(3):
        desk.clock.now += 2 * MINUTE  # its lease is over
        assert (await outbox.round()).errors == 1
    assert (await desk.states())[one][0] == "pending"
    held[0].close()
    sink.answer = lambda _request: Answer()
    desk.clock.now += MINUTE
    assert (await outbox.round()).sent == 1
    assert sink.ids == [one]
    assert (await desk.states())[one] == ("sent", "accepted")
    (notification,) = {alert.notification for alert in await desk.of("sent")}
    assert len(await desk.storage.read(lambda view: view.deliveries(notification))) == 1


async def test_what_was_sent_is_recorded_before_it_could_be_given_up(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    held: list[ExitStack] = []

    def answer(_request: Request) -> Answer:
        held.append(lock())
        return Answer()

    sink.answer = answer
    name = desk.target("desk/a", sink.url)
    (one,) = await desk.raise_alerts(name)
    outbox = desk.outbox(mark_pause=0.01)
    await outbox.round()
    held[0].close()
    desk.clock.now += 100 * HOUR  # past `dead_letter_after`
    del desk.targets[name]  # and its receiver is gone
    await outbox.round()
    assert (await desk.states())[one] == ("sent", "accepted")


async def test_after_the_record_of_a_removed_receiver_nothing_more_goes_to_it(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    held: list[ExitStack] = []

    def answer(_request: Request) -> Answer:
        held.append(lock())
        return Answer()

    sink.answer = answer
    name = desk.target("desk/a", sink.url)
    ids = await desk.raise_alerts(name, items=11)  # two notifications
    outbox = desk.outbox(mark_pause=0.01)
    await outbox.round()
    held[0].close()
    del desk.targets[name]
    desk.clock.now += MINUTE
    await outbox.round()
    desk.clock.now += MINUTE
    await outbox.round()
    states = await desk.states()
    assert {states[one] for one in ids[:10]} == {("sent", "accepted")}
    assert states[ids[10]] == ("dead", "receiver_removed")
    assert len(sink.requests) == 1


async def test_Q06_a_full_store_sends_each_alert_once_and_goes_on_when_there_is_room(
    desk: Desk, sink: HttpSink
) -> None:
    names = [desk.target(f"desk/{n}", f"{sink.url}/{n}") for n in range(3)]
    ids = await desk.raise_alerts(*names, items=300)
    await desk.storage.write(pages(1))  # no smaller than the file is: it cannot grow
    outbox = desk.outbox(mark_pause=0)
    failed = 0
    for _ in range(12):
        failed += (await outbox.round()).errors
        desk.clock.now += 2 * MINUTE  # every lease is over
    assert failed > 0
    assert len(sink.ids) < len(ids), "the store never was full"
    assert max(Counter(sink.ids).values(), default=1) == 1
    await desk.storage.write(pages(1_000_000))
    await outbox.round()
    assert sorted(sink.ids) == sorted(ids)
    assert {state for state, _ in (await desk.states()).values()} == {"sent"}


async def test_a_dead_letter_that_cannot_be_recorded_is_announced_once_it_can(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    held: list[ExitStack] = []

    def answer(request: Request) -> Answer:
        if "gone" not in request.path:
            return Answer()
        held.append(lock())
        return Answer(404)

    sink.answer = answer
    desk.target("ops/a", sink.url)
    (one,) = await desk.raise_alerts(desk.target("desk/a", f"{sink.url}/gone"))
    outbox = desk.outbox(mark_pause=0.01)
    await outbox.round()
    held[0].close()
    desk.clock.now += MINUTE
    assert (await outbox.round()).dead == 1
    assert (await desk.states())[one] == ("dead", "refused")
    assert [request.path for request in sink.requests] == ["/hook/gone", "/hook"]


async def test_a_bug_in_recording_repeats_no_send(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(404)
    await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox()
    announce = outbox._undertaker.tell

    def broken(*_: object) -> None:
        raise KeyError("a bug")

    outbox._undertaker.tell = broken  # type: ignore[method-assign]
    for _ in range(3):
        assert (await outbox.round()).errors == 1
        desk.clock.now += 2 * MINUTE
    outbox._undertaker.tell = announce  # type: ignore[method-assign]
    assert (await outbox.round()).dead == 1
    assert len(sink.requests) == 1


async def test_the_loop_outlives_a_store_that_fails(
    desk: Desk, sink: HttpSink, lock: Callable[[], ExitStack]
) -> None:
    name = desk.target("desk/a", sink.url)
    outbox = desk.outbox()
    held = lock()
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.3)  # it has looked, in vain
    held.close()
    (one,) = await desk.raise_alerts(name)
    outbox.wake()
    await until(lambda: sink.ids == [one])
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_transaction_that_fails_keeps_neither_outcome_nor_announcement(
    desk: Desk, sink: HttpSink
) -> None:
    """What a restart finds is all or nothing of an outcome."""
    sink.answer = lambda _request: Answer(404)
    desk.settings = Settings(fallback_receiver="ops")
    desk.target("ops/a", sink.url)
    (one,) = await desk.raise_alerts(desk.target("desk/a", sink.url))
    add = desk.outbox()

    def fails(tx: Transaction, *rest: Any) -> None:
        announce(tx, *rest)
        raise KeyError("after the announcement was written")

    announce = add._undertaker.tell
    add._undertaker.tell = fails  # type: ignore[method-assign]
    await add.round()
    assert (await desk.states())[one] == ("pending", "")
    assert len(await desk.states()) == 1
