"""What can be asked of stored items as an archive, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rasid.archive.words import has, words_of
from rasid.items.documents import document
from rasid.models import Alert, Decision, Item, Page, RuleVersion
from rasid.protocols import Wanted
from rasid.settings import DAY
from storage.cleaning import clean_text
from storage.memory_tables import Tables


class MemoryArchive:
    """The part of `rasid.protocols.Reading` that is about the archive."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def items_by_id(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return stored items, newest revision."""
        items = self._tables.items
        return {one: items[one] for one in map(clean_text, ids) if one in items}

    def _is_whole(self, item: Item) -> bool:
        """Say whether an item's texts are there: else it was pruned."""
        return (item.id, item.revision) in self._tables.revisions

    def candidates(
        self,
        wanted: Wanted = (),
        *,
        since: int | None = None,
        before: tuple[int, str] | None = None,
        limit: int = 200,
    ) -> Page:
        """Return the next items that may be what is wanted, newest first."""
        found = [
            one
            for one in self._tables.items.values()
            if self._is_whole(one)
            and (since is None or one.first_seen >= since)
            and (before is None or (one.first_seen, one.id) < before)
            and (not wanted or has(words_of(document(one)), wanted))
        ]
        found.sort(key=lambda one: (one.first_seen, one.id), reverse=True)
        page = tuple(found[:limit])
        end = len(page) < limit
        return Page(page, None if end else (page[-1].first_seen, page[-1].id))

    def has_unfiled(self) -> bool:
        """Say whether some items are not filed for search yet: none ever is."""
        return False

    def items_named(self, part: str) -> list[Item]:
        """Return the items whose id begins with `part`, three at most."""
        items = self._tables.items
        return [items[one] for one in sorted(items) if one.startswith(clean_text(part))][:3]

    def alerts_named(self, part: str) -> list[Alert]:
        """Return the alerts whose id begins or ends with `part`, three at most."""
        alerts, part = self._tables.alerts, clean_text(part)
        named = [one for one in sorted(alerts) if one.startswith(part) or one.endswith(part)]
        return [alerts[one] for one in named[:3]]

    def revision(self, item: str, number: int) -> Item | None:
        """Return an item in one of its revisions, None when its texts were deleted."""
        found = self._tables.revisions.get((clean_text(item), number))
        if found is None:
            return None
        newest = self._tables.items[found.id]
        return replace(
            newest,
            link=found.link,
            title=found.title,
            summary=found.summary,
            text=found.text,
            author=found.author,
            tags=found.tags,
            language=found.language,
            published=found.published,
            revision=number,
        )

    def match_counts(self, since: int, *, seeded: bool = True) -> Mapping[str, Mapping[int, int]]:
        """Return, for each rule, how many items it matched per day (of the epoch, UTC)."""
        counts: dict[str, dict[int, int]] = {}
        for (item, rule), at in sorted(self._tables.matched_at.items(), key=lambda one: one[1]):
            told = seeded or self._tables.items[item].decision is not Decision.SEEDED
            if at >= since and told:
                days = counts.setdefault(rule, {})
                days[at // DAY] = days.get(at // DAY, 0) + 1
        return dict(sorted(counts.items()))

    def new_by_day(self, now: int, days: int) -> Mapping[str, Mapping[int, int]]:
        """Return, for each source, how many items it showed first 0, 1, 2 ... days before `now`."""
        counts: dict[str, dict[int, int]] = {}
        for (item, source), at in self._tables.sighted_at.items():
            told = self._tables.items[item].decision is not Decision.SEEDED
            if told and now - days * DAY < at <= now:
                ago = counts.setdefault(source, {})
                ago[(now - at) // DAY] = ago.get((now - at) // DAY, 0) + 1
        return {name: dict(sorted(ago.items())) for name, ago in sorted(counts.items())}

    def rule_versions(self, rule: str = "") -> list[RuleVersion]:
        """Return the versions of a rule, or of all rules, newest first."""
        rule = clean_text(rule)
        found = [one for one in self._tables.rules.values() if rule in ("", one.rule)]
        return sorted(found, key=lambda one: (-one.first_seen_at, one.rule, one.hash))

    def rules_in_force(self) -> Mapping[str, str]:
        """Return the rules that were recorded last, with their hashes."""
        return dict(sorted(self._tables.in_force.items()))
