"""Alerts are promised once and found again. Of every backend."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contract import SENT, add_alerts, alert, claimed, finish

from rasid.errors import StorageError
from rasid.protocols import Storage


async def test_an_alert_is_promised_once(store: Storage) -> None:
    first = alert("x", facts={"title": "قصف", "words": ["a", {"b": None}]})
    assert await store.write(lambda tx: tx.add_alert(first))
    again = replace(first, id="y")
    assert not await store.write(lambda tx: tx.add_alert(again))
    assert await store.write(lambda tx: tx.add_alert(replace(again, target="other")))
    assert await store.read(lambda r: r.alerts(ids=["x"])) == [first]
    with pytest.raises(StorageError):
        await store.write(lambda tx: tx.add_alert(replace(first, subject="item:other")))


async def test_alerts_on_an_item_are_those_about_its_revisions_too(store: Storage) -> None:
    subjects = ("item:AB", "item:AB:r2", "item:AB:r10", "item:A", "item:ABC", "item:A:r2", "x")
    made = [alert(str(n), at=n, subject=about) for n, about in enumerate(subjects)]
    await add_alerts(store, *made)
    found = await store.read(lambda view: view.alerts_on("AB"))
    assert [one.subject for one in found] == ["item:AB:r10", "item:AB:r2", "item:AB"]


async def test_alerts_are_listed_newest_first(store: Storage) -> None:
    await add_alerts(store, *(alert(str(n), str(n), n) for n in range(5)))
    await finish(store, await claimed(store, "3"), SENT)

    async def ids(**wanted: object) -> str:
        found = await store.read(lambda r: r.alerts(**wanted))  # type: ignore[arg-type]
        return "".join(one.id for one in found)

    assert await ids(limit=2) == "43"
    assert await ids(state="pending") == "4210"
    assert await ids(ids=["0", "2", "3"], limit=1) == "320"
    assert await ids(ids=["0", "3"], state="sent") == "3"
