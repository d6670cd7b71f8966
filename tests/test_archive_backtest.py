"""Rules tried on stored items: counts, differences, forecasts; and sending when asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import RULES, Newsroom, item, make_newsroom, make_world
from opened_dictionaries import DICTIONARIES
from storage_samples import item as stored_item

from rasid.archive.backtest import _PAGE, Backtest, Side, Trial, backtest, is_told
from rasid.archive.replay import Replay, missing, send
from rasid.models import Decision, Item
from rasid.rules import compile_rules
from rasid.settings import DAY, HOUR
from rasid.world import World

FLOOD = "  - {id: flood, any: [flood], notify: [desk]}\n"


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    made = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "")
    yield made
    await made.storage.close()


async def tried(
    room: Newsroom,
    after: World,
    before: World | None = None,
    *,
    since: int = 0,
    chosen: tuple[str, ...] = (),
    samples: int = 3,
    seen: list[Item] | None = None,
) -> Backtest:
    sides = Side(after.config, after.matcher), Side(room.world.config)
    if before is not None:
        sides = sides[0], Side(before.config, before.matcher)
    trial = Trial(*sides, frozenset(chosen), samples)
    note = seen.append if seen is not None else lambda _item: None
    return await backtest(room.storage, trial, since=since, progress=note)


async def test_D14_a_new_rule_is_forecast_and_raises_nothing(
    room: Newsroom, tmp_path: Path
) -> None:
    await room.show("front", [item(n, f"flood {n}") for n in range(5)])
    room.clock.forward(DAY)
    await room.show("front", [item(n, f"flood {n}") for n in range(5, 12)])
    before = await room.counts()
    found = await tried(room, make_world(tmp_path, RULES + FLOOD))
    test = found.rules["flood"]
    assert (test.matches, test.gained, test.lost, test.silent) == (12, 12, 0, 0)
    assert sorted(test.per_day.values()) == [5, 7]
    assert [sample.item.title for sample in test.samples] == ["flood 11", "flood 10", "flood 9"]
    assert test.samples[0].match.evidence[0].text == "flood"
    assert found.receivers["desk"].per_day.total() == 12
    assert found.receivers["desk"].before.total() == 0
    assert found.rules["strike"].matches == 0
    assert (found.items, round(found.days(room.clock()), 1)) == (12, 1.0)
    assert await room.counts() == before


async def test_an_edit_shows_what_is_gained_and_lost(room: Newsroom, tmp_path: Path) -> None:
    titles = ("a strike", "غارة", "a flood", "rain")
    await room.show("front", [item(n, title) for n, title in enumerate(titles)])
    edited = RULES.replace("[غارة, strike]", "[غارة, flood]")
    found = await tried(room, make_world(tmp_path, edited))
    test = found.rules["strike"]
    assert (test.matches, test.gained, test.lost) == (2, 1, 1)
    assert [one.item.title for one in test.gained_samples] == ["a flood"]
    assert [one.item.title for one in test.lost_samples] == ["a strike"]
    desk = found.receivers["desk"]
    assert (desk.per_day.total(), desk.before.total()) == (2, 2)
    same = await tried(room, room.world)
    assert (same.rules["strike"].gained, same.rules["strike"].lost) == (0, 0)


async def test_two_files_are_compared(room: Newsroom, tmp_path: Path) -> None:
    await room.show("front", [item(1, "a flood strike"), item(2, "rain")])
    with_flood = make_world(tmp_path, RULES + FLOOD)
    without = make_world(tmp_path, RULES)
    gained = await tried(room, with_flood, without)
    assert (gained.rules["flood"].gained, gained.rules["strike"].gained) == (1, 0)
    lost = await tried(room, without, with_flood)
    assert (lost.rules["flood"].matches, lost.rules["flood"].lost) == (0, 1)
    assert (lost.receivers["desk"].per_day.total(), lost.receivers["desk"].before.total()) == (1, 2)


async def test_only_the_rules_asked_for_count(room: Newsroom, tmp_path: Path) -> None:
    await room.show("front", [item(1, "a flood strike")])
    world = make_world(tmp_path, RULES + FLOOD)
    found = await tried(room, world, chosen=("flood",))
    assert list(found.rules) == ["flood"]
    assert found.receivers["desk"].per_day.total() == 1


async def test_seeded_and_old_items_match_but_are_not_told(room: Newsroom) -> None:
    await room.show("front", [item(1, "a strike")], seeding=True)
    await room.show("world", [item(9, "one"), item(2, "old strike", published=1)])
    found = await tried(room, room.world)
    test = found.rules["strike"]
    assert (test.matches, test.silent, test.gained) == (2, 2, 0)
    assert "desk" not in found.receivers


async def test_since_bounds_it_and_pages_stay_small(room: Newsroom) -> None:
    made = [
        replace(stored_item(f"{at:04}", "strike"), first_seen=at * HOUR)
        for at in range(2 * _PAGE + 50)
    ]
    await room.storage.write(lambda tx: [tx.add_item(one, []) for one in made])
    seen: list[Item] = []
    found = await tried(room, room.world, seen=seen, samples=0)
    assert (found.items, len(seen)) == (len(made), 3)
    assert found.rules["strike"].samples == []
    late = await tried(room, room.world, since=made[-10].first_seen)
    assert late.items == 10


# --- sending -------------------------------------------------------------------------------


def replay(room: Newsroom, world: World, since: int) -> Replay:
    rules = {"flood": world.config.rules["flood"]}
    config = replace(world.config, rules=rules)
    return Replay(config, compile_rules(config, dictionaries=DICTIONARIES), world.targets, since)


async def test_D14_only_what_is_missing_is_sent_and_once(room: Newsroom, tmp_path: Path) -> None:
    await room.show("front", [item(n, f"flood {n}") for n in range(3)])
    await room.show("other", [item(7, "a flood of strikes")])
    world = make_world(tmp_path, RULES + FLOOD)
    wanted = replay(room, world, room.clock() - DAY)
    assert await missing(room.storage, wanted) == 8  # two targets each
    before = len(await room.alerts())
    assert await send(room.storage, wanted, room.clock) == 8
    assert len(await room.alerts()) == before + 8
    assert await missing(room.storage, wanted) == 0
    assert await send(room.storage, wanted, room.clock) == 0
    recorded = await room.storage.read(lambda view: view.match_counts(0))
    assert sum(recorded["flood"].values()) == 4


async def test_what_a_first_poll_found_is_sent_only_when_it_is_recent(
    room: Newsroom, tmp_path: Path
) -> None:
    now = room.clock()
    old: dict[str, Any] = {"published": now - 10 * DAY}
    undated: dict[str, Any] = {"published": None}
    items = [item(1, "flood old", **old), item(2, "flood x", **undated), item(3, "flood new")]
    await room.show("front", items, seeding=True)
    wanted = replay(room, make_world(tmp_path, RULES + FLOOD), now - DAY)
    assert await send(room.storage, wanted, room.clock) == 2
    assert set(await room.alerts()) == {"flood new"}


def test_only_told_items_are_forecast() -> None:
    one = stored_item("1")
    assert is_told(one)
    assert not is_told(replace(one, decision=Decision.TOO_OLD))
    assert not is_told(replace(one, decision=Decision.SEEDED, only_seeded=True))
    assert is_told(replace(one, decision=Decision.SEEDED, only_seeded=False))


async def test_a_rule_for_revisions_alone_is_forecast_to_tell_nobody(
    room: Newsroom, tmp_path: Path
) -> None:
    await room.show("front", [item(n, f"flood {n}") for n in range(3)])
    world = make_world(tmp_path, RULES + FLOOD.replace("any:", "on: revised, any:"))
    found = await tried(room, world)
    assert (found.rules["flood"].matches, found.rules["flood"].silent) == (3, 3)
    assert "desk" not in found.receivers
    replay = Replay(world.config, world.matcher, world.targets, 0)
    assert await missing(room.storage, replay) == 0
    assert await send(room.storage, replay, room.clock) == 0
