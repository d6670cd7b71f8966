"""The two days of a year that are longer or shorter than others, in four zones.

Days are counted in UTC and intervals know no zone. The zone of the process is set as well: a
naive local time anywhere on the way would be off by it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from newsroom import Newsroom, item, make_newsroom

from crawler.dates import parse_date
from rasid.archive.activity import noisy, since_of
from rasid.models import ParsedFeed, PollOutcome, PollReason, PollResult, SourceState
from rasid.notifiers.text import clock_text
from rasid.polling import next_poll
from rasid.settings import DAY, HOUR, MINUTE, SECOND, Source

# Beirut changes at midnight, Lord Howe by half an hour
NIGHTS = [
    ("Europe/Berlin", date(2026, 3, 29), 23.0),
    ("Europe/Berlin", date(2026, 10, 25), 25.0),
    ("America/New_York", date(2026, 3, 8), 23.0),
    ("America/New_York", date(2026, 11, 1), 25.0),
    ("Asia/Beirut", date(2026, 3, 29), 23.0),
    ("Asia/Beirut", date(2026, 10, 24), 25.0),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
]
POLLED = PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed())
SOURCE = Source("front", "paper", "https://paper.example/front.xml", every=30 * MINUTE)


@pytest.fixture(params=NIGHTS, ids=lambda night: f"{night[0]}-{night[1]}")
def night(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[int]]]:
    """Return a zone that the process is in, and every half hour of the day it changes on."""
    zone, day, hours = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        start, end = (midnight(one, zone) for one in (day, day + timedelta(days=1)))
        assert end - start == hours * HOUR, "the zone's rules are others by now"
        yield zone, list(range(start, end, SOURCE.every))
    time.tzset()


def midnight(day: date, zone: str) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) * SECOND


def test_T03_every_interval_of_the_day_is_as_long(night: tuple[str, list[int]]) -> None:
    _, times = night
    at, polled = times[0], []
    while at <= times[-1]:
        polled.append(at)
        at = next_poll(SOURCE, replace(STATE, next_poll_at=at), POLLED, now=at, jitter=0.5)
    assert polled == times


STATE = SourceState("front", url=SOURCE.url)


def test_T03_every_time_of_the_day_is_told_apart(night: tuple[str, list[int]]) -> None:
    zone, times = night
    shown = [clock_text(at, zone) for at in times]
    assert len(set(shown)) == len(times)
    for at, text in zip(times, shown, strict=True):
        utc = datetime.strptime(text[-len("(00:00 UTC)") :], "(%H:%M UTC)")  # noqa: DTZ007
        assert (utc.hour * HOUR + utc.minute * MINUTE) == at % DAY
        local = datetime.fromtimestamp(at / SECOND, ZoneInfo(zone))
        assert text.startswith(f"{local:%Y-%m-%d %H:%M} ")


def test_T03_a_date_is_read_alike_in_every_zone(night: tuple[str, list[int]]) -> None:
    zone, times = night
    for at in times:
        local = datetime.fromtimestamp(at / SECOND, ZoneInfo(zone))
        assert parse_date(local.isoformat()) == (at, False)
        assert parse_date(f"{local:%a, %d %b %Y %H:%M:%S %z}") == (at, False)
        utc = datetime.fromtimestamp(at / SECOND, ZoneInfo("UTC"))
        assert parse_date(f"{utc:%Y-%m-%d %H:%M:%S}") == (at, False)  # without a zone: UTC


@pytest.mark.parametrize("url", ["", "memory://"])
async def test_T03_matches_are_counted_once_each_on_days_of_utc(
    night: tuple[str, list[int]], url: str, tmp_path: Path
) -> None:
    _, times = night
    room = make_newsroom(tmp_path, url)
    room.clock.at = times[0] - HOUR // 6
    await room.show("front", [], seeding=True)
    for number, at in enumerate(times):
        await matched(room, number, at)
    counts = await room.storage.read(lambda view: view.match_counts(since_of(times[-1])))
    expected: dict[int, int] = {}
    for at in times:
        expected[at // DAY] = expected.get(at // DAY, 0) + 1
    assert counts == {"strike": expected}
    assert noisy(["strike"], counts, max(expected.values()), times[-1]) == {}
    await room.storage.close()


async def matched(room: Newsroom, number: int, at: int) -> None:
    room.clock.at = at - HOUR // 6  # `show` forwards it
    report = await room.show("front", [item(number, published=at)])
    assert report.alerts == 2
