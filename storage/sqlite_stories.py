"""What can be asked of stored items as stories."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rasid.models import Item, Membership, StorySummary, Told
from storage.cleaning import clean_text
from storage.sqlite_archive import ITEM, NEWEST, SqliteArchive
from storage.sqlite_rows import id_list, item_from


class SqliteStories(SqliteArchive):
    """The part of `rasid.protocols.Reading` that is about stories."""

    def memberships(self, items: Iterable[str]) -> Mapping[str, Membership]:
        """Return the place of items in stories, of those that have one."""
        rows = self._all(
            "SELECT item, story, at, copy_of FROM story_items"
            " WHERE item IN (SELECT value FROM json_each(?))",
            id_list(items),
        )
        return {row["item"]: _membership(row) for row in rows}

    def members(
        self, *, since: int = 0, story: str = "", after: tuple[int, str] = (0, ""), limit: int
    ) -> list[tuple[Item, Membership]]:
        """Return items of stories in the order in which they joined."""
        where, values = "m.at >= ?", list[Any]([since])
        if story:
            where, values = f"m.story = ? AND {where}", [clean_text(story), since]
        rows = self._all(
            f"{ITEM}, m.item, m.story, m.at, m.copy_of FROM story_items m"
            f" JOIN items i ON i.id = m.item LEFT JOIN {NEWEST}"
            f" WHERE {where} AND (m.at, m.item) > (?, ?) ORDER BY m.at, m.item LIMIT ?",
            *values,
            after[0],
            clean_text(after[1]),
            limit,
        )
        return [(item_from(row), _membership(row)) for row in rows]

    def told(self, story: str, rules: Iterable[str]) -> Mapping[str, Told]:
        """Return what rules have told of a story, by rule."""
        rows = self._all(
            "SELECT * FROM story_rules WHERE story = ?"
            " AND rule IN (SELECT value FROM json_each(?))",
            clean_text(story),
            id_list(rules),
        )
        return {row["rule"]: _told(row) for row in rows}

    def stories(self, *, since: int, limit: int, least: int = 1) -> list[StorySummary]:
        """Return stories that something joined since, newest first."""
        rows = self._all(
            "SELECT m.story AS story, count(*) AS items, count(DISTINCT i.outlet) AS outlets,"
            " sum(m.copy_of <> '') AS copies, min(m.at) AS first_at, max(m.at) AS last_at,"
            " (SELECT r.title FROM revisions r WHERE r.item = m.story"
            "  ORDER BY r.revision DESC LIMIT 1) AS title"
            " FROM story_items m JOIN items i ON i.id = m.item"
            " WHERE m.story IN (SELECT story FROM story_items WHERE at >= ?)"
            " GROUP BY m.story HAVING count(*) >= ? ORDER BY max(m.at) DESC, m.story LIMIT ?",
            since,
            least,
            limit,
        )
        return [StorySummary(**{**dict(row), "title": row["title"] or ""}) for row in rows]


def _membership(row: Mapping[str, Any]) -> Membership:
    return Membership(row["item"], row["story"], row["at"], row["copy_of"])


def _told(row: Mapping[str, Any]) -> Told:
    places, words = (frozenset(json.loads(row[name])) for name in ("places", "words"))
    return Told(
        row["rule"], row["story"], row["told_at"], row["again_at"], row["update_at"],
        places, words, row["toll"],
    )  # fmt: skip
