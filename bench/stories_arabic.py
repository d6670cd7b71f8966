"""Republication among two days of Arabic items of 14 outlets (SaudiNewsNet).

Nobody labelled which items are copies. What is taken as true is told by brute force: from full
texts, pairs of which the shorter has at least half of its shingles (three words) in the other;
from what a feed shows, in another way than ours, pairs that have at least 60 % of the words of
the shorter in the same order (longest common subsequence). Pairs that are told are those that
the items name, or any two items that are joined, directly or through others.
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
_PAIRED, _IN_ORDER = 4, 0.6  # pairs of words that are shared, share of words in order
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
    shingles = [_shingles(words, _WIDTH) for words in _words(documents(items))]
    return {
        pair
        for pair in _sharing(shingles)
        if _contained(*(shingles[one] for one in pair)) >= _SHARE
    }


def alike_as_shown(items: Sequence[Any]) -> set[Pair]:
    """Return the pairs that are copies by the words that a feed shows."""
    words = _words(documents(items, LEAD))
    shared = _sharing([_shingles(those, 2) for those in words])
    return {
        (one, other)
        for (one, other), times in shared.items()
        if times >= _PAIRED
        and _in_order(words[one], words[other])
        >= _IN_ORDER * min(len(words[one]), len(words[other]))
    }


def told(items: Iterable[Document]) -> tuple[set[Pair], set[Pair]]:
    """Return the pairs that items name, and those that are joined."""
    groups: dict[str, list[int]] = {}
    named: set[Pair] = set()
    for document, found in assigned(list(items)):
        number = int(document.id)
        named |= {(int(one), number) for one in found.near_duplicates}
        group = groups[found.near_duplicate_of] if found.near_duplicate_of else []
        group.append(number)
        groups[document.id] = group
    return named, {pair for group in groups.values() for pair in _pairs(group)}


def _pairs(group: Sequence[int]) -> Iterator[Pair]:
    return ((first, second) for at, second in enumerate(group) for first in group[:at])


def _words(those: Iterable[Document]) -> list[list[str]]:
    return [plain_words(fold_text(f"{one.title} {one.text}")) for one in those]


def _shingles(words: Sequence[str], width: int) -> frozenset[tuple[str, ...]]:
    count = max(1, len(words) - width + 1)
    return frozenset(tuple(words[at : at + width]) for at in range(count))


def _sharing(shingles: Sequence[frozenset[Any]]) -> Counter[Pair]:
    """Return the pairs that share shingles which not too many have, and how many."""
    having = defaultdict(list)
    for number, those in enumerate(shingles):
        for shingle in those:
            having[shingle].append(number)
    return Counter(
        (first, second)
        for those in having.values()
        if 1 < len(those) <= _COMMON
        for at, second in enumerate(those)
        for first in those[:at]
    )


def _contained(one: frozenset[Any], other: frozenset[Any]) -> float:
    return len(one & other) / min(len(one), len(other))


def _in_order(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, by bits (Hyyrö 2004)."""
    at = defaultdict(int)
    for place, word in enumerate(one):
        at[word] |= 1 << place
    row = every = (1 << len(one)) - 1
    for word in other:
        both = row & at[word]
        row = ((row + both) | (row - both)) & every
    return len(one) - row.bit_count()
