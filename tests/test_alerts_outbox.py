"""The delivery loop over real stores, real threads and real servers; only the clock is ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alert_desk import START, Clock, Desk, plain_render
from alert_sinks import Answer, HttpSink, Request, http_sink, smtp_sink

from rasid.models import Message, Notification, Target
from rasid.settings import DAY, HOUR, MINUTE, SECOND
from storage import open_storage


@pytest.fixture(params=["memory", "sqlite"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    clock = Clock()
    url = "memory://" if request.param == "memory" else str(tmp_path / "rasid.db")
    storage = open_storage(url, clock)
    yield Desk(storage, clock)
    await storage.close()


@pytest.fixture
def sinks() -> Iterator[Callable[[], HttpSink]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(http_sink())


@pytest.fixture
def sink(sinks: Callable[[], HttpSink]) -> HttpSink:
    return sinks()


def failing(times: int, status: int = 500) -> Callable[[Request], Answer]:
    left = [times]

    def answer(_request: Request) -> Answer:
        left[0] -= 1
        return Answer(status if left[0] >= 0 else 200)

    return answer


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.01)


async def test_N01_one_failing_receiver_costs_the_others_nothing(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    three = [sinks() for _ in range(3)]
    three[1].answer = failing(5)
    names = [desk.target(f"desk/{n}", sink.url) for n, sink in enumerate(three)]
    await desk.raise_alerts(*names)
    outbox = desk.outbox()
    for _ in range(6):
        await outbox.round()
        desk.clock.now += 20 * MINUTE
    assert [len(sink.requests) for sink in three] == [1, 6, 1]
    assert {state for state, _ in (await desk.states()).values()} == {"sent"}
    attempts = {request.headers["Idempotency-Key"] for request in three[1].requests}
    assert len(attempts) == 1  # a retry is the same notification


async def test_counts_of_a_round(desk: Desk, sinks: Callable[[], HttpSink]) -> None:
    good, bad, gone = sinks(), sinks(), sinks()
    bad.answer = lambda _request: Answer(503)
    gone.answer = lambda _request: Answer(404)
    names = [desk.target(f"desk/{n}", one.url) for n, one in enumerate((good, bad, gone))]
    await desk.raise_alerts(*names)
    counts = await desk.outbox().round()
    assert (counts.sent, counts.retried, counts.dead, counts.errors) == (1, 1, 1, 0)


async def test_N03_a_lost_answer_is_sent_again_with_the_same_id(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(hang=3 if len(sink.requests) == 1 else 0)
    (one,) = await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox(deadline=0.3)
    assert (await outbox.round()).retried == 1
    sink.released.set()
    desk.clock.now += MINUTE
    for _ in range(100):  # until the thread that hung ends
        await asyncio.sleep(0.05)
        if (await outbox.round()).sent:
            break
    assert sink.ids == [one, one]


async def test_N04_what_a_dead_process_had_claimed_holds_the_next_one_not_up(
    tmp_path: Path, sink: HttpSink
) -> None:
    clock = Clock()
    first = Desk(open_storage(str(tmp_path / "rasid.db"), clock), clock)
    name = first.target("desk/a", sink.url)
    ids = await first.raise_alerts(name, items=500)
    # claimed by a process that died: its lease must not hold the next one up
    assert await first.storage.write(lambda tx: tx.claim(name, limit=10, ttl=60 * SECOND))
    await first.storage.close()
    second = Desk(open_storage(str(tmp_path / "rasid.db"), clock), clock)
    second.targets = first.targets
    counts = await second.outbox().round()
    await second.storage.close()
    assert counts.sent == 500
    assert sorted(sink.ids) == sorted(ids)


async def test_N07_a_refused_text_is_sent_once_more_plain_then_buried_and_announced(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    picky, ops = sinks(), sinks()
    picky.answer = lambda request: Answer(400 if b"Title 1\\n" in request.body else 200)
    desk.target("ops/a", ops.url)
    name = desk.target("desk/a", picky.url)
    (bad,) = await desk.raise_alerts(name)
    outbox = desk.outbox()
    counts = await outbox.round()
    assert (counts.retried, counts.dead) == (1, 1)
    (good,) = await desk.raise_alerts(name)
    await outbox.round()
    assert picky.ids == [bad, bad, good]
    states = await desk.states()
    assert states[bad] == ("dead", "http_4xx")
    assert states[good][0] == "sent"
    (told,) = ops.requests
    assert "1 alert for desk/a could not be delivered" in told.json["message"]


async def test_N07_one_refused_alert_does_not_take_the_others_with_it(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    picky, ops = sinks(), sinks()
    picky.answer = lambda request: Answer(413 if b"Title 4\\n" in request.body else 200)
    desk.target("ops/a", ops.url)
    ids = await desk.raise_alerts(desk.target("desk/a", picky.url), items=12)
    counts = await desk.outbox().round()
    assert (counts.sent, counts.dead) == (11 + 1, 1)  # the announcement is an alert too
    assert [one.id for one in await desk.of("dead")] == [ids[3]]
    sent = [request.alerts for request in picky.requests]
    assert sent == [ids[:10], ids[:10], *([one] for one in ids[:10]), ids[10:]]
    (told,) = ops.requests
    assert "1 alert for desk/a could not be delivered" in told.json["message"]


async def test_N07_refused_at_once_does_not_block_what_follows(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    sink, ops = sinks(), sinks()
    sink.answer = failing(1, 401)
    desk.target("ops/a", ops.url)
    name = desk.target("desk/a", sink.url)
    ids = await desk.raise_alerts(name, items=11)  # two notifications
    counts = await desk.outbox().round()
    assert (counts.dead, counts.sent) == (10, 2)  # the announcement is an alert too
    assert len(sink.requests) == 2
    assert len(await desk.of("dead")) == 10
    assert ids[-1] in sink.ids
    assert len(ops.requests) == 1


async def test_a_storm_of_dead_letters_is_announced_once(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    sink, ops = sinks(), sinks()
    sink.answer = lambda _request: Answer(404)
    desk.target("ops/a", ops.url)
    await desk.raise_alerts(desk.target("desk/a", sink.url), items=95)
    counts = await desk.outbox().round()
    assert counts.dead == 95
    assert len(ops.ids) == 1


async def test_a_dead_fallback_receiver_makes_no_loop(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(404)
    await desk.raise_alerts(desk.target("desk/a", sink.url))
    desk.target("ops/a", sink.url)
    counts = await desk.outbox().round()
    assert counts.dead == 2  # the alert, and the news of it
    assert len(sink.requests) == 2
    assert await desk.of("pending") == []


async def test_alerts_of_a_removed_receiver_are_buried_and_announced(
    desk: Desk, sink: HttpSink
) -> None:
    desk.target("ops/a", sink.url)
    (one,) = await desk.raise_alerts("gone/x")
    await desk.outbox().round()
    assert (await desk.states())[one] == ("dead", "receiver_removed")
    assert "gone/x" in sink.requests[0].json["message"]


async def test_alerts_too_old_are_given_up_and_announced(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    down, ops = sinks(), sinks()
    down.answer = lambda _request: Answer(500)
    desk.target("ops/a", ops.url)
    (one,) = await desk.raise_alerts(desk.target("desk/a", down.url))
    outbox = desk.outbox()
    await outbox.round()
    desk.clock.now += 73 * HOUR
    await outbox.round()
    assert (await desk.states())[one] == ("dead", "expired")
    assert "expired" in ops.requests[0].json["message"]


async def test_an_alert_that_died_of_its_age_is_sent_when_a_person_asks(
    desk: Desk, sink: HttpSink
) -> None:
    sink.answer = lambda _request: Answer(503)
    (one,) = await desk.raise_alerts(desk.target("desk/a", sink.url))
    await desk.outbox().round()
    desk.clock.now += 73 * HOUR
    assert (await desk.outbox().round()).dead == 1
    await desk.storage.write(lambda tx: tx.retry_alerts([one]))
    assert (await desk.outbox().round()).retried == 1  # tried, though its receiver is still down
    desk.clock.now += 71 * HOUR
    sink.answer = lambda _request: Answer()
    assert (await desk.outbox().round()).sent == 1
    assert sink.ids == [one] * 3


async def test_N05_a_429_is_waited_out(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(429, {"Retry-After": "40"})
    name = desk.target("desk/a", sink.url)
    await desk.raise_alerts(name, items=25)
    outbox = desk.outbox()
    await outbox.round()
    assert len(sink.requests) == 1  # the other two notifications are not even tried
    desk.clock.now += 39 * SECOND
    await outbox.round()
    assert len(sink.requests) == 1
    sink.answer = lambda _request: Answer()
    desk.clock.now += 2 * SECOND
    assert (await outbox.round()).sent == 25


@pytest.mark.parametrize("restarts", [False, True])
async def test_T04_a_clock_that_is_set_back_delays_no_retry(
    desk: Desk, sink: HttpSink, restarts: bool
) -> None:
    sink.answer = failing(1, 429)
    await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox()
    assert (await outbox.round()).retried == 1
    desk.clock.now -= 365 * DAY
    if restarts:
        outbox = desk.outbox()
    assert (await outbox.round()).sent == 1
    assert len(set(sink.ids)) == 1


async def test_N13_each_recipient_is_retried_for_itself(desk: Desk) -> None:
    with smtp_sink() as mail:
        mail.refused = {"b@example.org"}
        names = [desk.target(f"desk/{who}", mail.url(f"{who}@example.org")) for who in ("a", "b")]
        await desk.raise_alerts(*names)
        outbox = desk.outbox()
        for _ in range(3):
            await outbox.round()
            desk.clock.now += HOUR
        assert mail.recipients == [["a@example.org"]]
    assert [one.target for one in await desk.of("dead")] == ["desk/b"]


async def test_N18_hung_receivers_do_not_hold_up_a_healthy_one(
    desk: Desk, sinks: Callable[[], HttpSink]
) -> None:
    hung, healthy = sinks(), sinks()
    hung.answer = lambda _request: Answer(hang=0.5)
    slow = [desk.target(f"slow/{n}", f"{hung.url}/{n}") for n in range(8)]
    good = desk.target("desk/a", healthy.url)
    await desk.raise_alerts(*slow)
    outbox = desk.outbox(deadline=0.4)
    assert (await outbox.round()).retried == 8  # every one of them has been found out
    await until(lambda: not any(map(outbox._senders.is_hung, slow)))
    desk.clock.now += 2 * MINUTE
    running = asyncio.create_task(outbox.run())
    try:
        await until(lambda: len(hung.requests) > 8)  # they are due again
        await desk.raise_alerts(good)
        outbox.wake()
        await until(lambda: healthy.requests)
        assert len(hung.requests) < 16, "it waited until each of them had been tried"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_N18_a_target_waits_for_the_thread_it_hung(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(hang=20)
    await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox(deadline=0.2)
    assert (await outbox.round()).retried == 1
    desk.clock.now += HOUR
    await outbox.round()
    assert len(sink.requests) == 1
    sink.released.set()
    sink.answer = lambda _request: Answer()
    await asyncio.sleep(0.1)
    assert (await outbox.round()).sent == 1


async def test_N21_every_item_of_a_poll_is_accounted_for(desk: Desk, sink: HttpSink) -> None:
    ids = await desk.raise_alerts(desk.target("desk/a", sink.url), items=20)
    assert (await desk.outbox().round()).sent == 20
    assert sorted(sink.ids) == sorted(ids)
    text = "".join(request.json["message"] for request in sink.requests)
    assert all(f"https://sana.example/{n}\n" in text for n in range(1, 21))


async def test_first_attempts_go_out_in_order_one_at_a_time(desk: Desk, sink: HttpSink) -> None:
    inside, most = [0], [0]

    def answer(_request: Request) -> Answer:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        inside[0] -= 1
        return Answer()

    sink.answer = answer
    ids = await desk.raise_alerts(desk.target("desk/a", sink.url), items=40)
    await desk.outbox().round()
    assert sink.ids == ids
    assert most[0] == 1


async def test_the_loop_is_woken_and_drained(
    desk: Desk, sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasid.alerts.outbox._LOOK_AGAIN", 60)  # longer than the test waits
    name = desk.target("desk/a", sink.url)
    outbox = desk.outbox()
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.05)
    await desk.raise_alerts(name)
    outbox.wake()
    await until(lambda: len(sink.requests) == 1)
    sink.answer = lambda _request: Answer(hang=0.3)
    await desk.raise_alerts(name)
    outbox.wake()
    await until(lambda: len(sink.requests) == 2)
    assert await outbox.drain(5)
    await desk.raise_alerts(name)
    outbox.wake()
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(sink.requests) == 2  # nothing new after the drain
    assert len(await desk.of("sent")) == 2
    assert outbox.progress_at == START


async def test_a_drain_gives_up_at_its_end(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(hang=20)
    await desk.raise_alerts(desk.target("desk/a", sink.url))
    outbox = desk.outbox()
    running = asyncio.create_task(outbox.run())
    await until(lambda: len(sink.requests) == 1)
    before = time.monotonic()
    assert not await outbox.drain(0.2)
    assert time.monotonic() - before < 10
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_T05_a_text_that_cannot_be_rendered_does_not_stop_the_others(
    desk: Desk, sink: HttpSink
) -> None:
    def render_some(notification: Notification, target: Target, limit: int) -> Message:
        if notification.alerts[0].subject == "item:1":
            raise KeyError("title")
        return plain_render(notification, target, limit)

    name = desk.target("desk/a", sink.url)
    ids = await desk.raise_alerts(name, items=11)
    outbox = desk.outbox()
    outbox._render = render_some
    counts = await outbox.round()
    assert (counts.dead, counts.sent) == (1, 10)
    assert sink.ids == [*ids[1:10], *ids[10:]]
