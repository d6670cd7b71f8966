"""Republication among two days of Arabic items of 14 outlets (SaudiNewsNet).

Nobody labelled which items are copies. What is taken as true is told from the full texts by
brute force: pairs of which the shorter has at least half of its shingles (three words) in the
other. Pairs that are told: any two items that are joined, directly or through others.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from rasid.models import Document
from rasid.stories.told import assigned
from rasid.text.fold import fold_text
from rasid.text.tokens import plain_words

CORPUS: Final = Path(__file__).parent.parent.parent / "shared/corpora/arabic-saudinewsnet"
LEAD: Final = 40  # words that a feed shows
_WIDTH, _SHARE, _COMMON = 3, 0.5, 60
Pair = tuple[int, int]


def read() -> list[Any]:
    """Return the items in the order in which they were seen."""
    items: list[Any] = []
    for path in sorted(CORPUS.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                items += json.loads(archive.read(name))
    return sorted(items, key=lambda one: one["date_extracted"])


def documents(items: Sequence[Any], lead: int | None = None) -> list[Document]:
    """Return items as documents, whole or with as many words of the text."""
    return [
        Document(
            id=str(number), title=one["title"], text=" ".join(one["content"].split()[:lead]),
            outlet=one["source"], language="ar",
        )
        for number, one in enumerate(items)
    ]  # fmt: skip


def alike(items: Sequence[Any]) -> set[Pair]:
    """Return the pairs that are copies by their full texts."""
    shingles = [_shingles(f"{one['title']} {one['content']}") for one in items]
    having = defaultdict(list)
    for number, those in enumerate(shingles):
        for shingle in those:
            having[shingle].append(number)
    shared = Counter(
        (first, second)
        for those in having.values()
        if 1 < len(those) <= _COMMON
        for at, second in enumerate(those)
        for first in those[:at]
    )
    return {pair for pair in shared if _contained(*(shingles[one] for one in pair)) >= _SHARE}


def told(items: Iterable[Document]) -> set[Pair]:
    """Return the pairs of items that are joined."""
    groups: dict[str, list[int]] = {}
    for document, found in assigned(list(items)):
        group = groups[found.near_duplicate_of] if found.near_duplicate_of else []
        group.append(int(document.id))
        groups[document.id] = group
    return {pair for group in groups.values() for pair in _pairs(group)}


def _pairs(group: Sequence[int]) -> Iterator[Pair]:
    return ((first, second) for at, second in enumerate(group) for first in group[:at])


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = plain_words(fold_text(text))
    return frozenset(tuple(words[at : at + _WIDTH]) for at in range(max(1, len(words) - 2)))


def _contained(one: frozenset[Any], other: frozenset[Any]) -> float:
    return len(one & other) / min(len(one), len(other))
