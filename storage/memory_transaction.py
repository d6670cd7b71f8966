"""What can be written to the in-memory store, inside one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from rasid.errors import StorageError
from rasid.models import (
    Alert,
    Alias,
    Item,
    Match,
    Membership,
    RuleVersion,
    SourceState,
    Subscription,
    Told,
)
from storage.cleaning import clean_text, cleaned
from storage.memory_item_pages import WritingItemPages
from storage.memory_outbox import MemoryOutbox
from storage.memory_people import WritingPeople
from storage.memory_reading import without_texts


class MemoryTransaction(WritingItemPages, WritingPeople, MemoryOutbox):
    """See `rasid.protocols.Transaction`."""

    def add_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a new item with its first revision and aliases."""
        item = cleaned(item)
        if item.id in self._tables.items:
            raise StorageError(f"item {item.id} is there already")
        self._tables.items[item.id] = item
        self._add_revision(item)
        self.add_aliases(item.id, aliases)

    def revise_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a further revision (`item.revision`) and aliases not yet known."""
        item = cleaned(item)
        self._need(item.id)
        self._add_revision(item)
        old = self._tables.items[item.id]
        self._tables.items[item.id] = replace(
            item, source=old.source, outlet=old.outlet, first_seen=old.first_seen
        )
        self.add_aliases(item.id, aliases)

    def _need(self, item: str) -> None:
        if item not in self._tables.items:
            raise StorageError(f"there is no item {item}")

    def _add_revision(self, item: Item) -> None:
        key = (item.id, item.revision)
        if key in self._tables.revisions:
            raise StorageError(f"revision {item.revision} of {item.id} is there already")
        self._tables.revisions[key] = item

    def add_aliases(self, item: str, aliases: Iterable[Alias]) -> None:
        """Add names of a known item; names that belong to another item stay there."""
        for one in map(cleaned, aliases):
            self._need(clean_text(item))
            self._tables.aliases.setdefault(one, clean_text(item))

    def mark_shown(self, items: Iterable[str]) -> None:
        """Clear `only_seeded`: a source past seeding showed these items."""
        for key, item in self.items_by_id(items).items():
            self._tables.items[key] = replace(item, only_seeded=False)

    def add_sightings(self, source: str, items: Iterable[str], at: int) -> int:
        """Remember that a source shows items now; return how many it had shown before."""
        known = 0
        for item in dict.fromkeys(map(clean_text, items)):
            self._need(item)
            key = (item, clean_text(source))
            known += key in self._tables.sightings
            self._tables.sighted_at.setdefault(key, at)
            self._tables.sightings[key] = max(at, self._tables.sightings.get(key, at))
        return known

    def save_source(self, state: SourceState) -> None:
        """Write the state of a source."""
        state = cleaned(state)
        self._tables.sources[state.source] = state

    def join_story(self, membership: Membership) -> None:
        """Write an item's place in a story, in place of an earlier one."""
        one = cleaned(membership)
        self._need(one.item)
        self._tables.memberships[one.item] = one

    def save_told(self, told: Told) -> None:
        """Write what a rule has told of a story."""
        one = cleaned(told)
        self._tables.told[one.story, one.rule] = one

    def save_subscription(self, subscription: Subscription) -> None:
        """Write a subscription, by its key."""
        subscription = cleaned(subscription)
        self._tables.subscriptions[subscription.key] = subscription

    def drop_subscription(self, key: str) -> None:
        """Forget a subscription."""
        self._tables.subscriptions.pop(clean_text(key), None)

    def add_matches(self, item: str, matches: Iterable[Match], at: int) -> None:
        """Store matches, once per (rule, item)."""
        for one in map(cleaned, matches):
            self._need(clean_text(item))
            self._tables.matches.setdefault((clean_text(item), one.rule), one)
            self._tables.matched_at.setdefault((clean_text(item), one.rule), at)

    def add_alert(self, alert: Alert) -> bool:
        """Store an alert unless its (rule, target, subject) exists; say whether it was new."""
        alert = cleaned(alert)
        key = (alert.rule, alert.target, alert.subject)
        if any((one.rule, one.target, one.subject) == key for one in self._tables.alerts.values()):
            return False
        if alert.id in self._tables.alerts:
            raise StorageError(f"alert {alert.id} is there already")
        # through JSON, so that facts come back as they do from a database
        facts = json.loads(json.dumps(dict(alert.facts)))
        self._tables.alerts[alert.id] = replace(alert, facts=facts)
        return True

    def add_captures(self, alert: str, captures: Mapping[str, str]) -> None:
        """Note what an alert rests on: SHA-256 of captures by id."""
        if clean_text(alert) not in self._tables.alerts:
            raise StorageError(f"there is no alert {alert}")
        for capture, digest in captures.items():
            self._tables.captures.setdefault((clean_text(alert), capture), digest)

    def prune(self, before: int) -> int:
        """Delete the texts of items not seen since, and those of alerts that are done."""
        seen = {item for (item, _), at in self._tables.sightings.items() if at >= before}
        old = [
            one
            for one in self._tables.items.values()
            if (one.id, one.revision) in self._tables.revisions
            and max(one.first_seen, one.published or 0) < before
            and one.id not in seen
        ]
        for one in old:
            self._tables.items[one.id] = without_texts(one)
        self._forget({one.id for one in old})
        for key in [key for key, one in self._tables.told.items() if one.told_at < before]:
            del self._tables.told[key]
        self._forget_gates(before)
        self._forget_told(before)
        self._forget_people(before)
        return len(old)

    def _forget(self, items: set[str]) -> None:
        for item in items:
            self._tables.memberships.pop(item, None)
            self._tables.meanings.pop(item, None)
        for revision in [key for key in self._tables.revisions if key[0] in items]:
            del self._tables.revisions[revision]
        for match in [key for key in self._tables.matches if key[0] in items]:
            del self._tables.matches[match]
            del self._tables.matched_at[match]
        for page in items & self._tables.item_pages.keys():
            del self._tables.item_pages[page]

    def file_items(self) -> int:
        """File some items for search that are not yet: here none needs it."""
        return 0

    def note_rules(self, hashes: Mapping[str, str], at: int) -> list[str]:
        """Remember which rules are in force; return those never seen in this version."""
        hashes = {clean_text(rule): clean_text(one) for rule, one in hashes.items()}
        rules, new = self._tables.rules, []
        for gone in self._tables.in_force.items():
            rules[gone] = replace(rules[gone], last_seen_at=max(rules[gone].last_seen_at, at))
        for key in sorted(hashes.items()):
            if key not in rules:
                new.append(key[0])
                rules[key] = RuleVersion(*key, first_seen_at=at)
            rules[key] = replace(rules[key], last_seen_at=max(rules[key].last_seen_at, at))
        self._tables.in_force = type(self._tables.in_force)(hashes)
        return new

    def define_rule(self, rule: str, digest: str, definition: Mapping[str, Any]) -> None:
        """Keep what a version of a rule says."""
        key = (clean_text(rule), clean_text(digest))
        self._tables.rules[key] = replace(
            self._tables.rules[key], definition=json.loads(json.dumps(cleaned(dict(definition))))
        )

    def set_meta(self, key: str, value: str) -> None:
        """Remember a text."""
        self._tables.meta[clean_text(key)] = clean_text(value)
