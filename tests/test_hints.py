"""What servers, feeds and habits say of the next poll, within the bounds of `every`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rasid import habit
from rasid.cli import command
from rasid.hints import skipping, why_due
from rasid.models import (
    DueBy,
    ParsedFeed,
    Pause,
    PollOutcome,
    PollReason,
    PollResult,
    Schedule,
    SourceState,
)
from rasid.pacing import jitter_of, longest
from rasid.polling import advance, keeping, next_poll
from rasid.settings import DAY, HOUR, MINUTE, SECOND, Source
from rasid.starting import sane_next
from storage import open_storage

NOW = 1_770_000_000_000_000 // DAY * DAY + 10 * HOUR  # a Monday, 10:00 UTC
WIDE = Source(id="s", outlet="o", url="https://news.example/feed", every=5 * MINUTE,
              least=5 * MINUTE, most=2 * HOUR)  # fmt: skip
PLAIN = replace(WIDE, every=15 * MINUTE, least=0, most=0)
STATE = SourceState("s", url=WIDE.url)


SILENT = Schedule()


def read(schedule: Schedule = SILENT, **given: object) -> PollResult:
    feed = ParsedFeed(schedule=schedule)
    return replace(PollResult(PollOutcome.OK, PollReason.PARSED, feed=feed), **given)


def after(result: PollResult, state: SourceState = STATE, source: Source = WIDE) -> SourceState:
    return advance(state, source, result, now=NOW, jitter=0.5)


def due(result: PollResult, state: SourceState = STATE, source: Source = WIDE) -> tuple[str, int]:
    found = after(result, state, source)
    return found.due_by, found.next_poll_at - NOW


def cached(micros: int, by: DueBy = DueBy.CACHE_CONTROL) -> PollResult:
    return read(cached=Pause(by, micros))


@pytest.mark.parametrize(
    ("result", "by", "wait"),
    [
        (read(), "every", 5 * MINUTE),
        (read(Schedule(ttl=60 * MINUTE)), "ttl", HOUR),
        (read(Schedule(ttl=DAY)), "ttl", 2 * HOUR),  # kept within bounds
        (read(Schedule(ttl=MINUTE)), "every", 5 * MINUTE),
        (read(Schedule(ttl=8 * DAY)), "every", 5 * MINUTE),  # nobody means that
        (read(Schedule(period=30 * MINUTE)), "update_period", 30 * MINUTE),
        (read(Schedule(period=HOUR, base=NOW - DAY - 20 * MINUTE)), "update_period", 40 * MINUTE),
        (read(Schedule(period=HOUR, base=NOW + DAY + 10 * MINUTE)), "update_period", 10 * MINUTE),
        (cached(20 * MINUTE), "cache_control", 20 * MINUTE),
        (cached(20 * MINUTE, DueBy.EXPIRES), "expires", 20 * MINUTE),
        (cached(3650 * DAY), "every", 5 * MINUTE),
        (cached(SECOND), "every", 5 * MINUTE),
        (replace(cached(30 * MINUTE), feed=ParsedFeed(schedule=Schedule(ttl=HOUR))), "ttl", HOUR),
    ],
)
def test_the_longest_hint_counts_within_the_bounds(result: PollResult, by: str, wait: int) -> None:
    assert due(result) == (by, wait)


@pytest.mark.parametrize("result", [read(Schedule(ttl=DAY)), cached(HOUR), read(Schedule(
    period=7 * DAY, skip_hours=tuple(range(23)), skip_days=(0, 1, 2)))])  # fmt: skip
def test_one_pace_is_kept_whatever_is_hinted(result: PollResult) -> None:
    assert due(result, source=PLAIN)[1] == 15 * MINUTE


@given(
    ttl=st.integers(0, 40 * DAY),
    period=st.integers(0, 400 * DAY),
    base=st.none() | st.integers(-(2**50), 2**52),
    skip_hours=st.lists(st.integers(-5, 40)).map(tuple),
    skip_days=st.lists(st.integers(-5, 40)).map(tuple),
    held=st.integers(-DAY, 4000 * DAY),
    jitter=st.floats(0, 1, exclude_max=True),
    interval=st.integers(0, DAY),
    pushed=st.none() | st.integers(NOW - 2 * DAY, NOW + DAY),
)
def test_no_hint_leaves_the_bounds(
    held: int, jitter: float, interval: int, pushed: int | None, **said: object
) -> None:
    state = replace(STATE, interval=max(WIDE.least, interval), pushed_at=pushed)
    result = replace(read(Schedule(**said)), cached=Pause(DueBy.EXPIRES, held))  # type: ignore[arg-type]
    wait = next_poll(WIDE, state, result, now=NOW, jitter=jitter) - NOW
    assert 0.9 * WIDE.least - 1 <= wait <= 1.1 * longest(WIDE)


def test_what_a_feed_said_holds_while_it_is_unchanged() -> None:
    state = after(read(Schedule(ttl=HOUR)))
    unchanged = PollResult(PollOutcome.NOT_MODIFIED, PollReason.STATUS_304)
    assert due(unchanged, state) == ("ttl", HOUR)
    assert due(replace(unchanged, cached=Pause(DueBy.EXPIRES, 90 * MINUTE)), state) == (
        "expires",
        90 * MINUTE,
    )
    assert due(read(), state) == ("every", 5 * MINUTE)


def test_D11_items_that_would_be_lost_go_before_every_hint() -> None:
    fast = replace(STATE, interval=10 * MINUTE)
    assert due(read(Schedule(ttl=HOUR)), fast) == ("turnover", 10 * MINUTE)
    assert due(read(), fast) == ("every", 5 * MINUTE)


@pytest.mark.parametrize(
    ("schedule", "until", "by"),
    [
        (Schedule(skip_hours=(9, 11)), 10 * HOUR, None),
        (Schedule(skip_hours=(10, 11)), 12 * HOUR, DueBy.SKIP_HOURS),
        (Schedule(skip_hours=(*range(10, 24), 0, 1)), 26 * HOUR, DueBy.SKIP_HOURS),
        (Schedule(skip_days=(0, 1)), 48 * HOUR, DueBy.SKIP_DAYS),
        (Schedule(skip_days=(0,), skip_hours=(0, 10)), 25 * HOUR, DueBy.SKIP_HOURS),
        (Schedule(skip_hours=tuple(range(24))), 10 * HOUR, None),  # all of them: a mistake
        (Schedule(skip_days=tuple(range(7))), 10 * HOUR, None),
        (Schedule(skip_hours=(24, -1, 99), skip_days=(8,)), 10 * HOUR, None),
    ],
)
def test_hours_and_days_to_skip(schedule: Schedule, until: int, by: DueBy | None) -> None:
    assert skipping(schedule, NOW) == (NOW - 10 * HOUR + until, by)


def test_skipped_hours_hold_up_to_the_longest_pause() -> None:
    assert due(read(Schedule(skip_hours=(10,)))) == ("skip_hours", HOUR)
    assert due(read(Schedule(skip_hours=tuple(range(10, 20))))) == ("skip_hours", 2 * HOUR)
    longer = Schedule(ttl=12 * HOUR, skip_hours=(22,))  # not polled then anyway
    assert due(read(longer)) == ("ttl", 2 * HOUR)


# --- a hub that pushes -----------------------------------------------------------------------


def test_polls_are_a_net_while_a_hub_pushes() -> None:
    pushed = replace(STATE, pushed_at=NOW - HOUR)
    assert due(read(), pushed, PLAIN) == ("pushed", HOUR)
    assert due(read(), pushed) == ("pushed", 20 * MINUTE)  # four times as long as usual
    assert due(read(), replace(pushed, pushed_at=NOW - 25 * HOUR), PLAIN) == ("every", 15 * MINUTE)
    assert due(read(), replace(pushed, pushed_at=NOW + HOUR), PLAIN) == ("every", 15 * MINUTE)
    slow = replace(PLAIN, every=3 * HOUR)
    assert due(read(), pushed, slow) == ("every", 3 * HOUR)


def test_T04_a_net_is_no_clock_that_jumped() -> None:
    pushed = replace(STATE, pushed_at=NOW, outcome="ok", next_poll_at=NOW + HOUR)
    assert sane_next(PLAIN, pushed, NOW) == NOW + HOUR
    assert sane_next(PLAIN, replace(pushed, pushed_at=None), NOW) < NOW + HOUR


def test_a_poll_keeps_what_a_push_brought_meanwhile() -> None:
    stored = replace(STATE, pushed_at=NOW, items_seen=9, news=3, last_new_at=NOW)
    kept = keeping(after(read()), stored)
    assert (kept.pushed_at, kept.items_seen, kept.news, kept.last_new_at) == (NOW, 9, 3, NOW)


# --- jitter and words ------------------------------------------------------------------------


def test_T09_the_jitter_of_a_source_is_always_the_same() -> None:
    shares = [jitter_of(f"s{number}") for number in range(200)]
    assert shares == [jitter_of(f"s{number}") for number in range(200)]
    assert all(0 <= share < 1 for share in shares)
    assert 0.4 < sum(shares) / len(shares) < 0.6


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (read(Schedule(ttl=60 * MINUTE)), "the feed's ttl of 60 min"),
        (read(Schedule(ttl=DAY)), "the feed's ttl of 24 h, at most 2 h by every"),
        (read(), "every 5 min, as configured"),
        (PollResult(PollOutcome.RATE_LIMITED, PollReason.RETRY_AFTER, retry_after=3 * HOUR),
         "the server asks for 3 h (Retry-After)"),
        (PollResult(PollOutcome.FAILED, PollReason.DNS), "it fails: tried again after 5 min"),
    ],
)  # fmt: skip
def test_which_hint_won_is_told(result: PollResult, words: str) -> None:
    assert why_due(after(result), longest(WIDE)) == words


def test_there_are_words_for_everything_that_decides() -> None:
    assert all(why_due(replace(STATE, due_by=by), HOUR) for by in DueBy)
    assert why_due(STATE, HOUR) == ""


def test_sources_show_what_decided_the_next_poll(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(f"version: 1\nsources:\n  - {{id: s, outlet: o, url: '{WIDE.url}'}}\n")
    storage = open_storage(tmp_path / "rasid.db", lambda: NOW)
    state = after(read(Schedule(ttl=20 * MINUTE)), source=replace(PLAIN, most=30 * MINUTE))

    async def keep() -> None:
        await storage.write(lambda tx: tx.save_source(state))
        await storage.close()

    asyncio.run(keep())
    place = ["--config", str(rules), "--data-dir", str(tmp_path)]
    done = CliRunner().invoke(command, ["sources", "--json", *place], catch_exceptions=False)
    row = json.loads(done.stdout)
    why = "next poll 10:20 UTC: the feed's ttl of 20 min"
    assert (row["next_poll_by"], row["next_poll_why"]) == ("ttl", why)


# --- hours of the week -----------------------------------------------------------------------


def week(rate: dict[int, int], weeks: int = 2) -> tuple[str, int]:
    """Look four times an hour; `rate` gives the items of an hour of the day, in its first half."""
    hours, now = "", NOW - 10 * HOUR
    for step in range(weeks * 168 * 4):
        new = rate.get(step // 4 % 24, 0) if step % 4 == 1 else 0
        hours, now = habit.observed(hours, new=new, now=now), now + 15 * MINUTE
    return hours, now


DAYTIME = dict.fromkeys(range(6, 22), 4)


def test_a_source_that_sleeps_at_night_is_polled_less_then() -> None:
    hours, midnight = week(DAYTIME)
    state = replace(STATE, hours=hours)

    def wait(hour: int) -> tuple[str, int]:
        now = midnight + hour * HOUR
        result = advance(state, WIDE, read(), now=now, jitter=0.5)
        return result.due_by, result.next_poll_at - now

    assert wait(1) == ("habit", 2 * HOUR)
    assert wait(12) == ("every", 5 * MINUTE)
    by, morning = wait(4)
    assert (by, morning) == ("habit", HOUR + HOUR // 16)  # awake from the hour before on
    one_pace = advance(state, PLAIN, read(), now=midnight + HOUR, jitter=0.5)
    assert one_pace.next_poll_at == midnight + HOUR + 15 * MINUTE


def test_what_nobody_watched_is_not_taken_for_quiet() -> None:
    assert habit.pause("", now=NOW, longest=HOUR) == 0
    assert habit.pause("not hexadecimal", now=NOW, longest=HOUR) == 0
    hours, now = week({}, weeks=1)
    off = habit.observed(hours, new=500, now=now + 30 * DAY)  # a daemon that was away
    assert habit.pause(off, now=now + 30 * DAY, longest=2 * HOUR) == 2 * HOUR
    assert habit.observed(off, new=1, now=now)  # a clock that goes back
    three, at = "", NOW
    for _ in range(12):
        three, at = habit.observed(three, new=0, now=at), at + 15 * MINUTE
    assert habit.pause(three, now=NOW, longest=HOUR) == 0


def test_a_habit_fades_when_the_source_has_another() -> None:
    hours, now = week(DAYTIME)
    for _ in range(168 * 10):
        hours, now = habit.observed(hours, new=0, now=now), now + HOUR
    assert habit.pause(hours, now=now + 12 * HOUR, longest=2 * HOUR) == 2 * HOUR


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(-DAY, 3 * DAY)), max_size=40))
def test_a_habit_survives_any_look(looks: list[tuple[int, int]]) -> None:
    hours, now = "", NOW
    for new, step in looks:
        now += step
        hours = habit.observed(hours, new=new, now=now)
        assert 0 <= habit.pause(hours, now=now, longest=HOUR) <= HOUR
    assert len(hours) < 360
