"""What is forgotten, and what never is. Of every backend."""

from __future__ import annotations

from contract import (
    REJECTED,
    RETRY,
    SENT,
    Hands,
    add_alerts,
    alert,
    alias,
    claimed,
    finish,
    item,
    states,
)

from rasid.models import (
    Match,
    Membership,
)
from rasid.protocols import Storage


async def test_D09_a_pruned_item_is_still_known(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    await store.write(lambda tx: tx.add_matches("1", [Match("r", "h", ())], 1))
    await store.write(lambda tx: tx.join_story(Membership("1", "1", 1)))
    await store.write(lambda tx: tx.save_meaning("1", b"m", 1, since=0))
    await store.write(lambda tx: tx.add_sightings("s", ["1"], 5_000))
    assert await store.write(lambda tx: tx.prune(5_000)) == 0
    assert await store.read(lambda r: len(r.memberships(["1"]))) == 1
    assert await store.write(lambda tx: tx.prune(5_001)) == 1
    assert await store.read(lambda r: r.meanings(["1"])) == {}
    assert await store.write(lambda tx: tx.prune(5_001)) == 0
    assert await store.read(lambda r: r.find_items([alias("a")])) == {alias("a"): "1"}
    left = (await store.read(lambda r: r.items_by_id(["1"])))["1"]
    assert (left.title, left.text, left.content_hash) == ("", "", "hash-1")
    assert await store.read(lambda r: (r.items(), r.matches("1"))) == ([], [])
    assert await store.read(lambda r: r.memberships(["1"])) == {}
    assert await store.read(lambda r: r.content_hashes(["1"])) == {"1": frozenset({"hash-1"})}
    assert await store.write(lambda tx: tx.add_sightings("s", ["1"], 6_000)) == 1
    again = item("1", revision=2, content_hash="h2")
    await store.write(lambda tx: tx.revise_item(again, []))
    assert await store.read(lambda r: r.items()) == [again]


async def test_pruning_spares_what_was_published_or_seen_since(store: Storage) -> None:
    await store.write(lambda tx: tx.add_item(item("old", published=None), []))
    await store.write(lambda tx: tx.add_item(item("late", published=9_000), []))
    await store.write(lambda tx: tx.add_item(item("seen"), []))
    await store.write(lambda tx: tx.add_sightings("other", ["seen"], 9_000))
    assert await store.write(lambda tx: tx.prune(8_000)) == 1
    assert {one.id for one in await store.read(lambda r: r.items())} == {"late", "seen"}


async def test_pruning_empties_alerts_that_are_done_and_keeps_their_rows(
    store: Storage, clock: Hands
) -> None:
    # x, y and z go out in one notification; only y stays behind, being young
    await add_alerts(store, alert("x"), alert("z"), alert("y", at=900))
    old = await claimed(store)
    await finish(store, old, SENT)
    await add_alerts(store, alert("d"))
    dead = await claimed(store)
    await finish(store, dead, REJECTED)
    await add_alerts(store, alert("g"), alert("p"))
    await store.write(lambda tx: tx.drop_alerts(["g"]))
    assert await store.write(lambda tx: tx.prune(500)) == 0
    found = {one.id: one for one in await store.read(lambda r: r.alerts())}
    assert {name for name, one in found.items() if one.facts} == {"y", "p"}
    assert await states(store) == {
        **dict.fromkeys("xyz", ("sent", "accepted")),
        "d": ("dead", "http_4xx"),
        "g": ("dropped", "dropped"),
        "p": ("pending", ""),
    }
    assert found["y"].notification == old.id
    assert found["x"].notification == ""
    assert len(await store.read(lambda r: r.deliveries(old.id))) == 1


async def test_pruning_deletes_notifications_and_deliveries_of_alerts_that_are_done(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x"), alert("waits", "other"))
    sent = await claimed(store)
    await finish(store, sent, SENT)
    waits = await claimed(store, "other")
    await finish(store, waits, RETRY, retry_at=clock.now + 10)
    await store.write(lambda tx: tx.prune(clock.now + 1))
    assert await store.read(lambda r: r.deliveries(sent.id)) == []
    assert len(await store.read(lambda r: r.deliveries(waits.id))) == 1
    clock.now += 10
    (left,) = (await claimed(store, "other")).alerts
    assert left.facts == {"title": "قصف"}
    assert not await store.write(lambda tx: tx.add_alert(alert("again", subject="item:x")))


async def test_a_dead_alert_without_texts_is_not_tried_again(store: Storage) -> None:
    await add_alerts(store, alert("x"))
    await finish(store, await claimed(store), REJECTED)
    await store.write(lambda tx: tx.prune(5_000))
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 0
    assert (await states(store))["x"] == ("dead", "http_4xx")
