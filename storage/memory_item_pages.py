"""Pages of items in the in-memory store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from rasid.errors import StorageError
from rasid.models import Item, ItemPage, PageReport, PageState
from storage.cleaning import clean_text, cleaned
from storage.memory_windows import ReadingWindows, WritingWindows


class ReadingItemPages(ReadingWindows):
    """The part of `rasid.protocols.Reading` that is about pages of items."""

    def item_pages(self, items: Iterable[str]) -> Mapping[str, ItemPage]:
        """Return the pages of items that have one."""
        pages = self._tables.item_pages
        return {one: pages[one] for one in map(clean_text, items) if one in pages}

    def due_item_pages(self, now: int, limit: int, busy: Set[str]) -> list[ItemPage]:
        """Return pages due by now, not those of busy hosts or paused sources, oldest first."""
        paused = {one.source for one in self._tables.sources.values() if one.paused}
        due = [
            one
            for one in self._tables.item_pages.values()
            if one.state is PageState.DUE
            and one.due_at <= now
            and one.host not in busy
            and one.source not in paused
        ]
        return sorted(due, key=lambda one: (one.due_at, one.item))[:limit]

    def page_reports(self) -> Mapping[str, PageReport]:
        """Return how pages went, by the source that asked for them."""
        of: dict[str, list[ItemPage]] = {}
        for one in self._tables.item_pages.values():
            of.setdefault(one.source, []).append(one)
        return {source: _report(of[source]) for source in sorted(of)}

    def has_text(self, source: str, text_hash: str, but: str) -> bool:
        """Say whether the page of another item than `but` gave a source the same text."""
        return any(
            one.source == clean_text(source)
            and one.text_hash == text_hash != ""
            and one.item != clean_text(but)
            for one in self._tables.item_pages.values()
        )


class WritingItemPages(ReadingItemPages, WritingWindows):
    """The part of `rasid.protocols.Transaction` that is about pages of items."""

    def add_item_page(self, page: ItemPage) -> None:
        """Store that a page is due, unless its item has one."""
        page = self._of_known(page)
        self._tables.item_pages.setdefault(page.item, page)

    def save_item_page(self, page: ItemPage) -> None:
        """Write the state of a page that is stored."""
        page = self._of_known(page)
        self._tables.item_pages[page.item] = page

    def put_page_text(self, item: Item, *, words: Set[str] | None = None) -> None:
        """Take over text, a missing title and a missing date of an item's page."""
        item = cleaned(item)
        self._tables.items[item.id] = _with(self._tables.items[item.id], item)
        for key in [key for key in self._tables.revisions if key[0] == item.id]:
            self._tables.revisions[key] = _with(self._tables.revisions[key], item)

    def _of_known(self, page: ItemPage) -> ItemPage:
        page = cleaned(page)
        if page.item not in self._tables.items:
            raise StorageError(f"there is no item {page.item}")
        return page


def _with(old: Item, page: Item) -> Item:
    published = page.published if old.published is None else old.published
    return replace(
        old, text=page.text, title=old.title or page.title, published=published, paged=True
    )


def _report(pages: list[ItemPage]) -> PageReport:
    states = Counter(one.state for one in pages)
    tried = [one for one in pages if one.tried_at is not None]
    last = max(tried, key=lambda one: (one.tried_at or 0, one.item), default=None)
    well = last is None or last.state is PageState.READ
    return PageReport(
        states[PageState.DUE],
        states[PageState.READ],
        states[PageState.GIVEN_UP],
        "" if last is None or well else f"{last.reason}: {last.detail}",
    )
