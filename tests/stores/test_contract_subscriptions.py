"""Subscriptions at hubs. Of every backend."""

from __future__ import annotations

from dataclasses import replace

from rasid.models import (
    Offer,
    SourceState,
    Subscription,
    SubscriptionState,
)
from rasid.protocols import Storage, Transaction


async def test_subscriptions_come_back_by_their_key_until_they_are_dropped(store: Storage) -> None:
    one = Subscription(
        key="k",
        source="s",
        hub="https://hub.example/",
        topic="https://example.org/feed",
        callback="https://me.example/k",
        secret="secret",
        state=SubscriptionState.ACTIVE,
        asked=True,
        due_at=1,
        lease_until=2,
        failures=3,
        detail="well",
    )
    other = replace(one, key="l", state=SubscriptionState.LEAVING, asked=False)
    await store.write(lambda tx: tx.save_subscription(replace(one, failures=0)))
    await store.write(lambda tx: [tx.save_subscription(row) for row in (one, other)])
    assert await store.read(lambda r: r.subscriptions()) == [one, other]
    assert await store.read(lambda r: r.subscription("l")) == other
    assert await store.read(lambda r: r.subscription("m")) is None
    await store.write(lambda tx: [tx.drop_subscription(key) for key in ("k", "m")])
    assert await store.read(lambda r: r.subscriptions()) == [other]


async def test_hubs_are_offered_by_sources_that_are_polled(store: Storage) -> None:
    offer = Offer("https://hub.example/", "https://example.org/feed")

    def write(tx: Transaction) -> None:
        tx.save_source(SourceState("with", offer=offer))
        tx.save_source(SourceState("without", offer=Offer("", "https://example.org/feed")))
        tx.save_source(SourceState("paused", offer=offer, paused=True))
        tx.save_source(SourceState("gone", offer=offer, gone=True))

    await store.write(write)
    assert await store.read(lambda r: r.offers()) == {"with": offer}
