"""What items that are in a story mean, in the in-memory store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.cleaning import clean_text
from storage.memory_archive import MemoryArchive


class ReadingMeanings(MemoryArchive):
    """The part of `rasid.protocols.Reading` that is about meanings."""

    def meanings(self, items: Iterable[str]) -> Mapping[str, bytes]:
        """Return the meanings of items, of those that have one."""
        known = self._tables.meanings
        return {one: known[one][1] for one in map(clean_text, items) if one in known}


class WritingMeanings(ReadingMeanings):
    """The part of `rasid.protocols.Transaction` that is about meanings."""

    def save_meaning(self, item: str, meaning: bytes, at: int, *, since: int) -> None:
        """Remember what an item means; forget meanings from before a time."""
        known = self._tables.meanings
        for old in [one for one, (then, _) in known.items() if then < since]:
            del known[old]
        known[clean_text(item)] = at, meaning
