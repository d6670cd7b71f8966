"""How delivery goes, by target. Of every backend."""

from __future__ import annotations

from contract import RETRY, SENT, Hands, alert

from rasid.protocols import Storage, Transaction


async def test_what_is_overdue_is_counted_by_target(store: Storage, clock: Hands) -> None:
    def raise_alerts(tx: Transaction) -> None:
        for name, target, at in (("a", "t", 100), ("b", "t", 200), ("c", "u", 300)):
            tx.add_alert(alert(name, target=target, subject=f"item:{name}", created_at=at))
        tx.hold(["b"], 1_500, lane="4 soon", reason="group_wait")

    await store.write(raise_alerts)
    found = await store.read(lambda view: view.overdue(clock()))
    assert [(one.target, one.alerts, one.since, one.reason) for one in found] == [
        ("t", 1, 100, ""),
        ("u", 1, 300, ""),
    ]
    claimed = await store.write(lambda tx: tx.claim("u", limit=1, ttl=10))
    assert claimed is not None
    await store.write(lambda tx: tx.finish(claimed, RETRY, retry_at=2_000))
    assert await store.read(lambda view: view.next_attempt(claimed.id)) == 2_000
    clock.now = 1_600
    late = {one.target: one for one in await store.read(lambda view: view.overdue(clock()))}
    assert (late["t"].alerts, late["t"].since) == (2, 100)
    assert (late["u"].reason, late["u"].detail) == (RETRY.reason, RETRY.detail)


async def test_when_targets_last_took_something_is_known(store: Storage, clock: Hands) -> None:
    await store.write(lambda tx: tx.add_alert(alert("a", target="t")))
    claimed = await store.write(lambda tx: tx.claim("t", limit=1, ttl=10))
    assert claimed is not None
    await store.write(lambda tx: tx.finish(claimed, RETRY, retry_at=1_000))
    assert await store.read(lambda view: view.last_sent(0, 1_000)) == {}
    claimed = await store.write(lambda tx: tx.claim("t", limit=1, ttl=10))
    assert claimed is not None
    clock.now = 1_100
    await store.write(lambda tx: tx.finish(claimed, SENT, retry_at=None))
    assert await store.read(lambda view: view.last_sent(1_099, 1_100)) == {"t": 1_100}
    assert await store.read(lambda view: view.last_sent(1_100, 2_000)) == {}
    assert await store.read(lambda view: view.last_sent(0, 1_099)) == {}
    assert await store.read(lambda view: view.next_attempt(claimed.id)) is None
    assert await store.read(lambda view: view.overdue(clock())) == []
