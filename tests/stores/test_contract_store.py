"""The store itself: closing, backups, views, counts. Of every backend."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract import SENT, Hands, add_alerts, alert, alias, claimed, finish, item

from rasid.errors import StorageError
from rasid.models import (
    SourceState,
)
from rasid.protocols import Storage
from storage import open_storage
from storage.memory import MemoryStorage


async def test_meta_and_counts(store: Storage, clock: Hands) -> None:
    assert await store.read(lambda r: r.meta("key")) == ""
    await store.write(lambda tx: tx.set_meta("key", "one"))
    await store.write(lambda tx: tx.set_meta("key", "two"))
    assert await store.read(lambda r: r.meta("key")) == "two"
    assert await store.write(lambda tx: tx.now()) == clock.now
    empty = await store.read(lambda r: r.counts())
    assert set(empty.values()) == {0}
    await store.write(lambda tx: tx.add_item(item("1"), []))
    await store.write(lambda tx: tx.save_source(SourceState("s")))
    await add_alerts(store, alert("x", at=40), alert("y", "other", at=30), alert("z", "third"))
    await finish(store, await claimed(store, "other"), SENT)
    await claimed(store, "third")
    assert await store.read(lambda r: r.counts()) == {
        "items": 1,
        "sources": 1,
        "alerts_pending": 2,
        "alerts_held": 0,
        "alerts_sent": 1,
        "alerts_dead": 0,
        "alerts_dropped": 0,
        "notifications_leased": 1,
        "oldest_pending_at": 40,
    }


async def test_a_closed_store_says_so(store: Storage) -> None:
    await store.maintain()
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await store.read(lambda r: r.counts())
    with pytest.raises(StorageError, match="closed"):
        await store.write(lambda tx: tx.now())
    with pytest.raises(StorageError, match="closed"):
        await store.maintain()
    await store.close()


async def test_a_backup_is_whole_or_refused(store: Storage, tmp_path: Path, clock: Hands) -> None:
    await store.write(lambda tx: tx.add_item(item("1"), [alias("a")]))
    copy = tmp_path / "copy.db"
    if isinstance(store, MemoryStorage):
        with pytest.raises(StorageError, match="backed up"):
            await store.backup(str(copy))
        assert not copy.exists()
        return
    await store.backup(str(copy))
    copied = open_storage(copy, clock)
    assert await copied.read(lambda r: r.items()) == [item("1")]
    await copied.close()


async def test_a_view_cannot_write(store: Storage) -> None:
    view = await store.read(lambda r: r)
    assert not hasattr(view, "add_item")


def test_an_unknown_scheme_is_named(clock: Hands) -> None:
    with pytest.raises(StorageError, match=r"mysql://.*sqlite://"):
        open_storage("mysql://x", clock)
