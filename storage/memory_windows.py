"""What sources showed last and what was withdrawn, in the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.cleaning import clean_text
from storage.memory_gates import ReadingGates, WritingGates
from storage.memory_meanings import ReadingMeanings, WritingMeanings
from storage.memory_robots import ReadingRobots, WritingRobots


class ReadingWindows(ReadingGates, ReadingMeanings, ReadingRobots):
    """The part of `rasid.protocols.Reading` that is about withdrawn items."""

    def window(self, source: str) -> str:
        """Return what `save_window` stored of a source, "" when there is nothing."""
        return self._tables.windows.get(clean_text(source), "")

    def withdrawn(self, items: Iterable[str]) -> Mapping[str, int]:
        """Return since when items are withdrawn, of those that are."""
        known = self._tables.withdrawn
        return {one: known[one] for one in map(clean_text, items) if one in known}

    def sources_of(self, item: str) -> set[str]:
        """Return the sources that have shown an item."""
        return {source for one, source in self._tables.sightings if one == clean_text(item)}


class WritingWindows(ReadingWindows, WritingGates, WritingMeanings, WritingRobots):
    """The part of `rasid.protocols.Transaction` that is about withdrawn items."""

    def save_window(self, source: str, shown: str) -> None:
        """Remember what a source showed."""
        self._tables.windows[clean_text(source)] = shown

    def mark_withdrawn(self, items: Iterable[str], at: int | None) -> None:
        """Remember since when items are withdrawn; None: they no longer are."""
        for item in map(clean_text, items):
            if at is None:
                self._tables.withdrawn.pop(item, None)
            else:
                self._tables.withdrawn.setdefault(item, at)
