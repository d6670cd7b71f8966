"""Receivers with a pace, over real stores and real servers; only the clock is ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alert_desk import START, Clock, Desk
from alert_sinks import Answer, HttpSink, Request, http_sink, smtp_sink

from rasid.settings import DAY, HOUR, MINUTE, SECOND, Digest, Limit, Pace, QuietHours
from storage import open_storage

DAMASCUS = "Asia/Damascus"
NIGHT = QuietHours(22 * 60, 6 * 60, DAMASCUS)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(DAMASCUS)).timestamp()) * SECOND


@pytest.fixture(params=["memory", "sqlite"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    clock = Clock()
    url = "memory://" if request.param == "memory" else str(tmp_path / "rasid.db")
    storage = open_storage(url, clock)
    yield Desk(storage, clock)
    await storage.close()


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as one:
        yield one


def text_of(request: Request) -> str:
    return str(request.json["message"])


async def reasons(desk: Desk) -> Counter[str]:
    return Counter(one.reason for one in await desk.of("pending"))


async def test_N05_N06_a_storm_stays_within_the_limit_and_every_item_is_listed(
    desk: Desk, sink: HttpSink
) -> None:
    """1,000 matches in a minute to a receiver limited to one message a second."""
    arrived: list[int] = []

    def answer(_request: Request) -> Answer:
        arrived.append(desk.clock.now)
        early = len(arrived) > 1 and arrived[-1] - arrived[-2] < SECOND
        return Answer(429 if early else 200)

    sink.answer = answer
    name = desk.target("chat/1", sink.url, Pace(limit=Limit(1, SECOND)))
    outbox, raised = desk.outbox(), list[str]()
    for _ in range(20):
        raised += await desk.raise_alerts(name, items=50)
        await outbox.round()
        desk.clock.now += 3 * SECOND
    for _ in range(60):
        await outbox.round()
        desk.clock.now += SECOND
    assert Counter(sink.ids) == Counter(raised)  # none lost, none twice
    assert min(b - a for a, b in pairwise(arrived)) >= SECOND
    assert len(arrived) <= 60
    text = "\n".join(map(text_of, sink.requests))
    assert all(f"Title {n}\n" in text for n in range(1, 1001))
    assert all(one[-10:] in text for one in raised)


async def test_N06_what_the_limit_keeps_back_is_one_list(desk: Desk, sink: HttpSink) -> None:
    name = desk.target("chat/1", sink.url, Pace(limit=Limit(1, HOUR)))
    await desk.raise_alerts(name, items=60)
    outbox = desk.outbox()
    await outbox.round()
    assert len(sink.ids) == 10
    assert await reasons(desk) == {"limited": 50}
    desk.clock.now += HOUR - 1
    await outbox.round()
    assert len(sink.requests) == 1
    desk.clock.now += 1
    await outbox.round()
    assert len(sink.requests) == 2
    assert text_of(sink.requests[1]).startswith(
        "More than the limit lets through one by one (items: 50)"
    )


async def test_N05_a_limit_outlives_the_process(desk: Desk, sink: HttpSink) -> None:
    name = desk.target("chat/1", sink.url, Pace(limit=Limit(1, HOUR)))
    await desk.raise_alerts(name)
    await desk.outbox().round()
    await desk.raise_alerts(name)
    await desk.outbox().round()  # another process
    assert len(sink.requests) == 1


async def test_what_is_critical_goes_before_all_that_the_limit_keeps_back(
    desk: Desk, sink: HttpSink
) -> None:
    name = desk.target("chat/1", sink.url, Pace(limit=Limit(1, MINUTE)))
    await desk.raise_alerts(name, items=30)
    outbox = desk.outbox()
    await outbox.round()
    (grave,) = await desk.raise_alerts(name, severity="critical")
    await outbox.round()
    desk.clock.now += MINUTE
    await outbox.round()
    assert sink.requests[1].alerts == [grave]


async def test_N05_a_retry_counts_as_a_message(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(500)
    name = desk.target("chat/1", sink.url, Pace(limit=Limit(2, HOUR)))
    await desk.raise_alerts(name)
    outbox = desk.outbox()
    for _ in range(5):
        await outbox.round()
        desk.clock.now += 10 * MINUTE
    assert len(sink.requests) == 2


async def test_quiet_hours_hold_then_summarise_and_let_the_critical_through(
    desk: Desk, sink: HttpSink
) -> None:
    name = desk.target("chat/1", sink.url, Pace(quiet_hours=NIGHT))
    desk.clock.now = at("2026-11-26T23:00")
    held = await desk.raise_alerts(name, items=3, severity="high")
    (grave,) = await desk.raise_alerts(name, severity="critical")
    outbox = desk.outbox()
    await outbox.round()
    assert sink.ids == [grave]
    assert await reasons(desk) == {"quiet_hours": 3}
    desk.clock.now = at("2026-11-27T06:00")
    await outbox.round()
    assert sink.requests[1].alerts == held
    assert text_of(sink.requests[1]).startswith(
        "Held in the quiet hours since 2026-11-26 (items: 3)"
    )


async def test_N20_quiet_hours_outlive_the_process_and_end_with_their_removal(
    desk: Desk, sink: HttpSink
) -> None:
    name = desk.target("chat/1", sink.url, Pace(quiet_hours=NIGHT))
    desk.clock.now = at("2026-11-26T23:00")
    await desk.raise_alerts(name)
    await desk.outbox().round()
    await desk.outbox().round()  # another process
    assert await reasons(desk) == {"quiet_hours": 1}
    desk.target("chat/1", sink.url)  # rules.yaml without them
    await desk.outbox().round()
    assert len(sink.requests) == 1


async def test_what_could_not_go_before_quiet_hours_waits_for_their_end(
    desk: Desk, sink: HttpSink
) -> None:
    sink.answer = lambda request: Answer(
        429 if len(sink.requests) == 1 else 200, {"Retry-After": "60"}
    )
    name = desk.target("chat/1", sink.url, Pace(quiet_hours=NIGHT))
    desk.clock.now = at("2026-11-26T21:59")
    await desk.raise_alerts(name)
    outbox = desk.outbox()
    await outbox.round()  # asked to wait
    await desk.raise_alerts(name)
    await outbox.round()
    desk.clock.now = at("2026-11-26T22:30")
    await outbox.round()
    assert await reasons(desk) == {"quiet_hours": 1}


async def test_N20_a_digest_goes_once_at_its_time_also_after_a_restart(
    desk: Desk, sink: HttpSink
) -> None:
    name = desk.target("mail/1", sink.url, Pace(digest=Digest("0 7,19 * * *", DAMASCUS)))
    desk.clock.now = at("2026-11-26T06:00")
    first = await desk.raise_alerts(name, items=3)
    await desk.outbox().round()
    assert await reasons(desk) == {"digest": 3}
    desk.clock.now = at("2026-11-26T09:00")  # the process was down at seven
    second = await desk.raise_alerts(name)
    outbox = desk.outbox()
    await outbox.round()
    await outbox.round()
    assert [request.alerts for request in sink.requests] == [first]
    assert text_of(sink.requests[0]).startswith("Digest of 2026-11-26 07:00 (items: 3)")
    desk.clock.now = at("2026-11-26T19:00")
    await outbox.round()
    assert sink.requests[1].alerts == second


async def test_a_retry_of_a_digest_has_the_same_members(desk: Desk, sink: HttpSink) -> None:
    sink.answer = lambda _request: Answer(500 if len(sink.requests) == 1 else 200)
    name = desk.target("mail/1", sink.url, Pace(digest=Digest("0 7 * * *", DAMASCUS)))
    desk.clock.now = at("2026-11-26T06:00")
    first = await desk.raise_alerts(name, items=2)
    outbox = desk.outbox()
    await outbox.round()
    desk.clock.now = at("2026-11-26T07:00")
    await outbox.round()
    await desk.raise_alerts(name)
    desk.clock.now += HOUR
    await outbox.round()
    assert [request.alerts for request in sink.requests] == [first, first]
    assert text_of(sink.requests[0]) == text_of(sink.requests[1])


async def test_a_weekly_digest_does_not_outlive_the_alerts_that_wait_for_it(
    desk: Desk, sink: HttpSink
) -> None:
    name = desk.target("mail/1", sink.url, Pace(digest=Digest("0 7 * * 1", DAMASCUS)))
    desk.clock.now = at("2026-11-23T08:00")  # a Monday, past seven
    raised = await desk.raise_alerts(name)
    outbox = desk.outbox()
    for _ in range(7):
        await outbox.round()
        desk.clock.now += DAY
    await outbox.round()
    assert sink.ids == raised
    assert not await desk.of("dead")


async def test_alerts_of_one_moment_wait_for_one_another(desk: Desk, sink: HttpSink) -> None:
    name = desk.target("chat/1", sink.url, Pace(group_wait=30 * SECOND))
    outbox = desk.outbox()
    first = await desk.raise_alerts(name)
    await outbox.round()
    desk.clock.now += 20 * SECOND
    second = await desk.raise_alerts(name)
    (grave,) = await desk.raise_alerts(name, severity="critical")
    await outbox.round()
    desk.clock.now += 10 * SECOND
    await outbox.round()
    assert [request.alerts for request in sink.requests] == [[grave], first + second]


async def test_a_receiver_that_waits_does_not_delay_another(desk: Desk, sink: HttpSink) -> None:
    slow = desk.target("chat/1", sink.url, Pace(limit=Limit(1, HOUR), quiet_hours=NIGHT))
    fast = desk.target("desk/1", sink.url)
    await desk.raise_alerts(slow, fast, items=20)
    await desk.outbox().round()
    assert sum(len(request.alerts) for request in sink.requests) == 30


async def test_N21_a_digest_by_mail_has_every_item_as_text_and_as_html(desk: Desk) -> None:
    with smtp_sink() as mail:
        name = desk.target("mail/1", mail.url(), Pace(digest=Digest("0 7 * * *", DAMASCUS)))
        desk.clock.now = START
        raised = await desk.raise_alerts(name, items=120)
        outbox = desk.outbox()
        await outbox.round()
        desk.clock.now = at("2026-11-24T07:00")
        await outbox.round()
    assert len(mail.mails) == 2  # as many ids as a header holds
    told = [
        one for found in mail.mails for one in found["X-Rasid-Alert"].replace(" ", "").split(",")
    ]
    assert Counter(told) == Counter(raised)
    for kind in ("plain", "html"):
        bodies = [found.get_body((kind,)).get_content() for found in mail.mails]
        assert all(one[-10:] in "".join(bodies) for one in raised)
    assert mail.mails[0].get_content_type() == "multipart/alternative"
    assert mail.mails[0]["Subject"] == "Digest of 2026-11-24 07:00 (items: 100)"


async def test_N13_a_refused_recipient_does_not_hold_the_digest_of_another(desk: Desk) -> None:
    with smtp_sink() as mail:
        mail.refused = {"b@example.org"}
        pace = Pace(digest=Digest("0 7 * * *", DAMASCUS))
        names = [desk.target(f"mail/{to}", mail.url(f"{to}@example.org"), pace) for to in "ab"]
        await desk.raise_alerts(*names, items=3)
        outbox = desk.outbox()
        await outbox.round()
        desk.clock.now = at("2026-11-24T07:00")
        await outbox.round()
    assert mail.recipients == [["a@example.org"]]
    assert Counter(one.target for one in await desk.of("dead")) == {"mail/b": 3}
