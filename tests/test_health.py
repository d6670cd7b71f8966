"""How a source does by its own habit, and what the ops receiver is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from daemon import rasid, rows
from newsroom import RULES, Newsroom, item, make_newsroom

from rasid.alerts.broken import breaks, broken_text, changes, mended_text
from rasid.alerts.ops import Ops
from rasid.health import Health, health, noticed, patience, words
from rasid.models import Certificate, SourceState
from rasid.settings import DAY, HOUR, MINUTE, Source

START = 1_000 * DAY
WITH_OPS = RULES.replace(
    "receivers:\n", 'receivers:\n  - {id: ops, urls: ["json://192.0.2.1/ops"]}\n'
).replace("version: 1\n", "version: 1\nsettings: {ops_receiver: ops}\n")


def polled(state: SourceState, at: int, new: int, items: int = 20) -> SourceState:
    """Return the state after a poll that went well."""
    return replace(
        noticed(state, items=items, new=new, now=at), last_success_at=at, last_poll_at=at
    )


def habit(pause: int, times: int = 10) -> SourceState:
    """Return the state of a source that brought something every `pause`."""
    state = SourceState("s")
    for n in range(times):
        state = polled(state, START + n * pause, new=3)
    return state


@pytest.mark.parametrize(
    ("pause", "silent_after"),
    [(HOUR, DAY), (8 * HOUR, DAY), (2 * DAY, 4 * DAY), (7 * DAY, 14 * DAY)],
)
def test_P19_a_source_is_silent_beyond_its_own_habit(pause: int, silent_after: int) -> None:
    state = habit(pause)
    last = state.last_new_at or 0

    assert patience(state) == silent_after
    assert health(polled(state, last + silent_after, new=0), 5) is Health.WELL
    assert health(polled(state, last + silent_after + 1, new=0), 5) is Health.SILENT
    assert health(polled(state, last + silent_after + 1, new=1), 5) is Health.WELL


def test_P19_a_feed_without_items_is_silent_after_five_polls() -> None:
    state = habit(HOUR)
    at = state.last_new_at or 0
    for n in range(4):
        state = polled(state, at + n * MINUTE, new=0, items=0)
    assert health(state, 5) is Health.WELL
    state = polled(state, at + HOUR, new=0, items=0)
    assert health(state, 5) is Health.SILENT
    assert "no items for 5 polls" in words(state, at + HOUR, 5)
    assert health(polled(state, at + 2 * HOUR, new=0), 5) is Health.WELL


def test_P19_nobody_is_silent_while_nobody_polls() -> None:
    assert health(habit(HOUR), 5) is Health.WELL  # however late it is now


def test_a_source_whose_habit_is_unknown_is_not_silent() -> None:
    state = habit(HOUR, times=4)
    assert health(polled(state, START + 90 * DAY, new=0), 5) is Health.WELL
    empty = SourceState("s")
    for n in range(9):
        empty = polled(empty, START + n * HOUR, new=0, items=0)
    assert health(empty, 5) is Health.WELL  # it never had any


def test_a_long_pause_fades() -> None:
    state = habit(HOUR)
    state = polled(state, (state.last_new_at or 0) + 20 * DAY, new=1)
    assert patience(state) == 40 * DAY
    for _ in range(60):
        state = polled(state, (state.last_new_at or 0) + DAY, new=1)
    assert patience(state) < 4 * DAY


@pytest.mark.parametrize(("failures", "after", "does"), [(4, 5, ""), (5, 5, "failing"), (9, 0, "")])
def test_a_source_fails_after_so_many_polls(failures: int, after: int, does: str) -> None:
    assert health(SourceState("s", failures=failures), after) == does


def test_words_say_since_when_and_why() -> None:
    state = replace(habit(HOUR), failures=7, detail="the server answers 404", last_success_at=START)
    assert words(state, START + 3 * DAY, 5) == "failing for 3 d: the server answers 404"
    quiet = polled(habit(HOUR), START + 5 * DAY, new=0)
    assert words(quiet, START + 5 * DAY, 5) == (
        "nothing new for 4 d, it used to pause 60 min at most: look whether it has moved"
    )
    assert words(habit(HOUR), START, 5) == ""


def test_only_what_changed_is_told() -> None:
    sources = [Source(one, one, "http://x.example/") for one in ("a", "b", "c", "d")]
    well = replace(SourceState("a"), last_poll_at=START)
    bad = replace(well, failures=5, detail="404")
    states = {
        "a": replace(bad, source="a"),
        "b": replace(bad, source="b", told="failing"),
        "c": replace(well, source="c", told="silent"),
        "d": replace(bad, source="d", paused=True),
    }
    found = changes(sources, states, START, 5)
    assert [(one.state.source, one.now) for one in found] == [("a", "failing"), ("c", "")]
    assert broken_text(found[:1]).startswith("1 source needs a look")
    assert mended_text(found[1:], "", START) == "1 source is well again: c (was silent)"


def test_D11_a_source_that_is_well_again_says_how_long_it_was_away_and_what_may_be_missing() -> (
    None
):
    sources, well = [Source("a", "a", "http://x.example/")], SourceState("a", last_poll_at=START)
    well = replace(well, last_success_at=START, possible_gaps=2)
    bad = replace(well, failures=5, last_poll_at=START + DAY)
    known = breaks("", changes(sources, {"a": bad}, START + HOUR, 5))
    back, now = replace(well, told="failing", last_success_at=START + DAY), START + DAY
    found = changes(sources, {"a": back}, now, 5)
    assert mended_text(found, known, now) == "1 source is well again: a (was failing for 24 h)"
    found = changes(sources, {"a": replace(back, possible_gaps=3)}, now, 5)
    assert mended_text(found, known, now) == (
        "1 source is well again: a (was failing for 24 h; possible gap: its feed has nothing left "
        "of before, look on its site)"
    )
    assert breaks(known, found) == ""


async def test_S15_S22_what_sources_need_soon_is_told_once(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path, rules=WITH_OPS)
    now = room.clock()
    state = SourceState(
        "front",
        url="https://paper.example/front.xml",
        last_poll_at=now,
        last_success_at=now,
        certificate=Certificate(now - 80 * DAY, now + 4 * DAY),
        moved_to="https://paper.example/new.xml",
        moves=5,
    )
    await room.storage.write(lambda tx: tx.save_source(state))
    ops = Ops(room.storage, lambda: room.world, room.clock)
    assert [await ops.look() for _ in range(3)] == [1, 0, 0]
    assert await Ops(room.storage, lambda: room.world, room.clock).look() == 0  # a restart
    (alert,) = await room.storage.read(lambda view: view.alerts())
    assert alert.facts["kind"] == "notice"
    assert alert.facts["text"] == (
        "front: the certificate of paper.example expires in 4 days: if the outlet does not renew "
        "it, polls fail from then on; front: moved to https://paper.example/new.xml: change its "
        "url in rules.yaml"
    )
    await room.storage.close()


def test_many_sources_are_told_together() -> None:
    sources = [Source(f"s{n}", "o", "http://x.example/") for n in range(12)]
    states = {
        one.id: SourceState(one.id, last_poll_at=START, failures=5, detail="404") for one in sources
    }
    text = broken_text(changes(sources, states, START, 5))
    assert text.startswith("12 sources need a look")
    assert text.endswith("and 2 more")


# --- the whole way -------------------------------------------------------------------------


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = make_newsroom(tmp_path, rules=WITH_OPS)
    yield made
    await made.storage.close()


async def told(room: Newsroom) -> list[str]:
    alerts = await room.storage.read(lambda view: view.alerts(limit=1000))
    return [one.facts["text"] for one in reversed(alerts) if one.receiver == "ops"]


async def state_of(room: Newsroom, source: str) -> SourceState:
    return (await room.storage.read(lambda view: view.source_states()))[source]


async def change(room: Newsroom, source: str, **values: object) -> None:
    state = replace(await state_of(room, source), **values)
    await room.storage.write(lambda tx: tx.save_source(state))


async def test_P19_a_broken_source_is_told_once_and_once_that_it_is_well(room: Newsroom) -> None:
    ops = Ops(room.storage, lambda: room.world, room.clock)
    await room.show("front", [item(1)], seeding=True)
    await ops.look(at_once=True)
    before = len(await told(room))

    now = room.clock()
    bad = {"failures": 5, "detail": "the server answers 404"}
    await change(room, "front", last_success_at=now, last_poll_at=now, **bad)
    for _ in range(3):
        await ops.look()
        room.clock.forward(HOUR)
    assert len(await told(room)) == before + 1
    assert "front: failing" in (await told(room))[-1]

    again = Ops(room.storage, lambda: room.world, room.clock)  # after a restart
    await again.look()
    assert len(await told(room)) == before + 1

    await change(room, "front", failures=0, possible_gaps=1)
    await again.look()
    await again.look()
    assert (await told(room))[before + 1 :] == [
        "1 source is well again: front (was failing for 3 h; possible gap: its feed has nothing "
        "left of before, look on its site)"
    ]


async def test_a_poll_remembers_when_something_new_came(room: Newsroom) -> None:
    await room.show("front", [item(1)], seeding=True)
    assert (await state_of(room, "front")).news == 0  # what was there already is no habit
    room.clock.forward(HOUR)
    await room.show("front", [item(1), item(2)])
    first = await state_of(room, "front")
    assert (first.news, first.last_new_at) == (1, room.clock())
    room.clock.forward(HOUR)
    await room.show("front", [item(1), item(2)])
    later = await state_of(room, "front")
    assert (later.news, later.last_new_at) == (1, first.last_new_at)
    room.clock.forward(HOUR)
    await room.show("front", [item(3)])
    assert (await state_of(room, "front")).longest_pause == 2 * (HOUR + HOUR // 6)


async def test_status_counts_the_silent(room: Newsroom, tmp_path: Path) -> None:
    await room.show("front", [item(1)], seeding=True)
    await change(room, "front", last_new_at=START, last_success_at=START + 9 * DAY, news=9)
    await room.storage.close()
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "rasid.db").rename(tmp_path / "data" / "rasid.db")
    place = ["--config", str(tmp_path / "rules.yaml"), "--data-dir", str(tmp_path / "data")]
    (facts,) = rows(rasid("status", "--json", *place))
    assert (facts["sources_silent"], facts["sources_failing"]) == (1, 0)
    (row,) = rows(rasid("sources", "--broken", "--json", *place))
    assert (row["source"], row["state"]) == ("front", "silent")
    assert row["detail"].startswith("nothing new for ")
