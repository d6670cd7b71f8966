"""Samples for the tests that every backend must pass, and a clock set by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from rasid.models import (
    Alert,
    Alias,
    AliasKind,
    Decision,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Item,
    Notification,
)
from rasid.protocols import Storage

BACKENDS: dict[str, Callable[[Path], str | Path]] = {
    "sqlite": lambda folder: folder / "data" / "rasid.db",
    "memory": lambda folder: "memory://",
}
SENT = DeliveryResult(DeliveryOutcome.SUCCESS, DeliveryReason.ACCEPTED)
RETRY = DeliveryResult(DeliveryOutcome.RETRY, DeliveryReason.HTTP_5XX, "503")
REJECTED = DeliveryResult(DeliveryOutcome.REJECTED, DeliveryReason.HTTP_4XX, "404")


@dataclass
class Hands:
    """A clock that is set by hand."""

    now: int = 1_000

    def __call__(self) -> int:
        return self.now


def alias(value: str, scope: str = "s", kind: AliasKind = AliasKind.GUID) -> Alias:
    return Alias(kind, scope, value)


def item(name: str, **changes: object) -> Item:
    made = Item(
        id=name,
        source="s",
        outlet="o",
        guid=f"guid-{name}",
        link=f"https://example.org/{name}",
        title=f"Title {name}",
        summary="غارة على الميادين",
        text="text",
        author="author",
        tags=("a", "ب"),
        language="ar",
        published=500,
        first_seen=1_000,
        revision=1,
        content_hash=f"hash-{name}",
        decision=Decision.NEW,
        only_seeded=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def alert(name: str, target: str = "t", at: int = 100, **changes: object) -> Alert:
    made = Alert(name, "rule", "hash", target, "desk", f"item:{name}", at, {"title": "قصف"})
    return replace(made, **changes)  # type: ignore[arg-type]


async def add_alerts(store: Storage, *alerts: Alert) -> None:
    await store.write(lambda tx: [tx.add_alert(one) for one in alerts])


async def claim(
    store: Storage, target: str = "t", limit: int = 10, ttl: int = 100
) -> Notification | None:
    return await store.write(lambda tx: tx.claim(target, limit=limit, ttl=ttl))


async def claimed(store: Storage, target: str = "t", limit: int = 10) -> Notification:
    found = await claim(store, target, limit)
    assert found is not None
    return found


async def finish(
    store: Storage,
    held: Notification,
    result: DeliveryResult,
    retry_at: int | None = None,
    **how: bool,
) -> bool:
    return await store.write(lambda tx: tx.finish(held, result, retry_at=retry_at, **how))


async def states(store: Storage) -> dict[str, tuple[str, str]]:
    found = await store.read(lambda r: r.alerts(limit=1000))
    return {one.id: (one.state.value, one.reason) for one in found}
