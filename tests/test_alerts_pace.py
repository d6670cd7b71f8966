"""When receivers are told: digests, quiet hours, limits; only the clock is ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rasid import cron
from rasid.alerts.lanes import AT_ONCE, LIMITED, SOON, URGENT, listed
from rasid.alerts.limits import free_at, limit_of
from rasid.alerts.placing import kept_back, placement
from rasid.alerts.quiet import quiet_at
from rasid.models import Alert, Hold
from rasid.settings import HOUR, MINUTE, SECOND, Digest, Limit, Pace, QuietHours

BERLIN = "Europe/Berlin"
DAMASCUS = "Asia/Damascus"
NIGHT = QuietHours(22 * 60, 6 * 60, DAMASCUS)


def at(text: str, zone: str = DAMASCUS, fold: int = 0) -> int:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp()) * SECOND


def alert(created: int, severity: str = "", **changes: Any) -> Alert:
    facts = {"kind": "item", "severity": severity}
    return Alert(
        "A", "r", "h", "t", "desk", "item:1", created, changes.pop("facts", facts), **changes
    )


# --- cron times --------------------------------------------------------------------------

TIMES = [
    # in spring the clocks skip 02:30, in autumn they show it twice
    ("30 2 * * *", BERLIN, "2026-03-28T12:00", ["2026-03-29T03:00", "2026-03-30T02:30"]),
    ("30 2 * * *", BERLIN, "2026-10-24T12:00", ["2026-10-25T02:30", "2026-10-26T02:30"]),
    (
        "30 2 * * *",
        "America/New_York",
        "2026-11-01T00:00",
        ["2026-11-01T02:30", "2026-11-02T02:30"],
    ),
    (
        "30 1 * * *",
        "America/New_York",
        "2026-11-01T00:00",
        ["2026-11-01T01:30", "2026-11-02T01:30"],
    ),
    ("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00", ["2026-04-24T01:00", "2026-04-25T00:00"]),
    ("0 7,19 * * *", DAMASCUS, "2026-03-27T07:00", ["2026-03-27T19:00", "2026-03-28T07:00"]),
    ("0 7 * * 1-5", DAMASCUS, "2026-11-27T08:00", ["2026-11-30T07:00", "2026-12-01T07:00"]),
]


@pytest.mark.parametrize(("expression", "zone", "start", "slots"), TIMES)
def test_T03_N20_a_digest_has_each_of_its_times_once(
    expression: str, zone: str, start: str, slots: list[str]
) -> None:
    now, found = at(start, zone), []
    for _ in slots:
        slot = cron.next_slot(expression, zone, now)
        assert slot.at > now
        found.append(slot.local)
        now = slot.at
    assert found == slots


def test_T03_an_hour_that_comes_twice_has_no_second_digest() -> None:
    between = at("2026-10-25T02:20", BERLIN, fold=1)  # 02:30 has been, and is still to come
    assert cron.next_slot("30 2 * * *", BERLIN, between).local == "2026-10-26T02:30"


@pytest.mark.parametrize("wrong", ["", "0 7", "0 7 * * * *", "61 * * * *", "0 0 31 2 *", "seven"])
def test_a_time_that_is_none_is_said_so(wrong: str) -> None:
    assert cron.problem(wrong)
    assert not cron.problem("0 7,19 * * *")


# --- quiet hours -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "end"),
    [
        ("2026-11-26T21:59", None),
        ("2026-11-26T22:00", "2026-11-27T06:00"),
        ("2026-11-27T05:59", "2026-11-27T06:00"),
        ("2026-11-27T06:00", None),
    ],
)
def test_quiet_hours_go_past_midnight(time: str, end: str | None) -> None:
    night = quiet_at(NIGHT, at(time))
    assert (night and night.end) == (at(end) if end else None)


def test_N20_quiet_hours_follow_the_clocks() -> None:
    hours = QuietHours(60, 3 * 60, BERLIN)  # 01:00 to 03:00
    spring, autumn = (
        quiet_at(hours, at(f"{day}T01:30", BERLIN)) for day in ("2026-03-29", "2026-10-25")
    )
    assert spring is not None
    assert spring.end - spring.start == HOUR
    assert autumn is not None
    assert autumn.end - autumn.start == 3 * HOUR


def test_quiet_hours_are_of_the_day_on_which_they_begin() -> None:
    weekend = QuietHours(22 * 60, 6 * 60, DAMASCUS, days=(4,))  # Friday
    assert quiet_at(weekend, at("2026-11-28T03:00"))  # a Saturday's early morning
    assert quiet_at(weekend, at("2026-11-27T03:00")) is None
    assert quiet_at(QuietHours(9 * 60, 17 * 60, DAMASCUS), at("2026-11-27T12:00"))


# --- where an alert waits ----------------------------------------------------------------


def test_an_alert_without_a_pace_goes_at_once() -> None:
    found = placement(alert(5), Pace(), 5)
    assert (found.due_at, found.lane, found.reason) == (5, SOON, None)


def test_what_is_critical_passes_everything_but_the_limit() -> None:
    pace = Pace(MINUTE, Digest("0 7 * * *", DAMASCUS), NIGHT, Limit(1, HOUR))
    now = at("2026-11-26T23:00")
    found = placement(alert(now, "critical"), pace, now)
    assert (found.due_at, found.lane, found.reason) == (now, AT_ONCE, None)
    assert kept_back(alert(now, "critical"), pace, now + HOUR, now).lane == URGENT


def test_a_digest_takes_what_is_below_its_severity() -> None:
    pace = Pace(digest=Digest("0 7,19 * * *", DAMASCUS, below="high"))
    now = at("2026-11-26T12:00")
    low, high, none, own = (
        placement(alert(now, word), pace, now) for word in ("low", "high", "", "urgent")
    )
    assert low.due_at == none.due_at == own.due_at == at("2026-11-26T19:00")
    assert low.reason is Hold.DIGEST
    assert high.due_at == now


def test_N20_a_digest_missed_while_the_process_was_down_is_due() -> None:
    pace = Pace(digest=Digest("0 7,19 * * *", DAMASCUS))
    late = placement(alert(at("2026-11-26T06:00")), pace, at("2026-11-26T08:00"))
    assert late.due_at == at("2026-11-26T07:00")
    assert late.lane.endswith("2026-11-26T07:00")


def test_quiet_hours_hold_until_they_end() -> None:
    now = at("2026-11-26T23:00")
    found = placement(alert(now, "high"), Pace(quiet_hours=NIGHT), now)
    assert (found.due_at, found.reason) == (at("2026-11-27T06:00"), Hold.QUIET_HOURS)


def test_a_wait_and_a_digest_that_end_in_quiet_hours_end_with_them() -> None:
    before = at("2026-11-26T21:59")
    wait = placement(alert(before), Pace(5 * MINUTE, quiet_hours=NIGHT), before)
    digest = placement(
        alert(before), Pace(digest=Digest("0 5 * * *", DAMASCUS), quiet_hours=NIGHT), before
    )
    assert wait.due_at == digest.due_at == at("2026-11-27T06:00")
    assert (wait.reason, digest.reason) == (Hold.QUIET_HOURS, Hold.DIGEST)


def test_an_alert_of_before_waits_for_the_quiet_hours_of_now() -> None:
    found = placement(
        alert(at("2026-11-26T12:00")), Pace(quiet_hours=NIGHT), at("2026-11-26T23:00")
    )
    assert found.due_at == at("2026-11-27T06:00")


def test_trouble_of_rasid_is_no_matter_of_a_digest_for_the_rest() -> None:
    pace = Pace(digest=Digest("0 7 * * *", DAMASCUS, below="high"))
    now = at("2026-11-26T12:00")
    assert placement(alert(now, facts={"kind": "trouble"}), pace, now).due_at == now
    assert placement(alert(now, facts={"kind": "notice"}), pace, now).reason is Hold.DIGEST


def test_an_alert_asked_for_again_is_placed_by_that_time() -> None:
    pace, asked = Pace(digest=Digest("0 7 * * *", DAMASCUS)), at("2026-11-26T12:00")
    assert placement(alert(1, retried_at=asked), pace, asked).due_at == at("2026-11-27T07:00")


# --- limits ------------------------------------------------------------------------------


def test_N05_a_message_goes_when_the_oldest_of_the_span_has_left_it() -> None:
    limit = Limit(2, HOUR)
    assert free_at(limit, [], 0) is None
    assert free_at(limit, [10 * MINUTE], 20 * MINUTE) is None
    assert free_at(limit, [10 * MINUTE, 5 * MINUTE], 20 * MINUTE) == 65 * MINUTE
    assert free_at(limit, [10 * MINUTE, 5 * MINUTE], 65 * MINUTE) is None


def test_T04_a_clock_that_was_set_back_holds_nothing_up() -> None:
    assert free_at(Limit(1, HOUR), [365 * 24 * HOUR], MINUTE) is None
    pace = Pace(MINUTE, limit=Limit(1, HOUR))
    assert placement(alert(HOUR, "critical"), pace, MINUTE).due_at == MINUTE
    assert placement(alert(HOUR), pace, MINUTE).due_at == 2 * MINUTE


def test_N05_services_have_limits_of_their_own() -> None:
    assert limit_of("tgram://token/chat") == Limit(1, SECOND)
    assert limit_of("Slack://a/b/c") == Limit(1, SECOND)
    assert limit_of("json://127.0.0.1/") is None


def test_what_the_limit_keeps_back_goes_with_the_digest_if_that_is_sooner() -> None:
    pace = Pace(digest=Digest("0 7,19 * * *", DAMASCUS, below="high"), limit=Limit(1, HOUR))
    now = at("2026-11-26T18:30")
    soon = kept_back(alert(now, "high"), pace, now + HOUR, now)
    later = kept_back(alert(now, "high"), pace, now + 10 * MINUTE, now)
    assert (soon.due_at, soon.reason) == (at("2026-11-26T19:00"), Hold.LIMITED)
    assert (later.due_at, later.lane) == (now + 10 * MINUTE, LIMITED)


def test_little_that_was_kept_back_is_told_in_full() -> None:
    assert not listed(LIMITED, 10, 10)
    assert listed(LIMITED, 11, 10)
    assert not listed(SOON, 500, 10)
