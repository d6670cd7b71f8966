"""Pages of items in the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict

from rasid.models import Item, ItemPage, PageReport, PageState
from storage.cleaning import clean_text, cleaned
from storage.sqlite_filing import file
from storage.sqlite_rows import id_list, page_from
from storage.sqlite_windows import ReadingWindows, WritingWindows


class ReadingItemPages(ReadingWindows):
    """The part of `rasid.protocols.Reading` that is about pages of items."""

    def item_pages(self, items: Iterable[str]) -> Mapping[str, ItemPage]:
        """Return the pages of items that have one."""
        rows = self._all(
            "SELECT * FROM item_pages WHERE item IN (SELECT value FROM json_each(?))",
            id_list(items),
        )
        return {row["item"]: page_from(row) for row in rows}

    def due_item_pages(self, now: int, limit: int, busy: Set[str]) -> list[ItemPage]:
        """Return pages due by now, not those of busy hosts or paused sources, oldest first."""
        rows = self._all(
            "SELECT p.* FROM item_pages p WHERE p.state = 'due' AND p.due_at <= ?"
            " AND p.host NOT IN (SELECT value FROM json_each(?)) AND NOT EXISTS"
            " (SELECT 1 FROM sources s WHERE s.source = p.source AND s.paused = 1)"
            " ORDER BY p.due_at, p.item LIMIT ?",
            now,
            id_list(sorted(busy)),
            limit,
        )
        return [page_from(row) for row in rows]

    def page_reports(self) -> Mapping[str, PageReport]:
        """Return how pages went, by the source that asked for them."""
        counts: dict[str, dict[str, int]] = {}
        for source, state, count in self._all(
            "SELECT source, state, count(*) FROM item_pages GROUP BY source, state"
        ):
            counts.setdefault(source, {})[state] = count
        return {
            source: PageReport(
                **{str(one): found.get(one, 0) for one in PageState}, trouble=self._trouble(source)
            )
            for source, found in sorted(counts.items())
        }

    def _trouble(self, source: str) -> str:
        """Return why the last try of a source failed, "" when it did not."""
        row = self._one(
            "SELECT state, reason, detail FROM item_pages WHERE source = ?"
            " AND tried_at IS NOT NULL ORDER BY tried_at DESC, item DESC LIMIT 1",
            source,
        )
        if row is None or row["state"] == PageState.READ:
            return ""
        return f"{row['reason']}: {row['detail']}"

    def has_text(self, source: str, text_hash: str, but: str) -> bool:
        """Say whether the page of another item than `but` gave a source the same text."""
        row = self._one(
            "SELECT 1 FROM item_pages WHERE source = ? AND text_hash = ? AND text_hash <> ''"
            " AND item <> ? LIMIT 1",
            clean_text(source),
            text_hash,
            clean_text(but),
        )
        return row is not None


class WritingItemPages(ReadingItemPages, WritingWindows):
    """The part of `rasid.protocols.Transaction` that is about pages of items."""

    def add_item_page(self, page: ItemPage) -> None:
        """Store that a page is due, unless its item has one."""
        self._write("INSERT OR IGNORE", page)

    def save_item_page(self, page: ItemPage) -> None:
        """Write the state of a page that is stored."""
        self._write("REPLACE", page)

    def _write(self, how: str, page: ItemPage) -> None:
        row = asdict(cleaned(page))
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self._conn.execute(
            f"{how} INTO item_pages ({names}) VALUES ({marks})",
            tuple(row.values()),
        )

    def put_page_text(self, item: Item, *, words: Set[str] | None = None) -> None:
        """Take over text, a missing title and a missing date of an item's page."""
        item = cleaned(item)
        self._conn.execute(
            "UPDATE revisions SET text = ?, title = iif(title = '', ?, title),"
            " published = coalesce(published, ?) WHERE item = ?",
            (item.text, item.title, item.published, item.id),
        )
        self._conn.execute("UPDATE items SET paged = 1 WHERE id = ?", (item.id,))
        file(self._conn, item, words)
