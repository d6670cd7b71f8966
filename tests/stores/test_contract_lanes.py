"""Which alerts are due, and which go together. Of every backend."""

from __future__ import annotations

from contract import RETRY, Hands, add_alerts, alert, claim, claimed, finish, states

from rasid.protocols import Storage


async def test_a_claim_takes_the_oldest_and_only_its_target(store: Storage) -> None:
    await add_alerts(store, *(alert(str(n), at=10 - n) for n in range(4)), alert("o", "other"))
    held = await claimed(store, limit=3)
    assert [one.id for one in held.alerts] == ["3", "2", "1"]
    assert {one.notification for one in held.alerts} == {held.id}
    assert (held.target, held.attempts, held.plain) == ("t", 0, False)
    assert [one.id for one in (await claimed(store)).alerts] == ["0"]
    assert await claim(store) is None
    assert await claim(store, "unknown") is None


async def test_due_targets_are_those_a_claim_would_serve(store: Storage, clock: Hands) -> None:
    assert await store.write(lambda tx: tx.due_targets()) == []
    await add_alerts(store, alert("x"), alert("y", "other"))
    assert await store.write(lambda tx: tx.due_targets()) == ["other", "t"]
    held = await claimed(store)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    await finish(store, held, RETRY, retry_at=clock.now + 10)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    clock.now += 10
    assert await store.write(lambda tx: tx.due_targets()) == ["other", "t"]


async def hold(store: Storage, due_at: int, *ids: str, lane: str = "later") -> None:
    await store.write(lambda tx: tx.hold(ids, due_at, lane=lane, reason="digest"))


async def test_an_alert_waits_in_its_lane_until_it_is_due(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["x", "y"]
    await hold(store, clock.now + 10, "x")
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["y"]
    assert (await claimed(store)).alerts[0].id == "y"
    assert await store.write(lambda tx: tx.due_targets()) == []
    assert await states(store) == {"x": ("pending", "digest"), "y": ("pending", "")}
    assert (await store.read(lambda r: r.counts()))["alerts_held"] == 1
    clock.now += 10
    assert await store.write(lambda tx: tx.due_targets()) == ["t"]
    assert await store.write(lambda tx: tx.next_lane("t")) == ("later", 1)
    held = await store.write(lambda tx: tx.claim("t", limit=9, ttl=100, lane="later", as_list=True))
    assert held is not None
    assert (held.lane, held.alerts[0].lane, held.alerts[0].reason) == ("later", "later", "")


async def test_a_lane_goes_as_one_once_something_in_it_is_due(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abcd"))
    await hold(store, clock.now, "a", lane="2")
    await hold(store, clock.now + 5, "b", lane="2")
    await hold(store, clock.now, "c", lane="3")
    await hold(store, clock.now + 5, "d", lane="1")
    assert await store.write(lambda tx: tx.next_lane("t")) == ("2", 2)
    held = await store.write(lambda tx: tx.claim("t", limit=9, ttl=100, lane="2"))
    assert held is not None
    assert ([one.id for one in held.alerts], held.lane) == (["a", "b"], "")
    assert await store.write(lambda tx: tx.next_lane("t")) == ("3", 1)
    assert await store.write(lambda tx: tx.next_lane("other")) == ("", 0)


async def test_alerts_about_one_subject_leave_their_lanes_together(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("a", subject="item:1"), alert("b", subject="item:1", rule="two"))
    await hold(store, clock.now + 5, "a")
    assert [one.id for one in (await claimed(store)).alerts] == ["a", "b"]


async def test_due_alerts_are_of_the_lanes_asked_for(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abc"), alert("o", "other"))
    await hold(store, clock.now, "a", lane="1")
    await hold(store, clock.now + 5, "b", lane="1")

    async def due(**which: list[str]) -> list[str]:
        return [one.id for one in await store.write(lambda tx: tx.due_alerts("t", 9, **which))]

    assert await due() == ["a", "c"]
    assert await due(lanes=[""]) == ["c"]
    assert await due(but=[""]) == ["a"]
    assert [one.id for one in await store.write(lambda tx: tx.due_alerts("t", 1))] == ["a"]


async def test_alerts_are_placed_anew_but_for_those_on_their_way(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    await claimed(store, limit=1)
    await hold(store, clock.now + 10, "x", "y")  # x is on its way: nothing happens to it
    assert await store.write(lambda tx: tx.place_anew(["t", "other"])) == 1
    found = {one.id: one for one in await store.read(lambda r: r.alerts())}
    assert [(found[name].due_at, found[name].lane, found[name].reason) for name in "xy"] == [
        (None, "", ""),
        (None, "", ""),
    ]


async def test_an_alert_is_not_too_old_for_having_waited(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x", at=1))
    await hold(store, 500, "x")
    assert await store.write(lambda tx: tx.expire(500)) == []
    assert await store.write(lambda tx: tx.expire(501)) == ["x"]
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 1
    assert [one.id for one in await store.write(lambda tx: tx.unplaced("t", 9))] == ["x"]
