"""New rules over stored items: one summary each, told once, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import RULES, Newsroom, item, make_newsroom, make_world
from storage_samples import locked

from rasid.alerts.lookback import CHUNK, Lookback
from rasid.errors import StorageError
from rasid.models import Alert
from rasid.rules.index import RuleIndex
from rasid.settings import HOUR, MINUTE
from storage.sqlite import SqliteStorage

FLOOD = "  - {id: flood, any: [فيضان, flood], notify: [desk]}\n"


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "")
    yield made
    await made.storage.close()


async def look(room: Newsroom) -> int:
    room.clock.forward(MINUTE)
    return await Lookback(room.storage, room.clock)(room.world, room.clock())


async def notices(room: Newsroom) -> list[Alert]:
    found = await room.storage.read(lambda view: view.alerts(limit=10_000))
    return [alert for alert in reversed(found) if alert.subject.startswith("notice:")]


async def stocked(room: Newsroom, count: int, **given: Any) -> None:
    await room.show("other", [item(n, f"flood {n}", **given) for n in range(count)])


async def test_D14_a_new_rule_says_what_it_finds_and_alerts_on_none_of_it(
    room: Newsroom, tmp_path: Path
) -> None:
    assert await look(room) == 0
    await stocked(room, 12)
    room.world = make_world(tmp_path, RULES + FLOOD)
    assert await look(room) == 2  # one for each target of the desk
    told = await notices(room)
    assert {alert.facts["text"] for alert in told} == {
        "rule flood is in force: 12 stored items of the last 24 h match"
    }
    assert [(one.rule, one.receiver) for one in told] == [("flood", "desk")] * 2
    assert len({one.target for one in told}) == 2
    assert len(told[0].facts["titles"]) == 3
    assert (await room.counts())["alerts_pending"] == 2


async def test_a_rule_is_introduced_once(room: Newsroom, tmp_path: Path) -> None:
    await look(room)
    await stocked(room, 1)
    room.world = make_world(tmp_path, RULES + FLOOD)
    assert await look(room) == 2
    assert await look(room) == 0
    # not again when another one comes, but again when it is changed
    room.world = make_world(
        tmp_path, f"{RULES}{FLOOD}  - {{id: rain, any: [rain], notify: [desk]}}\n"
    )
    assert await look(room) == 0
    room.world = make_world(tmp_path, RULES + FLOOD.replace("flood]", "flood, sel]"))
    assert await look(room) == 2
    room.world = make_world(tmp_path, RULES + FLOOD)  # and when the change is taken back
    assert await look(room) == 2
    assert len(await notices(room)) == 6


async def test_a_store_that_knows_no_rules_makes_no_noise(room: Newsroom) -> None:
    await room.show("other", [item(1)])
    assert await look(room) == 0
    assert await notices(room) == []


async def test_a_first_rule_after_none_is_new(room: Newsroom, tmp_path: Path) -> None:
    none = RULES[: RULES.index("rules:")]
    room.world = make_world(tmp_path, none)
    await look(room)
    await stocked(room, 1)
    room.world = make_world(tmp_path, f"{none}rules:\n{FLOOD}")
    assert await look(room) == 2


async def test_a_rule_that_finds_nothing_says_so_in_the_log_alone(
    room: Newsroom, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await look(room)
    await room.show("other", [item(1, "rain")])
    room.world = make_world(tmp_path, RULES + FLOOD)
    with caplog.at_level("INFO"):
        assert await look(room) == 0
    assert "rule flood is in force: no stored items of the last 24 h match" in caplog.text


async def test_only_the_last_day_before_the_rule_counts(room: Newsroom, tmp_path: Path) -> None:
    await look(room)
    await room.show("other", [item(1, "flood old", published=None)])
    room.clock.forward(25 * HOUR)
    fresh = {"published": room.clock()}
    await room.show("other", [item(2, "flood 2", **fresh), item(3, "flood 3", published=None)])
    await room.show("front", [item(4, "flood, undated archive", published=None)], seeding=True)
    room.world = make_world(tmp_path, RULES + FLOOD)
    since = room.clock() + 1
    await room.show("other", [item(5, "flood 5", **fresh)])  # the rule has alerted on it
    await Lookback(room.storage, room.clock)(room.world, since)
    (text,) = {alert.facts["text"] for alert in await notices(room)}
    assert text == "rule flood is in force: 2 stored items of the last 24 h match"


async def test_more_items_than_a_page_are_all_counted(room: Newsroom, tmp_path: Path) -> None:
    await look(room)
    count = 2 * CHUNK + 1  # all of them first seen at one time
    await stocked(room, count)
    room.world = make_world(tmp_path, RULES + FLOOD)
    await look(room)
    assert f"{count} stored items" in (await notices(room))[0].facts["text"]


async def test_looking_back_leaves_the_loop_free(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()
    match = RuleIndex.match

    def noted(self: RuleIndex, document: Any, now: int) -> Any:
        threads.add(asyncio.current_task() if _in_loop() else None)
        return match(self, document, now)

    await look(room)
    await stocked(room, 3)
    room.world = make_world(tmp_path, RULES + FLOOD)
    monkeypatch.setattr(RuleIndex, "match", noted)
    await look(room)
    assert threads == {None}


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def test_a_store_that_fails_is_told_into_when_it_is_back(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    await room.storage.close()
    room.storage = SqliteStorage(tmp_path / "rasid.db", room.clock, busy_ms=10)
    await look(room)
    await stocked(room, 2)
    room.world = make_world(tmp_path, RULES + FLOOD)
    with locked(tmp_path / "rasid.db"), pytest.raises(StorageError):
        await look(room)
    assert await notices(room) == []
    assert await look(room) == 2
    await room.storage.close()


async def test_two_that_look_at_once_tell_once(room: Newsroom, tmp_path: Path) -> None:
    await look(room)
    await stocked(room, 2)
    room.world = make_world(tmp_path, RULES + FLOOD)
    assert sorted(await asyncio.gather(look(room), look(room))) == [0, 2]
