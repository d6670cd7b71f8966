"""Notifications: leases, retries, parts, dead letters. Of every backend."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract import (
    REJECTED,
    RETRY,
    SENT,
    Hands,
    add_alerts,
    alert,
    claim,
    claimed,
    finish,
    states,
)

from rasid.models import (
    AlertState,
    DeliveryResult,
)
from rasid.protocols import Storage


async def test_attempts_at_a_target_are_counted_newest_first(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(name) for name in "abc"), alert("o", "other"))
    for _ in range(3):
        clock.now += 10
        await finish(store, await claimed(store, limit=1), SENT)
    await finish(store, await claimed(store, "other"), RETRY, retry_at=clock.now)
    assert await store.write(lambda tx: tx.attempts("t", since=1_010, limit=9)) == [1_030, 1_020]
    assert await store.write(lambda tx: tx.attempts("t", since=0, limit=1)) == [1_030]


async def test_success_ends_a_notification(store: Storage) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    held = await claimed(store)
    assert await finish(store, held, SENT)
    assert await states(store) == {"x": ("sent", "accepted"), "y": ("sent", "accepted")}
    assert not await finish(store, held, SENT)
    assert await claim(store) is None
    attempts = await store.read(lambda r: r.deliveries(held.id))
    assert attempts == [{"at": 1000, "outcome": "success", "reason": "accepted", "detail": ""}]


async def test_a_retry_resends_the_same_members(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    held = await claimed(store)
    await add_alerts(store, alert("older", at=1))
    assert await finish(store, held, RETRY, retry_at=clock.now + 50)
    assert [one.id for one in (await claimed(store)).alerts] == ["older"]
    assert await claim(store) is None
    clock.now += 50
    again = await claimed(store, limit=1)
    assert (again.id, again.attempts, again.plain) == (held.id, 1, False)
    assert [one.id for one in again.alerts] == ["x", "y"]
    assert again.token != held.token
    await finish(store, again, REJECTED, retry_at=clock.now, plain=True)
    third = await claimed(store)
    assert (third.id, third.attempts, third.plain) == (held.id, 2, True)
    assert await finish(store, third, SENT)
    attempts = await store.read(lambda r: r.deliveries(held.id))
    assert [one["reason"] for one in attempts] == ["http_5xx", "http_4xx", "accepted"]


async def test_N07_a_notification_is_split_by_what_its_alerts_are_about(
    store: Storage, clock: Hands
) -> None:
    rules = [alert("a1", at=3), alert("a2", at=4, rule="other", subject="item:a1")]
    await add_alerts(store, *rules, alert("b", at=1), alert("dropped", at=2))
    held = await claimed(store)
    await store.write(lambda tx: tx.drop_alerts(["dropped"]))
    assert await finish(store, held, REJECTED, retry_at=clock.now + 5, plain=True, split=True)
    assert not await finish(store, held, SENT)
    assert await claim(store) is None
    clock.now += 5
    parts = [await claimed(store), await claimed(store)]
    assert [[one.id for one in part.alerts] for part in parts] == [["b"], ["a1", "a2"]]
    assert {(part.attempts, part.plain, part.created_at) for part in parts} == {(0, True, 1_000)}
    assert len({held.id, *(part.id for part in parts)}) == 3
    assert await claim(store) is None
    assert len(await store.read(lambda r: r.deliveries(held.id))) == 1
    assert await finish(store, parts[0], SENT)
    assert await finish(store, parts[1], REJECTED, retry_at=clock.now, plain=True, split=True)
    alone = [await claimed(store), await claimed(store)]
    assert [[one.id for one in part.alerts] for part in alone] == [["a1"], ["a2"]]
    assert await finish(store, alone[0], REJECTED)
    assert await finish(store, alone[1], SENT)
    assert {name: state for name, (state, _) in (await states(store)).items()} == {
        "a1": "dead",
        "a2": "sent",
        "b": "sent",
        "dropped": "dropped",
    }


async def test_N07_parts_are_leased_retried_and_given_up_like_any_notification(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, *(alert(one) for one in "xyz"))
    await finish(store, await claimed(store), REJECTED, retry_at=clock.now, split=True)
    first = await claimed(store)
    assert await store.write(lambda tx: tx.release_leases()) == 1
    again = await claimed(store)
    assert (again.id, [one.id for one in again.alerts]) == (first.id, ["x"])
    await finish(store, again, RETRY, retry_at=clock.now + 5)
    assert [one.id for one in (await claimed(store)).alerts] == ["y"]
    assert await store.write(lambda tx: tx.bury(["t"], "receiver_removed")) == ["x", "y", "z"]
    assert await store.write(lambda tx: tx.due_targets()) == []


async def test_T04_what_is_due_too_late_is_due_now(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(one) for one in "xyz"))
    for wait in (10, 1_000):
        await finish(store, await claimed(store, limit=1), RETRY, retry_at=clock.now + wait)
    await finish(store, await claimed(store, limit=1), SENT)
    assert await store.write(lambda tx: tx.hasten(clock.now + 100)) == 1
    assert [one.id for one in (await claimed(store)).alerts] == ["y"]
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.hasten(clock.now + 100)) == 0


async def test_X02_a_lost_lease_splits_nothing(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    late = await claimed(store)
    clock.now += 100
    held = await claimed(store)
    assert not await finish(store, late, REJECTED, retry_at=clock.now, split=True)
    assert await finish(store, held, SENT)
    assert await states(store) == {"x": ("sent", "accepted"), "y": ("sent", "accepted")}


async def test_a_due_retry_comes_before_new_alerts(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x", at=50))
    held = await claimed(store)
    await finish(store, held, RETRY, retry_at=clock.now)
    await add_alerts(store, alert("older", at=1))
    assert (await claimed(store)).id == held.id


@pytest.mark.parametrize("result", [RETRY, REJECTED])
async def test_an_end_without_retry_is_a_dead_letter(
    store: Storage, result: DeliveryResult
) -> None:
    await add_alerts(store, alert("x"))
    assert await finish(store, await claimed(store), result)
    assert await states(store) == {"x": ("dead", result.reason.value)}
    assert await claim(store) is None


async def test_X02_a_lost_lease_records_nothing(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    late = await claimed(store)
    clock.now += 99
    assert await claim(store) is None
    clock.now += 1
    held = await claimed(store)
    assert held.id == late.id
    assert not await finish(store, late, SENT)
    assert not await store.write(lambda tx: tx.extend_lease(late, 100))
    assert await states(store) == {"x": ("pending", "")}
    assert await store.read(lambda r: r.deliveries(held.id)) == []
    assert await finish(store, held, SENT)
    assert not await finish(store, replace(held, token=""), SENT)


async def test_an_expired_lease_that_nobody_took_still_counts(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    held = await claimed(store)
    clock.now += 1_000
    assert await finish(store, held, SENT)


async def test_a_lease_can_be_extended_and_released(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("x"))
    held = await claimed(store)
    clock.now += 90
    assert await store.write(lambda tx: tx.extend_lease(held, 100))
    clock.now += 90
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.release_leases()) == 1
    assert await store.write(lambda tx: tx.release_leases()) == 0
    assert not await finish(store, held, SENT)
    assert (await claimed(store)).id == held.id


async def test_targets_that_no_longer_exist_are_buried(store: Storage) -> None:
    await add_alerts(store, alert("b", at=2), alert("a", at=1), alert("o", "other"))
    held = await claimed(store, limit=1)
    buried = await store.write(lambda tx: tx.bury(["t", "unknown"], "receiver_removed"))
    assert buried == ["a", "b"]
    assert await states(store) == {
        "a": ("dead", "receiver_removed"),
        "b": ("dead", "receiver_removed"),
        "o": ("pending", ""),
    }
    assert not await finish(store, held, SENT)
    assert await store.write(lambda tx: tx.due_targets()) == ["other"]
    assert (await store.read(lambda r: r.counts()))["notifications_leased"] == 0


async def test_what_is_too_old_expires_unless_leased(store: Storage, clock: Hands) -> None:
    await add_alerts(store, alert("held", "h", 1), alert("old", at=1), alert("young", at=9))
    held = await claimed(store, "h")
    assert await store.write(lambda tx: tx.expire(9)) == ["old"]
    assert (await states(store))["old"] == ("dead", "expired")
    await finish(store, held, RETRY, retry_at=clock.now + 500)
    assert await store.write(lambda tx: tx.expire(9)) == ["held"]
    clock.now += 500
    assert await claim(store, "h") is None
    assert [one.id for one in (await claimed(store)).alerts] == ["young"]


async def test_dead_alerts_are_tried_again_and_grouped_anew(store: Storage) -> None:
    await add_alerts(store, alert("x"), alert("y"))
    first = await claimed(store)
    await finish(store, first, REJECTED)
    await add_alerts(store, alert("z"))
    assert await store.write(lambda tx: tx.retry_alerts(["y", "z", "unknown"])) == 1
    second = await claimed(store)
    assert [one.id for one in second.alerts] == ["y", "z"]
    assert second.id != first.id
    assert second.attempts == 0
    assert (await states(store))["x"] == ("dead", "http_4xx")


async def test_an_alert_tried_again_has_its_whole_time_once_more(
    store: Storage, clock: Hands
) -> None:
    await add_alerts(store, alert("x", at=1), alert("y", at=1))
    assert await store.write(lambda tx: tx.expire(9)) == ["x", "y"]
    clock.now = 20
    await store.write(lambda tx: tx.retry_alerts(["x"]))
    assert await store.write(lambda tx: tx.expire(20)) == []
    (again,) = await store.read(lambda r: r.alerts(ids=["x"]))
    assert (again.created_at, again.retried_at, again.promised_at) == (1, 20, 20)
    held = await claimed(store)
    assert [one.id for one in held.alerts] == ["x"]
    await finish(store, held, RETRY, retry_at=50)
    assert await store.write(lambda tx: tx.expire(21)) == ["x"]


async def test_a_person_gives_alerts_up(store: Storage, clock: Hands) -> None:
    await add_alerts(store, *(alert(one) for one in ("x", "y", "z")), alert("s", "other"))
    await finish(store, await claimed(store, "other"), SENT)
    held = await claimed(store, limit=2)
    await finish(store, held, RETRY, retry_at=clock.now)
    assert await store.write(lambda tx: tx.drop_alerts(["x", "s"])) == 1
    again = await claimed(store)
    assert [one.id for one in again.alerts] == ["y"]
    await finish(store, again, REJECTED)
    assert await store.write(lambda tx: tx.drop_alerts(["y", "z", "x"])) == 2
    assert {one: state for one, (state, _) in (await states(store)).items()} == {
        "x": AlertState.DROPPED,
        "y": AlertState.DROPPED,
        "z": AlertState.DROPPED,
        "s": AlertState.SENT,
    }
    assert await claim(store) is None
    assert await store.write(lambda tx: tx.retry_alerts(["x"])) == 0
