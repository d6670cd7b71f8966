"""Items are placed in stories as they are stored, and stay there over failures and restarts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner
from newsroom import Newsroom, item, make_newsroom

from rasid.cli import command
from rasid.clock import wall_clock
from rasid.errors import StorageError
from rasid.models import Membership
from rasid.protocols import Storage, Transaction
from rasid.settings import DAY, HOUR
from rasid.storybook import Storybook

T = TypeVar("T")
STRIKE = "غارة جوية على مستودع في الميادين شرق دير الزور ومقتل خمسة"
AGAIN = "مقتل خمسة في غارة جوية استهدفت مستودعا في مدينة الميادين"
ENGLISH = "Air strike on a warehouse in Mayadin, east of Deir ez-Zor, Syria, kills five"
OTHER = "Bank of Japan raises interest rates for the first time in two years"


@pytest.fixture(params=["sqlite", "memory"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = make_newsroom(tmp_path, "memory://" if request.param == "memory" else "")
    yield newsroom
    await newsroom.storage.close()


async def stories(room: Newsroom) -> list[list[str]]:
    """Return the titles of each story, in the order in which they joined."""
    members = await room.storage.read(lambda view: view.members(limit=1_000))
    found: dict[str, list[str]] = {}
    for one, place in members:
        found.setdefault(place.story, []).append(one.title)
    assert all(story in {place.item for _, place in members} for story in found)
    return list(found.values())


async def test_new_items_of_any_outlet_join_a_story(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE), item(2, OTHER)])
    await room.show("other", [item(3, AGAIN), item(4, ENGLISH)])
    assert sorted(map(len, await stories(room))) == [1, 3]


async def test_what_first_polls_and_later_revisions_show_joins_none(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE)], seeding=True)
    assert await stories(room) == []
    await room.show("other", [item(2, AGAIN)])
    await room.show("other", [item(2, OTHER)])  # the item stays where it is
    assert await stories(room) == [[OTHER]]


async def test_a_restart_goes_on_with_the_stories_of_three_days(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE)])
    room.stories = Storybook()
    await room.show("other", [item(2, AGAIN)])
    assert await stories(room) == [[STRIKE, AGAIN]]
    room.stories = Storybook()
    room.clock.forward(4 * DAY)
    await room.show("front", [item(3, ENGLISH, published=None)])
    assert await stories(room) == [[STRIKE, AGAIN], [ENGLISH]]


async def test_a_copy_is_known_as_one(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE)])
    await room.show("other", [item(2, STRIKE)])
    members = await room.storage.read(lambda view: view.members(limit=9))
    first, second = [place for _, place in members]
    assert (first.copy_of, second.copy_of) == ("", first.item)


class Broken:
    """A store whose transactions fail at their end, as when the disk is full."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.read = storage.read

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        def fail(tx: Transaction) -> T:
            fn(tx)
            raise StorageError("disk full")

        return await self._storage.write(fail)


async def test_Q06_what_the_store_did_not_take_is_in_no_story(room: Newsroom) -> None:
    await room.show("front", [item(1, STRIKE)])
    whole, room.storage = room.storage, Broken(room.storage)  # type: ignore[assignment]
    for _ in range(3):
        with pytest.raises(StorageError):
            await room.show("other", [item(2, AGAIN), item(3, OTHER)])
    room.storage = whole
    await room.show("other", [item(3, OTHER)])
    await room.show("other", [item(2, AGAIN), item(3, OTHER)])
    assert await stories(room) == [[STRIKE, AGAIN], [OTHER]]
    members = await room.storage.read(lambda view: view.members(limit=9))
    assert [place.copy_of for _, place in members] == ["", "", ""]


async def test_places_are_written_with_their_items(room: Newsroom) -> None:
    await room.show("front", [item(n, f"{STRIKE} {n}") for n in range(5)])
    members = await room.storage.read(lambda view: view.members(limit=9))
    known = await room.storage.read(lambda view: view.memberships([one.id for one, _ in members]))
    assert len(known) == 5
    assert all(isinstance(one, Membership) for one in known.values())


async def test_the_commands_show_what_is_one_story(tmp_path: Path) -> None:
    room = make_newsroom(tmp_path)
    room.clock.at = wall_clock() - HOUR
    undated = [item(n, title, published=None) for n, title in enumerate((STRIKE, OTHER, AGAIN))]
    await room.show("front", undated[:2])
    await room.show("other", undated[2:])
    await room.storage.close()
    data = ["--data-dir", str(tmp_path), "--json"]
    listed = await asyncio.to_thread(rows, ["stories", *data])
    (story,) = listed
    assert (story["title"], story["items"], story["outlets"], story["copies"]) == (STRIKE, 2, 2, 0)
    shown = await asyncio.to_thread(rows, ["stories", "show", story["id"], *data])
    assert [one["title"] for one in shown] == [STRIKE, AGAIN]
    same = await asyncio.to_thread(rows, ["stories", "show", shown[1]["id"], *data])
    assert same == shown
    everything = await asyncio.to_thread(rows, ["stories", "--least", "1", *data])
    assert {one["title"] for one in everything} == {STRIKE, OTHER}
    nobody = ["stories", "show", "nobody", *data]
    unknown = await asyncio.to_thread(CliRunner().invoke, command, nobody)
    assert (unknown.exit_code, "no item is stored" in unknown.stderr) == (2, True)


def rows(arguments: list[str]) -> list[Any]:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]
