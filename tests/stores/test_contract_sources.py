"""States of sources, and what hosts and feeds said before. Of every backend."""

from __future__ import annotations

from dataclasses import replace

from contract import add_alerts, alert, item

from rasid.models import (
    Offer,
    RobotsAnswer,
    Schedule,
    SourceState,
    Validators,
)
from rasid.protocols import Storage, Transaction


async def test_the_state_of_a_source_comes_back(store: Storage) -> None:
    state = SourceState(
        source="s",
        url="https://example.org/feed",
        validators=Validators('"etag"', "Mon, 01 Jan 2024 00:00:00 GMT"),
        body_hash="b",
        seeded=True,
        next_poll_at=7,
        last_poll_at=1,
        failures=2,
        outcome="failed",
        reason="dns",
        detail="no such host",
        possible_gaps=3,
        last_new_at=5,
        longest_pause=6,
        news=7,
        empty=8,
        interval=9,
        told="silent",
        due_by="ttl",
        due_pause=10,
        schedule=Schedule(ttl=11, period=12, base=0, skip_hours=(1, 2), skip_days=(6,)),
        hours="ff",
        offer=Offer("https://hub.example/", "https://example.org/feed"),
        pushed_at=12,
    )
    await store.write(lambda tx: tx.save_source(SourceState("s")))
    await store.write(lambda tx: tx.save_source(state))
    assert await store.read(lambda r: r.source_state("s")) == state
    assert await store.read(lambda r: r.source_states()) == {"s": state}
    assert await store.read(lambda r: r.source_state("unknown")) is None


async def test_due_sources_come_longest_due_first(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        for name, at in (("a", 30), ("b", 10), ("c", 20), ("later", 31)):
            tx.save_source(SourceState(name, next_poll_at=at))
        tx.save_source(SourceState("paused", paused=True))
        tx.save_source(SourceState("gone", gone=True))

    await store.write(work)
    assert await store.read(lambda r: r.due_sources(30, 10)) == ["b", "c", "a"]
    assert await store.read(lambda r: r.due_sources(30, 2)) == ["b", "c"]
    assert await store.read(lambda r: r.due_sources(30, 2, 1)) == ["c", "a"]
    assert await store.read(lambda r: r.due_sources(30, 2, 2)) == ["a"]
    assert await store.read(lambda r: r.due_sources(30, 2, 3)) == []


async def test_captures_go_with_what_their_alert_told(store: Storage) -> None:
    def work(tx: Transaction) -> None:
        tx.add_captures("old", {"b": "2", "a": "1"})
        tx.add_captures("old", {"a": "1"})  # again
        tx.add_captures("new", {"a": "1"})
        tx.drop_alerts(["old", "new"])

    await add_alerts(store, alert("old", at=100), alert("new", at=200), alert("pending", at=100))
    await store.write(work)
    await store.write(lambda tx: tx.add_captures("pending", {"c": "3"}))
    assert await store.read(lambda r: r.captures("old")) == {"a": "1", "b": "2"}
    assert await store.read(lambda r: r.captures()) == {"a": "1", "b": "2", "c": "3"}
    await store.write(lambda tx: tx.prune(150))
    assert await store.read(lambda r: r.captures("old")) == {}
    assert await store.read(lambda r: r.captures()) == {"a": "1", "c": "3"}


async def test_answers_of_robots_txt_are_kept_until_they_are_old(store: Storage) -> None:
    def work(tx: Transaction) -> list[object]:
        old = RobotsAnswer("https://old.example", 1, 404)
        first = RobotsAnswer("https://new.example", 5, 200, b"Disallow: /\x00\xff")
        tx.save_robots([old, first], since=0)
        seen = [tx.robots(old.origin), tx.robots(first.origin), tx.robots("https://none.example")]
        again = replace(first, at=9, body=b"")
        tx.save_robots([again], since=5)
        return [seen == [old, first, None], tx.robots(old.origin), tx.robots(again.origin) == again]

    assert await store.write(work) == [True, None, True]


async def test_what_is_withdrawn_is_remembered_until_it_is_shown(store: Storage) -> None:
    def work(tx: Transaction) -> list[object]:
        tx.add_item(item("a"), [])
        tx.add_item(item("b"), [])
        tx.add_sightings("s", ["a", "b"], 1)
        tx.add_sightings("t", ["a"], 1)
        tx.mark_withdrawn(["a", "b"], 5)
        tx.mark_withdrawn(["a"], 9)
        seen: list[object] = [tx.withdrawn(["a", "b", "c"])]
        tx.mark_withdrawn(["b", "c"], None)
        tx.save_window("s", "1")
        tx.save_window("s", "2")
        return [*seen, tx.withdrawn(["a", "b"]), tx.window("s"), tx.window("t")]

    assert await store.write(work) == [{"a": 5, "b": 5}, {"a": 5}, "2", ""]
    assert await store.read(lambda view: view.sources_of("a")) == {"s", "t"}
    assert await store.read(lambda view: view.sources_of("b")) == {"s"}


async def test_sources_that_are_down_are_paused_gone_or_fail(store: Storage) -> None:
    def work(tx: Transaction) -> list[set[str]]:
        for name, state in (
            ("well", {}),
            ("once", {"failures": 1}),
            ("fails", {"failures": 5}),
            ("paused", {"paused": True}),
            ("gone", {"gone": True}),
        ):
            tx.save_source(replace(SourceState(name), **state))
        return [tx.sources_down(5), tx.sources_down(1)]

    few = {"fails", "paused", "gone"}
    assert await store.write(work) == [few, few | {"once"}]
