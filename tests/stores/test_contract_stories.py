"""Stories, what was told of them, and what gates saw. Of every backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from contract import Hands, alias, item

from rasid.errors import StorageError
from rasid.models import (
    Decision,
    Gate,
    GateState,
    Match,
    Membership,
    RuleMatch,
    StorySummary,
    Told,
)
from rasid.protocols import Storage, Transaction


async def test_meanings_are_kept_until_they_are_old(store: Storage) -> None:
    def work(tx: Transaction) -> list[Mapping[str, bytes]]:
        tx.save_meaning("old", b"\x01\x00\xff", 1, since=0)
        tx.save_meaning("new", b"\x01", 5, since=1)
        seen = [tx.meanings(["old", "new", "none"])]
        tx.save_meaning("new", b"\x02", 9, since=2)
        return [*seen, tx.meanings(["old", "new"])]

    first, then = await store.write(work)
    assert (first, then) == ({"old": b"\x01\x00\xff", "new": b"\x01"}, {"new": b"\x02"})


async def test_items_are_placed_in_stories(store: Storage, clock: Hands) -> None:
    def place(tx: Transaction) -> None:
        for name, outlet in (("a", "o"), ("b", "p"), ("c", "o"), ("d", "q")):
            tx.add_item(item(name, outlet=outlet, text=f"text of {name}"), [alias(name)])
        tx.join_story(Membership("a", "a", 10))
        tx.join_story(Membership("b", "a", 30, copy_of="a"))
        tx.join_story(Membership("c", "c", 20))
        tx.join_story(Membership("c", "a", 20))  # in place of the other

    await store.write(place)
    known = await store.read(lambda view: view.memberships(["a", "b", "d", "nobody"]))
    assert known == {"a": Membership("a", "a", 10), "b": Membership("b", "a", 30, "a")}
    members = await store.read(lambda view: view.members(story="a", limit=9))
    assert [(one.text, place.item, place.at) for one, place in members] == [
        ("text of a", "a", 10), ("text of c", "c", 20), ("text of b", "b", 30)
    ]  # fmt: skip
    later = await store.read(lambda view: view.members(since=20, after=(20, "c"), limit=9))
    assert [place.item for _, place in later] == ["b"]
    assert len(await store.read(lambda view: view.members(limit=2))) == 2
    (story,) = await store.read(lambda view: view.stories(since=30, limit=9))
    assert story == StorySummary("a", "Title a", 3, 2, 1, 10, 30)
    assert await store.read(lambda view: view.stories(since=31, limit=9)) == []
    assert await store.read(lambda view: view.stories(since=0, limit=9, least=4)) == []


async def test_a_place_in_a_story_needs_its_item(store: Storage) -> None:
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.join_story(Membership("nobody", "a", 1)))


async def test_what_a_rule_told_of_a_story_is_remembered(store: Storage) -> None:
    told = Told("r", "s", 10, places=frozenset({"دير الزور", "Syria"}), words=frozenset({"=4"}))
    await store.write(lambda tx: tx.save_told(told))
    later = replace(told, told_at=20, again_at=15, update_at=30, toll=7)
    other = Told("q", "s", 9)
    await store.write(lambda tx: [tx.save_told(one) for one in (later, other)])
    assert await store.read(lambda view: view.told("s", ["r", "x"])) == {"r": later}
    assert await store.read(lambda view: view.told("t", ["r"])) == {}
    await store.write(lambda tx: tx.prune(20))
    assert await store.read(lambda view: view.told("s", ["r", "q"])) == {"r": later}


async def test_what_a_rule_matched_is_found_by_time(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        for name, at in (("1", 10), ("2", 20), ("3", 30), ("4", 40)):
            seeded = Decision.SEEDED if name == "4" else Decision.NEW
            tx.add_item(replace(item(name), decision=seeded), [])
            tx.add_matches(name, [Match("r", "h", ())], at)
        tx.add_matches("3", [Match("q", "h", ())], 30)
        tx.join_story(Membership("2", "1", 20, "1"))

    await store.write(work)
    one, two = RuleMatch("1", "o", 10, "1"), RuleMatch("2", "o", 20, "1", "1")
    three = RuleMatch("3", "o", 30, "3")
    assert await store.read(lambda view: view.rule_matches("r", 0, 40)) == [one, two, three]
    assert await store.read(lambda view: view.rule_matches("r", 10, 20)) == [two]
    assert await store.read(lambda view: view.rule_matches("x", 0, 40)) == []
    assert await store.read(lambda view: view.last_match("r")) == three
    assert await store.read(lambda view: view.last_match("x")) is None


async def test_what_a_gate_saw_is_remembered_by_rule_and_subject(store: Storage) -> None:
    held = Gate("r", "s", GateState.HELD, 10, {"reports": [["1", 9, "منبر"]], "again_at": None})
    other = Gate("q", "s", GateState.OPEN, 20, {})
    await store.write(lambda tx: [tx.save_gate(one) for one in (held, other)])
    assert await store.read(lambda view: view.gates("s")) == {"q": other, "r": held}
    assert await store.read(lambda view: view.gates("t")) == {}
    opened = replace(held, state=GateState.OPEN, at=30)
    await store.write(lambda tx: tx.save_gate(opened))
    await store.write(lambda tx: tx.prune(30))
    assert await store.read(lambda view: view.gates("s")) == {"r": opened}
