"""What can be asked of the in-memory store."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from rasid.models import (
    Alert,
    AlertState,
    Alias,
    Item,
    Match,
    Offer,
    SourceState,
    Subscription,
    item_subject,
)
from storage.cleaning import clean_text, cleaned
from storage.memory_item_pages import ReadingItemPages
from storage.memory_overdue import MemoryOverdue
from storage.memory_people import ReadingPeople
from storage.memory_stories import MemoryStories

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)  # as LIKE folds


class MemoryReading(ReadingItemPages, ReadingPeople, MemoryStories, MemoryOverdue):
    """See `rasid.protocols.Reading`."""

    def find_items(self, aliases: Iterable[Alias]) -> Mapping[Alias, str]:
        """Return the item id of each alias that is known."""
        known = self._tables.aliases
        return {one: known[cleaned(one)] for one in aliases if cleaned(one) in known}

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
        part = clean_text(text).translate(_LOWER)

        def wanted(item: Item) -> bool:
            return (
                (item.id, item.revision) in self._tables.revisions  # else it was pruned
                and (since is None or item.first_seen >= since)
                and (before is None or (item.first_seen, item.id) < before)
                and source in ("", item.source)
                and any(part in one.translate(_LOWER) for one in (item.title, item.summary))
            )

        newest = sorted(
            self._tables.items.values(), key=lambda one: (one.first_seen, one.id), reverse=True
        )
        return [one for one in newest if wanted(one)][:limit]

    def source_state(self, source: str) -> SourceState | None:
        """Return what is remembered of a source."""
        return self._tables.sources.get(clean_text(source))

    def source_states(self) -> Mapping[str, SourceState]:
        """Return the state of every source ever polled, by source id."""
        return dict(sorted(self._tables.sources.items()))

    def sources_down(self, failures: int) -> set[str]:
        """Return sources that are paused, gone, or have failed so many polls in a row."""
        return {
            name
            for name, one in self._tables.sources.items()
            if one.paused or one.gone or one.failures >= failures
        }

    def due_sources(self, now: int, limit: int, skip: int = 0) -> list[str]:
        """Return source ids with `next_poll_at <= now`, longest due first."""
        due = [
            (one.next_poll_at, one.source)
            for one in self._tables.sources.values()
            if one.next_poll_at <= now and not one.paused and not one.gone
        ]
        return [source for _, source in sorted(due)[skip : skip + limit]]

    def offers(self) -> Mapping[str, Offer]:
        """Return the hubs of sources that have one and are neither paused nor gone, by source."""
        return {
            one.source: one.offer
            for one in self._tables.sources.values()
            if one.offer.hub and not one.paused and not one.gone
        }

    def subscriptions(self) -> list[Subscription]:
        """Return every subscription, those that are being ended too."""
        return [one for _, one in sorted(self._tables.subscriptions.items())]

    def subscription(self, key: str) -> Subscription | None:
        """Return the subscription whose callback ends in `key`."""
        return self._tables.subscriptions.get(clean_text(key))

    def alerts(
        self, *, state: str = "", limit: int = 50, ids: Sequence[str] = (), subject: str = ""
    ) -> list[Alert]:
        """Return alerts, newest first; every one named by `ids` where given."""
        named = set(map(clean_text, ids))
        found = [
            one
            for one in self._tables.alerts.values()
            if state in ("", one.state)
            and (not named or one.id in named)
            and subject in ("", one.subject)
        ]
        found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
        return found if named else found[:limit]

    def alerts_on(self, item: str) -> list[Alert]:
        """Return the alerts about an item and about its revisions, newest first."""
        subject = clean_text(item_subject(item))
        found = [
            one
            for one in self._tables.alerts.values()
            if one.subject == subject or one.subject.startswith(f"{subject}:")
        ]
        return sorted(found, key=lambda one: (one.created_at, one.id), reverse=True)

    def deliveries(self, notification: str) -> list[Mapping[str, Any]]:
        """Return attempts, oldest first: at, outcome, reason, detail."""
        return [row for (name, _), row in self._tables.deliveries.items() if name == notification]

    def seen_by(self, source: str, items: Iterable[str]) -> set[str]:
        """Return those of the items that a source has shown before."""
        source, seen = clean_text(source), self._tables.sightings
        return {one for one in map(clean_text, items) if (one, source) in seen}

    def content_hashes(self, items: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the content hashes of all revisions of each item that is known."""
        wanted = self.items_by_id(items)
        hashes = {item: {one.content_hash} for item, one in wanted.items()}
        for (item, _), one in self._tables.revisions.items():
            if item in hashes:
                hashes[item].add(one.content_hash)
        return {item: frozenset(found) for item, found in hashes.items()}

    def matches(self, item: str) -> list[Match]:
        """Return the matches of an item."""
        rows = self._tables.matches
        return [rows[key] for key in sorted(rows) if key[0] == clean_text(item)]

    def captures(self, alert: str = "") -> Mapping[str, str]:
        """Return the captures that an alert rests on, or all alerts: SHA-256 by id."""
        wanted = clean_text(alert)
        rows = sorted(self._tables.captures.items(), key=lambda row: row[0][1])
        return {capture: digest for (of, capture), digest in rows if wanted in ("", of)}

    def counts(self) -> Mapping[str, int]:
        """Return items, sources, alerts by state, leased notifications, `oldest_pending_at`.

        `alerts_held` are those of the pending ones that wait for a reason.
        """
        alerts = self._tables.alerts.values()
        states = Counter(one.state for one in alerts)
        pending = [one.created_at for one in alerts if one.state is AlertState.PENDING]
        sendings = self._tables.sendings.values()
        return {
            **{f"alerts_{state}": states[state] for state in AlertState},
            "alerts_held": sum(1 for one in alerts if _is_held(one)),
            "items": len(self._tables.items),
            "sources": len(self._tables.sources),
            "notifications_leased": sum(1 for one in sendings if one.open and one.token),
            "oldest_pending_at": min(pending, default=0),
        }

    def meta(self, key: str) -> str:
        """Return a remembered text, "" when there is none."""
        return self._tables.meta.get(clean_text(key), "")


def without_texts(item: Item) -> Item:
    """Return what pruning leaves of an item."""
    return replace(
        item,
        link="",
        title="",
        summary="",
        text="",
        author="",
        tags=(),
        language="",
        published=None,
    )


def _is_held(alert: Alert) -> bool:
    return alert.state is AlertState.PENDING and not alert.notification and bool(alert.reason)
