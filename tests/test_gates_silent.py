"""`silent`: a rule that matches nothing for long is told once, and once when that ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import RULES, item, make_newsroom
from story_desk import Desk

from rasid.alerts.gates.listening import Listener, heard_by, listen
from rasid.alerts.gates.unheard import Heard, listened
from rasid.models import Message, PollOutcome, SourceState
from rasid.settings import DAY, HOUR, MINUTE, SECOND

ONE = RULES.replace('"json://192.0.2.1/a", "json://192.0.2.1/b"', '"json://192.0.2.1/a"')
GATED = ONE.replace("notify: [desk]", "silent: 6h, notify: [desk]")
STRIKE = "غارة جوية على مستودع شرق دير الزور"


class Watched(Desk):
    """A desk whose rules are looked at every minute."""

    async def wait(self, span: int) -> list[Message]:
        """Let time pass; return what is sent meanwhile."""
        before = len(self.heard.messages)
        ends = self.room.clock() + span
        while self.room.clock() < ends:
            self.room.clock.forward(min(MINUTE, ends - self.room.clock()))
            world = self.room.world
            await listen(self.room.storage, world, heard_by(world.config), self.room.clock())
        await self.sent()
        return self.heard.messages[before:]

    async def down(self, *sources: str, well: bool = False) -> None:
        """Let sources fail, or be well again."""
        state = SourceState("", seeded=True, failures=0 if well else 9, outcome=PollOutcome.FAILED)
        await self.room.storage.write(
            lambda tx: [tx.save_source(replace(state, source=name)) for name in sources]
        )


@pytest.fixture(params=["sqlite", "memory"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Watched]:
    room = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "", GATED)
    yield Watched(room)
    await room.storage.close()


async def test_silence_is_told_once_and_once_when_it_ends(desk: Watched) -> None:
    await desk.wait(MINUTE)
    assert len(await desk.report(STRIKE)) == 1
    assert await desk.wait(6 * HOUR - 2 * MINUTE) == []
    (told,) = await desk.wait(4 * MINUTE)
    assert "strike: nothing since 2026-09-21 14:14 UTC" in told.title
    assert STRIKE in told.body  # the last that there was
    assert await desk.wait(9 * HOUR) == []
    both = await desk.report("غارة تصيب مخفرا حدوديا شمال طرابلس", source="other")
    assert len(both) == 1  # with the item itself
    assert "something again; there was nothing since" in both[0].body
    assert both[0].body.count("مخفرا") == 2, "its title and its excerpt: it is not listed again"
    assert await desk.wait(5 * HOUR) == []
    assert len(await desk.wait(2 * HOUR)) == 1  # another episode


async def test_a_new_rule_has_its_time(desk: Watched) -> None:
    assert await desk.wait(6 * HOUR) == []
    (told,) = await desk.wait(2 * MINUTE)
    assert "nothing since" in told.body


async def test_what_matches_in_time_is_no_silence(desk: Watched) -> None:
    for number in range(4):
        await desk.report(f"{STRIKE} {number}")
        assert all("nothing since" not in one.body for one in await desk.wait(5 * HOUR))


async def test_a_first_poll_ends_nothing(desk: Watched) -> None:
    await desk.wait(6 * HOUR + MINUTE)
    await desk.room.show("front", [item(1, STRIKE)], seeding=True)
    assert await desk.sent() == []


async def test_what_a_first_poll_had_found_is_heard_when_another_source_shows_it(
    desk: Watched,
) -> None:
    await desk.wait(MINUTE)
    await desk.room.show("front", [item(1, STRIKE)], seeding=True)
    await desk.wait(5 * HOUR)
    await desk.room.show("world", [item(1, STRIKE)])
    assert len(await desk.sent()) == 1
    assert await desk.wait(5 * HOUR) == []
    assert len(await desk.wait(HOUR)) == 1


async def test_while_the_process_was_away_there_was_no_silence(desk: Watched) -> None:
    await desk.wait(HOUR)
    desk.room.clock.forward(8 * HOUR)
    assert await desk.wait(6 * HOUR) == []
    assert len(await desk.wait(2 * MINUTE)) == 1


async def test_some_sources_that_are_down_are_named_as_blindness(desk: Watched) -> None:
    await desk.down("front", "world")
    await desk.down("other", well=True)
    await desk.wait(MINUTE)
    (told,) = await desk.wait(6 * HOUR + MINUTE)
    assert "blind: 2 of 3 sources are down" in told.body


async def test_when_all_sources_break_or_mend_it_counts_anew(desk: Watched) -> None:
    await desk.down("front", "world", "other", well=True)
    await desk.wait(5 * HOUR)
    await desk.down("front", "world", "other")
    assert await desk.wait(5 * HOUR) == []
    await desk.down("other", well=True)
    assert await desk.wait(6 * HOUR) == []
    (told,) = await desk.wait(2 * MINUTE)
    assert "blind: 2 of 3 sources are down" in told.body


async def test_a_rule_whose_sources_are_all_down_says_so(desk: Watched) -> None:
    await desk.down("front", "world", "other")
    await desk.wait(MINUTE)
    (told,) = await desk.wait(6 * HOUR + MINUTE)
    assert "blind: 3 of 3 sources are down" in told.body


async def test_a_restart_keeps_an_episode(tmp_path: Path) -> None:
    before = Watched(make_newsroom(tmp_path, rules=GATED))
    assert len(await before.wait(6 * HOUR + 2 * MINUTE)) == 1
    await before.room.storage.close()
    room = make_newsroom(tmp_path, rules=GATED)
    room.clock.at = before.room.clock.at + MINUTE
    again = Watched(room)
    assert await again.wait(9 * HOUR) == []
    said = "\n".join(one.body for one in await again.report(STRIKE))
    assert "something again" in said
    await room.storage.close()


async def test_the_daemon_looks_once_a_minute_and_not_before_its_first_polls(
    desk: Watched,
) -> None:
    room = desk.room
    listener = Listener(room.storage, lambda: room.world, room.clock)
    looks = []
    for _ in range(30):
        await listener.look()
        found = await room.storage.read(lambda view: view.gates("silence"))
        looks.append(found["strike"].at if found else 0)
        room.clock.forward(10 * SECOND)
    assert looks[:12] == [0] * 12
    assert len(set(looks)) == 1 + 3


async def test_a_french_desk_is_told_in_french(tmp_path: Path) -> None:
    rules = GATED.replace("{id: desk,", "{id: desk, language: fr,")
    desk = Watched(make_newsroom(tmp_path, "memory://", rules))
    await desk.down("front")
    (told,) = await desk.wait(6 * HOUR + 2 * MINUTE)
    assert "rien depuis" in told.body
    assert "aveugle : 1 sources sur 3 en panne" in told.body
    await desk.room.storage.close()


def test_a_clock_that_was_set_back_begins_anew() -> None:
    before = Heard(100 * HOUR, 100 * HOUR)
    assert listened(before, None, False, 90 * HOUR, HOUR) == Heard(90 * HOUR, 90 * HOUR)


def test_rounds_of_cron_count_when_they_are_near_enough() -> None:
    known = Heard(0, 0)
    for at in range(90, 361, 90):
        known = listened(known, None, False, at * MINUTE, 6 * HOUR)
    assert known.silent
    assert not listened(Heard(0, 0), None, False, 2 * HOUR, HOUR).silent


async def test_a_match_under_a_clock_that_was_ahead_keeps_no_rule_quiet(desk: Watched) -> None:
    desk.room.clock.forward(1000 * DAY)
    await desk.wait(MINUTE)
    await desk.report(STRIKE)
    desk.room.clock.forward(-1000 * DAY)
    assert await desk.wait(6 * HOUR) == []
    (told,) = await desk.wait(3 * MINUTE)
    assert "nothing since 2026-09-21" in told.body
