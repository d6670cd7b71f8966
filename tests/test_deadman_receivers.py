"""Receivers that take nothing are told of elsewhere, once, and so is their return."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from alert_sinks import Answer, HttpSink, http_sink
from newsroom import RULES
from test_parts import House
from test_parts import house as house

from rasid.alerts.failing import failing, unheard_since
from rasid.models import Alert, DeliveryReason, Overdue
from rasid.settings import DAY, HOUR, MINUTE

AFTER = 15 * MINUTE
NOW = 1_000 * HOUR
LATE = Overdue("desk/a", "desk", 2, NOW - AFTER, "http_5xx", "HTTP 503")


# --- decided -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "sent", "fails"),
    [
        (LATE, {}, True),
        (LATE, {"other/a": NOW}, True),
        (LATE, {"desk/a": NOW - 2 * AFTER}, True),
        (LATE, {"desk/a": NOW - MINUTE}, False),  # one message is at fault, others go out
        (Overdue("desk/a", "desk", 2, NOW - AFTER + 1), {}, False),
    ],
)
def test_N01_a_receiver_fails_that_takes_nothing(
    late: Overdue, sent: dict[str, int], fails: bool
) -> None:
    assert failing([late], sent, NOW, AFTER) == ([late] if fails else [])


def test_T11_delivery_is_unheard_while_nothing_was_accepted_since_it_was_due() -> None:
    dead = Alert("x", "r", "h", "desk/a", "desk", "item:x", NOW - HOUR)
    assert unheard_since([], [], {}) is None
    assert unheard_since([LATE], [], {"a": LATE.since - 1}) == LATE.since
    assert unheard_since([LATE], [dead], {}) == NOW - HOUR
    assert unheard_since([LATE], [dead], {"a": NOW - MINUTE}) is None
    removed = replace(dead, reason=DeliveryReason.RECEIVER_REMOVED)
    assert unheard_since([], [removed], {}) is None


# --- told ----------------------------------------------------------------------------------


@dataclass
class Wires:
    """A desk, a fallback and an ops receiver that answer, and what hears the heartbeat."""

    house: House
    desk: HttpSink
    fallback: HttpSink
    ops: HttpSink
    outside: HttpSink
    count: int = 0

    async def match(self) -> None:
        """Promise the desk an alert."""
        self.count += 1
        target = next(n for n, one in self.house.parts.world().targets.items() if "desk" in n)
        facts = {"kind": "item", "title": f"t{self.count}", "excerpts": []}
        name, now = f"a{self.count}", self.house.clock()
        alert = Alert(name, "strike", "h", target, "desk", f"item:{name}", now, facts)
        await self.house.parts.storage.write(lambda tx: tx.add_alert(alert))

    async def live(self, minutes: int) -> None:
        """Deliver, look and ping as the daemon does."""
        for _ in range(minutes):
            self.house.clock.forward(MINUTE)
            await self.house.parts.outbox.round()
            self.house.parts.watch.last_progress_at = self.house.clock()
            await self.house.parts.tell()
            await self.house.parts.outbox.round()
            await self.house.parts.ping()


@pytest.fixture
async def wires(house: House) -> Iterator[Wires]:
    with ExitStack() as stack:
        sinks = [stack.enter_context(http_sink()) for _ in range(4)]
        desk, fallback, ops, outside = sinks
        text = RULES.replace(
            '  - {id: desk, urls: ["json://192.0.2.1/a", "json://192.0.2.1/b"]}\n',
            f'  - {{id: desk, urls: [{{id: a, url: "{desk.url}"}}]}}\n'
            f'  - {{id: spare, urls: ["{fallback.url}"]}}\n'
            f'  - {{id: ops, urls: ["{ops.url}"]}}\n',
        ).replace(
            "version: 1\n",
            "version: 1\nsettings:\n  ops_receiver: ops\n  fallback_receiver: spare\n"
            f"  heartbeat: {{url: 'http://127.0.0.1:{outside.port}/', every: 1m}}\n",
        )
        await house.reload(text)
        yield Wires(house, *sinks)


def told(sink: HttpSink) -> list[str]:
    return [request.json["message"] for request in sink.requests]


async def test_N01_what_was_delivered_under_a_clock_that_was_ahead_hides_no_failure(
    wires: Wires,
) -> None:
    await wires.live(1)
    wires.house.clock.forward(1000 * DAY)
    await wires.match()
    await wires.live(1)
    wires.house.clock.forward(-1000 * DAY)
    wires.desk.answer = lambda _request: Answer(503)
    await wires.match()
    await wires.live(17)
    assert ["takes nothing" in one for one in told(wires.fallback)] == [True]


async def test_N01_a_receiver_that_fails_is_told_of_once_and_its_return_once(
    wires: Wires,
) -> None:
    wires.desk.answer = lambda _request: Answer(503)
    await wires.match()
    await wires.match()
    await wires.live(14)
    assert told(wires.fallback) == []
    await wires.live(60)
    (trouble,) = told(wires.fallback)
    assert "receiver desk (desk/a) takes nothing: HTTP 503. 2 alerts wait, the first for" in trouble
    wires.desk.answer = lambda _request: Answer()
    await wires.live(20)
    assert len(told(wires.fallback)) == 2
    assert "receiver desk (desk/a) works again, after" in told(wires.fallback)[1]
    assert "nothing waits" in told(wires.fallback)[1]
    assert told(wires.ops) == []
    assert len(wires.outside.requests) == 94, "somebody was reached all the time"


async def test_N01_a_restart_begins_no_second_episode(wires: Wires) -> None:
    wires.desk.answer = lambda _request: Answer(503)
    await wires.match()
    await wires.live(20)
    wires.house.parts.announcer.receivers = type(wires.house.parts.announcer.receivers)(
        wires.house.parts.storage, wires.house.parts.world, wires.house.clock
    )
    await wires.live(20)
    assert len(told(wires.fallback)) == 1


async def test_T11_nobody_reached_is_told_outside_by_silence(wires: Wires) -> None:
    for sink in (wires.desk, wires.fallback, wires.ops):
        sink.answer = lambda _request: Answer(503)
    await wires.match()
    await wires.live(29)
    assert len(wires.outside.requests) == 29
    await wires.live(31)
    assert len(wires.outside.requests) == 29
    beat = wires.house.parts.pulse()
    assert beat.delivery.startswith("nothing was delivered to anybody for 60 min")
    for sink in (wires.fallback, wires.ops):
        sink.answer = lambda _request: Answer()
    sent = len(wires.ops.requests)
    await wires.live(20)
    assert any("nothing was delivered to anybody for" in one for one in told(wires.ops)[sent:])
    assert len(wires.outside.requests) > 29
    assert wires.house.parts.pulse().delivery == ""


async def test_T11_alerts_that_all_were_refused_for_good_are_silence_too(wires: Wires) -> None:
    """The announcement of a dead letter that dies itself is announced by nobody."""
    for sink in (wires.desk, wires.fallback, wires.ops):
        sink.answer = lambda _request: Answer(401)
    await wires.match()
    await wires.live(29)
    assert wires.house.parts.pulse().delivery == ""
    await wires.live(5)
    assert wires.house.parts.pulse().delivery


async def test_what_is_held_makes_no_receiver_fail(wires: Wires) -> None:
    await wires.match()

    def hold(tx) -> None:
        tx.hold(["a1"], wires.house.clock() + 10 * HOUR, lane="3 digest x", reason="digest")

    await wires.house.parts.storage.write(hold)
    await wires.live(40)
    assert told(wires.fallback) == []
    assert wires.house.parts.pulse().delivery == ""


async def test_a_removed_receiver_is_no_longer_spoken_of(wires: Wires) -> None:
    wires.desk.answer = lambda _request: Answer(503)
    await wires.match()
    await wires.live(20)
    assert len(told(wires.fallback)) == 1
    await wires.house.reload(wires.house.text.replace("{id: a, url:", "{id: b, url:"))
    await wires.live(20)
    assert "desk/a could not be delivered: receiver_removed" in told(wires.fallback)[1]
    assert len(told(wires.fallback)) == 2
