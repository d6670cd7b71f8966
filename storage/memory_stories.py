"""What can be asked of the in-memory store as stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rasid.models import Item, Membership, StorySummary, Told
from storage.cleaning import clean_text
from storage.memory_archive import MemoryArchive


class MemoryStories(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about stories."""

    def memberships(self, items: Iterable[str]) -> Mapping[str, Membership]:
        """Return the place of items in stories, of those that have one."""
        known = self._tables.memberships
        return {one: known[one] for one in map(clean_text, items) if one in known}

    def members(
        self, *, since: int = 0, story: str = "", after: tuple[int, str] = (0, ""), limit: int
    ) -> list[tuple[Item, Membership]]:
        """Return items of stories in the order in which they joined."""
        found = [
            (one.at, one.item)
            for one in self._tables.memberships.values()
            if one.at >= since and story in ("", one.story) and (one.at, one.item) > after
        ]
        members = [self._tables.memberships[item] for _, item in sorted(found)[:limit]]
        return [(self._tables.items[one.item], one) for one in members]

    def told(self, story: str, rules: Iterable[str]) -> Mapping[str, Told]:
        """Return what rules have told of a story, by rule."""
        known, story = self._tables.told, clean_text(story)
        return {one: known[story, one] for one in map(clean_text, rules) if (story, one) in known}

    def stories(self, *, since: int, limit: int, least: int = 1) -> list[StorySummary]:
        """Return stories that something joined since, newest first."""
        found: dict[str, list[Membership]] = defaultdict(list)
        for one in self._tables.memberships.values():
            found[one.story].append(one)
        told = [
            self._summary(story, those)
            for story, those in found.items()
            if len(those) >= least and max(one.at for one in those) >= since
        ]
        return sorted(told, key=lambda one: (-one.last_at, one.story))[:limit]

    def _summary(self, story: str, those: list[Membership]) -> StorySummary:
        first = self._tables.items.get(story)
        return StorySummary(
            story,
            first.title if first else "",
            len(those),
            len({self._tables.items[one.item].outlet for one in those}),
            sum(bool(one.copy_of) for one in those),
            min(one.at for one in those),
            max(one.at for one in those),
        )
