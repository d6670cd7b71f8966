"""Pages of items. Of every backend."""

from __future__ import annotations

from dataclasses import replace

from contract import alias, item

from rasid.models import (
    ItemPage,
    PageReport,
    PageState,
    SourceState,
)
from rasid.protocols import Storage, Transaction


def page(name: str, due: int = 1, host: str = "example.org", **changes: object) -> ItemPage:
    made = ItemPage(name, "s", f"https://{host}/{name}", host, due)
    return replace(made, **changes)  # type: ignore[arg-type]


async def add_pages(store: Storage, *pages: ItemPage) -> None:
    def write(tx: Transaction) -> None:
        for one in pages:
            tx.add_item(item(one.item), [alias(one.item)])
            tx.add_item_page(one)

    await store.write(write)


async def due(store: Storage, now: int, limit: int = 10, *busy: str) -> list[str]:
    found = await store.read(lambda view: view.due_item_pages(now, limit, frozenset(busy)))
    return [one.item for one in found]


async def test_due_pages_come_oldest_first_but_not_those_of_busy_hosts(store: Storage) -> None:
    await add_pages(store, page("1", 30), page("2", 10, "b.example"), page("3", 20), page("4", 99))
    assert await due(store, 30) == ["2", "3", "1"]
    assert await due(store, 30, 2) == ["2", "3"]
    assert await due(store, 30, 10, "example.org", "c.example") == ["2"]
    for paused, found in ((True, []), (False, ["2", "3", "1"])):
        state = SourceState("s", paused=paused)
        await store.write(lambda tx, state=state: tx.save_source(state))
        assert await due(store, 30) == found


async def test_an_item_has_one_page(store: Storage) -> None:
    await add_pages(store, page("1"))
    await store.write(lambda tx: tx.add_item_page(page("1", 99)))
    assert await store.read(lambda view: view.item_pages(["1", "2"])) == {"1": page("1")}
    after = page("1", state=PageState.READ, reason="read", text_hash="h", tried_at=5, tries=1)
    await store.write(lambda tx: tx.save_item_page(after))
    assert await store.read(lambda view: view.item_pages(["1"])) == {"1": after}
    assert await due(store, 99) == []


async def test_how_pages_went_by_source(store: Storage) -> None:
    await add_pages(store, *map(page, "1234"))
    read = page("1", state=PageState.READ, reason="read", tried_at=5)
    lost = page("2", state=PageState.GIVEN_UP, reason="stub", detail="short", tried_at=6)
    for one, trouble in ((read, ""), (lost, "stub: short"), (replace(read, item="3"), None)):
        one = one if trouble is not None else replace(one, tried_at=7)
        await store.write(lambda tx, one=one: tx.save_item_page(one))
        report = (await store.read(lambda view: view.page_reports()))["s"]
        assert report.trouble == (trouble or "")
    assert report == PageReport(due=1, read=2, given_up=1)


async def test_the_same_text_is_found_again_for_another_item_of_the_source(store: Storage) -> None:
    await add_pages(store, page("1", text_hash="h"), page("2"))

    async def same(source: str, text_hash: str, but: str) -> bool:
        return await store.read(lambda view: view.has_text(source, text_hash, but))

    assert await same("s", "h", "2")
    assert not await same("s", "h", "1")
    assert not await same("other", "h", "2")
    assert not await same("s", "", "1")


async def test_the_text_of_a_page_is_put_into_all_revisions(store: Storage) -> None:
    one = item("1", title="", published=None, text="feed")
    two = replace(one, revision=2, title="Second", published=7)

    def write(tx: Transaction) -> None:
        tx.add_item(one, [alias("1")])
        tx.revise_item(two, [])
        tx.put_page_text(replace(two, text="page", title="Second", published=9))

    await store.write(write)
    found = await store.read(lambda view: [view.revision("1", number) for number in (1, 2)])
    assert [(r.text, r.title, r.published) for r in found if r] == [
        ("page", "Second", 9),
        ("page", "Second", 7),
    ]
    newest = (await store.read(lambda view: view.items_by_id(["1"])))["1"]
    assert (newest.paged, newest.revision, newest.content_hash) == (True, 2, two.content_hash)
    candidates = await store.read(lambda view: view.candidates([{"page"}]))
    assert [one.id for one in candidates.items] == ["1"]
