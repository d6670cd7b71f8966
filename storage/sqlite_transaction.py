"""What can be written to the SQLite store, inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict
from typing import Any, Final

from rasid.models import (
    Alert,
    Alias,
    Item,
    Match,
    Membership,
    SourceState,
    Subscription,
    Told,
)
from storage.cleaning import clean_text, cleaned
from storage.sqlite_filing import file, file_stale, forget
from storage.sqlite_item_pages import WritingItemPages
from storage.sqlite_outbox import SqliteOutbox
from storage.sqlite_people import WritingPeople
from storage.sqlite_rows import evidence_json, id_list, source_row, to_json

_OF_TEXTS: Final = ("revisions", "matches", "story_items", "story_meanings", "item_pages")
"""Tables with what items say: the evidence of matches quotes it."""


class SqliteTransaction(WritingItemPages, WritingPeople, SqliteOutbox):
    """See `rasid.protocols.Transaction`."""

    def add_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a new item with its first revision and aliases."""
        item = cleaned(item)
        self._conn.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.id,
                item.source,
                item.outlet,
                item.guid,
                item.first_seen,
                item.revision,
                item.content_hash,
                item.decision.value,
                item.only_seeded,
                item.paged,
            ),
        )
        self._add_revision(item)
        file(self._conn, item, words)
        self.add_aliases(item.id, aliases)

    def revise_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a further revision (`item.revision`) and aliases not yet known."""
        item = cleaned(item)
        self._add_revision(item)
        self._conn.execute(
            "UPDATE items SET guid = ?, revision = ?, content_hash = ?, decision = ?,"
            " only_seeded = ? WHERE id = ?",
            (
                item.guid,
                item.revision,
                item.content_hash,
                item.decision.value,
                item.only_seeded,
                item.id,
            ),
        )
        file(self._conn, item, words)
        self.add_aliases(item.id, aliases)

    def _add_revision(self, item: Item) -> None:
        self._conn.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.id,
                item.revision,
                item.link,
                item.title,
                item.summary,
                item.text,
                item.author,
                to_json(item.tags),
                item.language,
                item.published,
                item.content_hash,
            ),
        )

    def add_aliases(self, item: str, aliases: Iterable[Alias]) -> None:
        """Add names of a known item; names that belong to another item stay there."""
        item = clean_text(item)
        self._conn.executemany(
            "INSERT INTO aliases VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(one.kind.value, one.scope, one.value, item) for one in map(cleaned, aliases)],
        )

    def mark_shown(self, items: Iterable[str]) -> None:
        """Clear `only_seeded`: a source past seeding showed these items."""
        self._conn.execute(
            "UPDATE items SET only_seeded = 0 WHERE only_seeded = 1"
            " AND id IN (SELECT value FROM json_each(?))",
            (id_list(items),),
        )

    def add_sightings(self, source: str, items: Iterable[str], at: int) -> int:
        """Remember that a source shows items now; return how many it had shown before."""
        source, shown = clean_text(source), id_list(dict.fromkeys(items))
        known = self._all(
            "UPDATE sightings SET last_at = max(last_at, ?) WHERE source = ?"
            " AND item IN (SELECT value FROM json_each(?)) RETURNING 1",
            at,
            source,
            shown,
        )
        # WHERE TRUE: else the parser takes ON for a join's
        self._conn.execute(
            "INSERT INTO sightings SELECT value, ?, ?, ? FROM json_each(?) WHERE TRUE"
            " ON CONFLICT DO NOTHING",
            (source, at, at, shown),
        )
        return len(known)

    def save_source(self, state: SourceState) -> None:
        """Write the state of a source."""
        self._replace("sources", source_row(cleaned(state)))

    def save_subscription(self, subscription: Subscription) -> None:
        """Write a subscription, by its key."""
        self._replace("subscriptions", asdict(cleaned(subscription)))

    def drop_subscription(self, key: str) -> None:
        """Forget a subscription."""
        self._conn.execute("DELETE FROM subscriptions WHERE key = ?", (clean_text(key),))

    def _replace(self, table: str, row: Mapping[str, Any]) -> None:
        names = ", ".join(row)  # fields of our own classes, never a feed's
        marks = ", ".join("?" * len(row))
        self._conn.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
            tuple(row.values()),
        )

    def join_story(self, membership: Membership) -> None:
        """Write an item's place in a story, in place of an earlier one."""
        one = cleaned(membership)
        self._conn.execute(
            "INSERT OR REPLACE INTO story_items (item, story, at, copy_of) VALUES (?, ?, ?, ?)",
            (one.item, one.story, one.at, one.copy_of),
        )

    def save_told(self, told: Told) -> None:
        """Write what a rule has told of a story."""
        one = cleaned(told)
        self._conn.execute(
            "INSERT OR REPLACE INTO story_rules"
            " (story, rule, told_at, again_at, update_at, places, words, toll)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.story,
                one.rule,
                one.told_at,
                one.again_at,
                one.update_at,
                to_json(sorted(one.places)),
                to_json(sorted(one.words)),
                one.toll,
            ),
        )

    def add_matches(self, item: str, matches: Iterable[Match], at: int) -> None:
        """Store matches, once per (rule, item)."""
        item = clean_text(item)
        rows = [
            (item, one.rule, one.rule_hash, evidence_json(one), at) for one in map(cleaned, matches)
        ]
        if rows:  # of most items there are none
            self._conn.executemany(
                "INSERT INTO matches VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
            )

    def add_alert(self, alert: Alert) -> bool:
        """Store an alert unless its (rule, target, subject) exists; say whether it was new."""
        alert = cleaned(alert)
        rows = self._all(
            "INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (rule, target, subject) DO NOTHING RETURNING id",
            alert.id,
            alert.rule,
            alert.rule_hash,
            alert.target,
            alert.receiver,
            alert.subject,
            alert.created_at,
            to_json(dict(alert.facts)),
            alert.state.value,
            alert.reason,
            alert.notification or None,
            alert.retried_at,
            alert.due_at,
            alert.lane,
            alert.held_until,
        )
        return bool(rows)

    def add_captures(self, alert: str, captures: Mapping[str, str]) -> None:
        """Note what an alert rests on: SHA-256 of captures by id."""
        self._conn.executemany(
            "INSERT INTO captures VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(clean_text(alert), *one) for one in captures.items()],
        )

    def prune(self, before: int) -> int:
        """Delete the texts of items not seen since, and those of alerts that are done."""
        rows = self._all(
            "SELECT i.id FROM items i JOIN revisions r"
            " ON r.item = i.id AND r.revision = i.revision"
            " WHERE i.first_seen < ? AND coalesce(r.published, 0) < ? AND NOT EXISTS"
            " (SELECT 1 FROM sightings s WHERE s.item = i.id AND s.last_at >= ?)",
            before,
            before,
            before,
        )
        old = (id_list(row[0] for row in rows),)
        for table in _OF_TEXTS:
            self._conn.execute(
                f"DELETE FROM {table} WHERE item IN (SELECT value FROM json_each(?))",  # noqa: S608
                old,
            )
        forget(self._conn, (row[0] for row in rows))
        self._conn.execute("DELETE FROM story_rules WHERE told_at < ?", (before,))
        self._forget_gates(before)
        self._forget_told(before)
        self._forget_people(before)
        return len(rows)

    def file_items(self) -> int:
        """File some items for search that are not yet; return how many."""
        return file_stale(self._conn)

    def note_rules(self, hashes: Mapping[str, str], at: int) -> list[str]:
        """Remember which rules are in force; return those never seen in this version."""
        rules = to_json([[clean_text(rule), clean_text(one)] for rule, one in hashes.items()])
        self._conn.execute(
            "UPDATE rule_versions SET in_force = 0, last_seen_at = max(last_seen_at, ?)"
            " WHERE in_force = 1",
            (at,),
        )
        self._conn.execute(
            "UPDATE rule_versions SET in_force = 1, last_seen_at = max(last_seen_at, ?)"
            " WHERE (rule, hash) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
            (at, rules),
        )
        new = self._all(
            "INSERT INTO rule_versions (rule, hash, first_seen_at, last_seen_at, in_force)"
            " SELECT value ->> 0, value ->> 1, ?, ?, 1 FROM json_each(?) WHERE TRUE"
            " ON CONFLICT DO NOTHING RETURNING rule",
            at,
            at,
            rules,
        )
        return sorted(row[0] for row in new)

    def define_rule(self, rule: str, digest: str, definition: Mapping[str, Any]) -> None:
        """Keep what a version of a rule says."""
        self._conn.execute(
            "INSERT OR REPLACE INTO rule_definitions VALUES (?, ?, ?)",
            (clean_text(rule), clean_text(digest), to_json(cleaned(dict(definition)))),
        )

    def set_meta(self, key: str, value: str) -> None:
        """Remember a text."""
        self._conn.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (clean_text(key), clean_text(value))
        )
