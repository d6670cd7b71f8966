"""What can be asked of the SQLite store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasid.models import (
    Alert,
    AlertState,
    Alias,
    AliasKind,
    Item,
    Match,
    Offer,
    SourceState,
    Subscription,
    item_subject,
)
from storage.cleaning import clean_text, cleaned
from storage.sqlite_archive import ITEM, NEWEST
from storage.sqlite_item_pages import ReadingItemPages
from storage.sqlite_overdue import SqliteOverdue
from storage.sqlite_people import ReadingPeople
from storage.sqlite_rows import (
    alert_from,
    id_list,
    item_from,
    match_from,
    source_from,
    subscription_from,
    to_json,
)
from storage.sqlite_stories import SqliteStories


class SqliteReading(ReadingItemPages, ReadingPeople, SqliteStories, SqliteOverdue):
    """See `rasid.protocols.Reading`."""

    def find_items(self, aliases: Iterable[Alias]) -> Mapping[Alias, str]:
        """Return the item id of each alias that is known."""
        wanted = {cleaned(one): one for one in aliases}
        rows = self._all(
            "SELECT kind, scope, value, item FROM aliases WHERE (kind, scope, value) IN"
            " (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))",
            to_json([[one.kind, one.scope, one.value] for one in wanted]),
        )
        return {
            wanted[Alias(AliasKind(kind), scope, value)]: item for kind, scope, value, item in rows
        }

    def items(
        self,
        *,
        limit: int = 50,
        since: int | None = None,
        before: tuple[int, str] | None = None,
        source: str = "",
        text: str = "",
    ) -> list[Item]:
        """Return items, newest first. `text`: a part of the title or summary."""
        where, values = ["TRUE"], list[Any]()
        if since is not None:
            where.append("i.first_seen >= ?")
            values.append(since)
        if before is not None:
            where.append("(i.first_seen, i.id) < (?, ?)")
            values += [before[0], clean_text(before[1])]
        if source:
            where.append("i.source = ?")
            values.append(clean_text(source))
        if text:
            where.append(r"(r.title LIKE ? ESCAPE '\' OR r.summary LIKE ? ESCAPE '\')")
            values += [_part(text)] * 2
        rows = self._all(
            f"{ITEM} FROM items i JOIN {NEWEST} WHERE {' AND '.join(where)}"
            " ORDER BY i.first_seen DESC, i.id DESC LIMIT ?",
            *values,
            limit,
        )
        return [item_from(row) for row in rows]

    def source_state(self, source: str) -> SourceState | None:
        """Return what is remembered of a source."""
        row = self._one("SELECT * FROM sources WHERE source = ?", clean_text(source))
        return source_from(row) if row else None

    def source_states(self) -> Mapping[str, SourceState]:
        """Return the state of every source ever polled, by source id."""
        rows = self._all("SELECT * FROM sources ORDER BY source")
        return {row["source"]: source_from(row) for row in rows}

    def sources_down(self, failures: int) -> set[str]:
        """Return sources that are paused, gone, or have failed so many polls in a row."""
        rows = self._all(
            "SELECT source FROM sources WHERE paused = 1 OR gone = 1 OR failures >= ?", failures
        )
        return {row["source"] for row in rows}

    def due_sources(self, now: int, limit: int, skip: int = 0) -> list[str]:
        """Return source ids with `next_poll_at <= now`, longest due first."""
        rows = self._all(
            "SELECT source FROM sources WHERE paused = 0 AND gone = 0 AND next_poll_at <= ?"
            " ORDER BY next_poll_at, source LIMIT ? OFFSET ?",
            now,
            limit,
            skip,
        )
        return [row[0] for row in rows]

    def offers(self) -> Mapping[str, Offer]:
        """Return the hubs of sources that have one and are neither paused nor gone, by source."""
        rows = self._all(
            "SELECT source, hub, topic FROM sources WHERE hub <> '' AND paused = 0 AND gone = 0"
        )
        return {row["source"]: Offer(row["hub"], row["topic"]) for row in rows}

    def subscriptions(self) -> list[Subscription]:
        """Return every subscription, those that are being ended too."""
        return [subscription_from(row) for row in self._all("SELECT * FROM subscriptions")]

    def subscription(self, key: str) -> Subscription | None:
        """Return the subscription whose callback ends in `key`."""
        row = self._one("SELECT * FROM subscriptions WHERE key = ?", clean_text(key))
        return subscription_from(row) if row else None

    def alerts(
        self, *, state: str = "", limit: int = 50, ids: Sequence[str] = (), subject: str = ""
    ) -> list[Alert]:
        """Return alerts, newest first; every one named by `ids` where given."""
        where, values = ["TRUE"], list[Any]()
        if state:
            where.append("state = ?")
            values.append(clean_text(state))
        if subject:
            where.append("subject = ?")
            values.append(clean_text(subject))
        if ids:
            where.append("id IN (SELECT value FROM json_each(?))")
            values.append(id_list(ids))
        rows = self._all(
            f"SELECT * FROM alerts WHERE {' AND '.join(where)}"  # noqa: S608 - constants
            " ORDER BY created_at DESC, id DESC LIMIT ?",
            *values,
            -1 if ids else limit,
        )
        return [alert_from(row) for row in rows]

    def alerts_on(self, item: str) -> list[Alert]:
        """Return the alerts about an item and about its revisions, newest first."""
        subject = clean_text(item_subject(item))
        rows = self._all(
            "SELECT * FROM alerts WHERE subject = ? OR subject >= ? AND subject < ?"
            " ORDER BY created_at DESC, id DESC",
            subject,
            f"{subject}:",
            f"{subject};",  # the letter after ":"
        )
        return [alert_from(row) for row in rows]

    def deliveries(self, notification: str) -> list[Mapping[str, Any]]:
        """Return attempts, oldest first: at, outcome, reason, detail."""
        rows = self._all(
            "SELECT at, outcome, reason, detail FROM deliveries WHERE notification = ? ORDER BY id",
            clean_text(notification),
        )
        return [dict(row) for row in rows]

    def seen_by(self, source: str, items: Iterable[str]) -> set[str]:
        """Return those of the items that a source has shown before."""
        rows = self._all(
            "SELECT item FROM sightings WHERE source = ?"
            " AND item IN (SELECT value FROM json_each(?))",
            clean_text(source),
            id_list(items),
        )
        return {row[0] for row in rows}

    def content_hashes(self, items: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the content hashes of all revisions of each item that is known."""
        rows = self._all(
            "SELECT i.id, i.content_hash, r.content_hash FROM items i"
            " LEFT JOIN revisions r ON r.item = i.id"  # an item that was pruned has none
            " WHERE i.id IN (SELECT value FROM json_each(?))",
            id_list(items),
        )
        hashes = dict[str, set[str]]()
        for item, *found in rows:
            hashes.setdefault(item, set()).update(one for one in found if one is not None)
        return {item: frozenset(found) for item, found in hashes.items()}

    def matches(self, item: str) -> list[Match]:
        """Return the matches of an item."""
        rows = self._all("SELECT * FROM matches WHERE item = ? ORDER BY rule", clean_text(item))
        return [match_from(row) for row in rows]

    def captures(self, alert: str = "") -> Mapping[str, str]:
        """Return the captures that an alert rests on, or all alerts: SHA-256 by id."""
        where, values = ("WHERE alert = ?", [clean_text(alert)]) if alert else ("", [])
        rows = self._all(
            f"SELECT capture, sha256 FROM captures {where} ORDER BY capture",  # noqa: S608
            *values,
        )
        return {row[0]: row[1] for row in rows}

    def counts(self) -> Mapping[str, int]:
        """Return items, sources, alerts by state, leased notifications, `oldest_pending_at`.

        `alerts_held` are those of the pending ones that wait for a reason.
        """
        counts = {f"alerts_{state}": 0 for state in AlertState}
        for state, number in self._all("SELECT state, count(*) FROM alerts GROUP BY state"):
            counts[f"alerts_{state}"] = number
        counts["alerts_held"] = self._one(
            "SELECT count(*) FROM alerts"
            " WHERE state = 'pending' AND notification IS NULL AND reason <> ''"
        )[0]
        counts["items"] = self._one("SELECT count(*) FROM items")[0]
        counts["sources"] = self._one("SELECT count(*) FROM sources")[0]
        counts["notifications_leased"] = self._one(
            "SELECT count(*) FROM notifications WHERE open = 1 AND token <> ''"
        )[0]
        oldest = "SELECT coalesce(min(created_at), 0) FROM alerts WHERE state = 'pending'"
        counts["oldest_pending_at"] = self._one(oldest)[0]
        return counts

    def meta(self, key: str) -> str:
        """Return a remembered text, "" when there is none."""
        row = self._one("SELECT value FROM meta WHERE key = ?", clean_text(key))
        return str(row[0]) if row else ""


def _part(text: str) -> str:
    escaped = clean_text(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
