"""When to poll next, and what is remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.models import ParsedFeed, PollOutcome, PollReason, PollResult, SourceState, Validators
from rasid.pacing import LONGEST
from rasid.polling import (
    FAR,
    PARKED,
    advance,
    learnt,
    must_be_unconditional,
    next_poll,
    sooner,
)
from rasid.settings import DAY, HOUR, MINUTE, SECOND, Source
from rasid.starting import first_poll, resumed, sane_next, starting

NOW = 1_770_000_000_000_000
SOURCE = Source(id="s", outlet="o", url="https://news.example/feed", every=15 * MINUTE)
STATE = SourceState(source="s", url=SOURCE.url, next_poll_at=NOW)
OK = PollResult(PollOutcome.OK, PollReason.PARSED, feed=ParsedFeed(), body_hash="b",
                validators=Validators('"e"', "d"))  # fmt: skip
FAILED = PollResult(PollOutcome.FAILED, PollReason.CONNECT)
LIMITED = PollResult(PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER)


def wait(
    result: PollResult, *, failures: int = 0, jitter: float = 0.5, source: Source = SOURCE
) -> int:
    state = replace(STATE, failures=failures)
    return next_poll(source, state, result, now=NOW, jitter=jitter) - NOW


@given(st.floats(0, 1, exclude_max=True))
def test_T09_jitter_is_a_tenth(jitter: float) -> None:
    assert 0.9 * SOURCE.every - 1 <= wait(OK, jitter=jitter) <= 1.1 * SOURCE.every


def test_failures_back_off_to_an_hour_for_days_then_up_to_a_day() -> None:
    waits = [wait(FAILED, failures=n) for n in range(90)]
    assert waits[0] == waits[1] == 15 * MINUTE
    assert waits[2] == 30 * MINUTE
    assert waits == sorted(waits)
    hourly = [one for one in waits if one == HOUR]
    assert 3 * DAY <= len(hourly) * HOUR <= 4 * DAY
    assert 20 * HOUR < waits[-1] <= DAY


def test_refusals_back_off_to_a_day_without_waiting_for_days() -> None:
    refused = PollResult(PollOutcome.FAILED, PollReason.HTTP_STATUS, status=403)
    assert wait(refused, failures=4) == 2 * HOUR
    assert wait(refused, failures=12) > 20 * HOUR


def test_a_rare_source_that_fails_is_not_asked_more_often_than_it_would_be() -> None:
    rare = replace(SOURCE, every=6 * HOUR)
    assert 3 * HOUR < wait(FAILED, failures=20, source=rare) <= 6 * HOUR


def test_a_rare_source_is_tried_again_soon_after_one_failure() -> None:
    rare = replace(SOURCE, every=6 * HOUR)
    assert wait(FAILED, source=rare) == 15 * MINUTE
    assert wait(OK, source=rare) == 6 * HOUR


def test_S01_what_waiting_does_not_mend_is_asked_rarely() -> None:
    blocked = PollResult(PollOutcome.FAILED, PollReason.BLOCKED_ADDRESS)
    quick = replace(SOURCE, every=MINUTE)
    assert wait(blocked, source=quick) == HOUR


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.99])
def test_S21_retry_after_is_honoured_and_never_early(jitter: float) -> None:
    hour = replace(LIMITED, retry_after=HOUR)
    assert HOUR <= wait(hour, jitter=jitter) <= 1.1 * HOUR
    assert wait(replace(LIMITED, retry_after=99 * DAY), jitter=jitter) == LONGEST
    assert wait(replace(LIMITED, retry_after=SECOND), jitter=jitter) > SOURCE.every
    assert wait(LIMITED, failures=3, jitter=jitter) > wait(LIMITED, jitter=jitter)


def test_gone_is_never_due() -> None:
    gone = PollResult(PollOutcome.GONE, PollReason.STATUS_410)
    after = advance(STATE, SOURCE, gone, now=NOW, jitter=0)
    assert after.gone
    assert after.next_poll_at == NOW + FAR
    assert starting(SOURCE, after, NOW + HOUR, 0).next_poll_at == NOW + FAR


def test_T04_a_due_time_far_ahead_is_reset() -> None:
    jumped = replace(STATE, outcome="ok", next_poll_at=NOW + 365 * DAY)
    assert NOW <= sane_next(SOURCE, jumped, NOW) <= NOW + SOURCE.every
    normal = replace(jumped, next_poll_at=NOW + 2 * SOURCE.every)
    assert sane_next(SOURCE, normal, NOW) == normal.next_poll_at


def test_T04_a_back_off_is_no_jump() -> None:
    waiting = replace(STATE, outcome="failed", failures=9, next_poll_at=NOW + 20 * HOUR)
    assert sane_next(SOURCE, waiting, NOW) == NOW + 20 * HOUR
    absurd = replace(waiting, next_poll_at=NOW + 30 * DAY)
    assert sane_next(SOURCE, absurd, NOW) <= NOW + SOURCE.every


def test_T04_every_longest_wait_survives_a_restart() -> None:
    for result in (FAILED, LIMITED, replace(LIMITED, retry_after=LONGEST)):
        state = replace(STATE, failures=30)
        after = advance(state, SOURCE, result, now=NOW, jitter=0.99)
        assert sane_next(SOURCE, after, NOW) == after.next_poll_at


def test_T09_start_spreads_over_seconds() -> None:
    sources = [replace(SOURCE, id=f"s{n}") for n in range(300)]
    due = [starting(s, None, NOW, 20 * SECOND).next_poll_at - NOW for s in sources]
    assert all(0 <= d < 20 * SECOND for d in due)
    assert max(sum(1 for d in due if d // SECOND == second) for second in range(20)) < 40
    assert due == [first_poll(s, now=NOW, spread=20 * SECOND) - NOW for s in sources]


def test_S24_unconditional_at_least_daily() -> None:
    assert must_be_unconditional(STATE, NOW)
    full = replace(STATE, last_full_at=NOW)
    assert not must_be_unconditional(full, NOW + 12 * HOUR)
    assert must_be_unconditional(full, NOW + 24 * HOUR - SOURCE.every)
    assert must_be_unconditional(full, NOW - 1), "the clock went back"


def test_S24_a_server_of_nothing_but_304_is_asked_in_full_within_a_day() -> None:
    unchanged = PollResult(PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    state, now = advance(STATE, SOURCE, OK, now=NOW, jitter=0), NOW
    while not must_be_unconditional(state, now):
        state = advance(state, SOURCE, unchanged, now=now, jitter=0.5)
        assert state.validators == OK.validators
        now = state.next_poll_at
    assert now - NOW <= DAY


@pytest.mark.parametrize("reason", [PollReason.NOT_A_FEED, PollReason.HTTP_STATUS])
def test_S23_failure_keeps_what_was_known(reason: PollReason) -> None:
    known = replace(STATE, validators=Validators("old"), body_hash="h", seeded=True)
    bad = PollResult(PollOutcome.FAILED, reason, validators=Validators("bad"), body_hash="x",
                     moved_to="https://portal.example/")  # fmt: skip
    after = advance(known, SOURCE, bad, now=NOW, jitter=0)
    assert (after.validators, after.body_hash, after.moved_to) == (Validators("old"), "h", "")
    assert (after.failures, after.outcome, after.reason) == (1, "failed", reason.value)
    assert after.last_success_at is None


def test_S25_same_body_updates_validators() -> None:
    same = PollResult(PollOutcome.NOT_MODIFIED, PollReason.SAME_BODY, validators=Validators("n"))
    after = advance(replace(STATE, body_hash="h", failures=3), SOURCE, same, now=NOW, jitter=0)
    assert (after.validators, after.body_hash, after.failures) == (Validators("n"), "h", 0)


def test_P07_a_cut_feed_leaves_no_validators() -> None:
    cut = replace(OK, feed=ParsedFeed(repaired=("cut_off",), held_back=1))
    known = replace(STATE, validators=Validators("old"), body_hash="h")
    after = advance(known, SOURCE, cut, now=NOW, jitter=0)
    assert (after.validators, after.body_hash) == (Validators(), "")
    assert after.last_success_at == NOW


def test_success_is_remembered() -> None:
    after = advance(replace(STATE, failures=4), SOURCE, replace(OK, moved_to="https://n.example/"),
                    now=NOW, jitter=0.5)  # fmt: skip
    assert after == replace(
        STATE, validators=OK.validators, body_hash="b", seeded=True, last_poll_at=NOW,
        last_success_at=NOW, last_full_at=NOW, outcome="ok", reason="parsed",
        moved_to="https://n.example/", moves=1, next_poll_at=NOW + SOURCE.every,
        due_by="every", due_pause=SOURCE.every,
    )  # fmt: skip


def test_a_changed_address_starts_afresh() -> None:
    known = replace(STATE, validators=Validators("v"), body_hash="h", seeded=True, items_seen=7,
                    paused=True, gone=True, last_full_at=NOW)  # fmt: skip
    moved = replace(SOURCE, url="https://new.example/feed")
    after = starting(moved, known, NOW, 0)
    assert (after.validators, after.body_hash, after.last_full_at) == (Validators(), "", None)
    assert (after.seeded, after.items_seen, after.paused) == (True, 7, True)
    assert (after.url, after.gone, after.next_poll_at) == (moved.url, False, NOW)
    assert starting(SOURCE, known, NOW, 0).validators == Validators("v")


def test_a_source_is_resumed_at_once_unless_nothing_kept_it() -> None:
    gone = replace(STATE, paused=True, gone=True, next_poll_at=NOW + FAR)
    assert resumed(gone) == replace(gone, paused=False, gone=False, next_poll_at=0)
    waits = replace(STATE, failures=3, next_poll_at=NOW + HOUR)
    assert resumed(waits) == waits
    assert resumed(replace(gone, next_poll_at=PARKED)).next_poll_at == PARKED


MENDABLE = replace(STATE, failures=4, reason=PollReason.BLOCKED_ADDRESS, next_poll_at=NOW + HOUR)


@pytest.mark.parametrize("reason", ["blocked_address", "secret", "robots", "bad_url"])
def test_what_people_may_have_mended_does_not_wait(reason: str) -> None:
    waits = replace(MENDABLE, reason=reason)
    assert starting(SOURCE, waits, NOW, 0, mended=True).next_poll_at == NOW
    assert starting(SOURCE, waits, NOW, 0) == waits
    assert resumed(waits).next_poll_at == 0


def test_what_time_may_mend_waits_whatever_was_changed() -> None:
    for waits in (
        replace(MENDABLE, reason="connect"),
        replace(MENDABLE, failures=0, next_poll_at=NOW + 1),
    ):
        assert starting(SOURCE, waits, NOW, 0, mended=True) == waits
        assert resumed(waits) == waits
    assert resumed(replace(MENDABLE, next_poll_at=PARKED)).next_poll_at == PARKED


# --- how often -----------------------------------------------------------------------------

SEEN = replace(STATE, seeded=True, last_success_at=NOW - SOURCE.every)


@pytest.mark.parametrize(
    ("new", "interval"),
    [
        (0, SOURCE.every),
        (1, SOURCE.every),
        (6, SOURCE.every),  # 20 items turn over in 50 min
        (10, SOURCE.every * 2 // 3),
        (20, SOURCE.every // 3),  # no overlap: something may be lost already
    ],
)
def test_D11_a_feed_that_turns_over_fast_is_polled_sooner(new: int, interval: int) -> None:
    assert learnt(SOURCE, SEEN, items=20, new=new, now=NOW) == interval


def test_D11_a_source_is_polled_at_most_eight_times_as_often() -> None:
    state = SEEN
    for _ in range(9):
        interval = learnt(SOURCE, state, items=20, new=20, now=NOW)
        state = replace(state, interval=interval, last_success_at=NOW - interval)
    assert state.interval == SOURCE.every // 8
    slow = replace(SOURCE, every=4 * MINUTE)
    assert learnt(slow, replace(SEEN, last_success_at=NOW - 1), items=20, new=20, now=NOW) == MINUTE
    quick = replace(SOURCE, every=30 * SECOND)
    assert learnt(quick, SEEN, items=20, new=20, now=NOW) == 30 * SECOND


def test_what_was_learnt_wears_off() -> None:
    state = replace(SEEN, interval=SOURCE.every // 8)
    unchanged = PollResult(PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert wait_of(state, unchanged) == SOURCE.every // 8
    for _ in range(5):
        state = advance(state, SOURCE, unchanged, now=NOW, jitter=0.5)
    assert state.interval > SOURCE.every // 2
    state = advance(state, SOURCE, unchanged, now=NOW, jitter=0.5)
    assert state.interval == 0
    assert wait_of(state, unchanged) == SOURCE.every


def wait_of(state: SourceState, result: PollResult) -> int:
    return next_poll(SOURCE, state, result, now=NOW, jitter=0.5) - NOW


def test_what_was_learnt_makes_no_poll_later() -> None:
    state = replace(SEEN, next_poll_at=NOW + MINUTE)
    assert sooner(state, SOURCE, 10 * MINUTE, NOW).next_poll_at == NOW + MINUTE
    late = replace(SEEN, next_poll_at=NOW + HOUR)
    due = sooner(late, SOURCE, 10 * MINUTE, NOW).next_poll_at
    assert NOW + 9 * MINUTE <= due <= NOW + 10 * MINUTE
    assert sooner(late, SOURCE, SOURCE.every, NOW) == replace(late, interval=0)


def test_a_first_poll_teaches_nothing() -> None:
    assert learnt(SOURCE, None, items=20, new=20, now=NOW) == 0
    assert learnt(SOURCE, replace(SEEN, seeded=False), items=20, new=20, now=NOW) == 0
