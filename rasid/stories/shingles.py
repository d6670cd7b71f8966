"""Sketches of texts: how much of one text is in another, from a bounded part of their shingles.

A shingle is three words in a row. Of a long text the `SIZE` shingles with the lowest hashes are
kept (bottom-k: Cohen and Kaplan 2007), of a short one all; below the lower of two limits both
sketches are whole samples, so that containment, and not only resemblance (Broder 1997), can be
told from them: an abridged text is in its original.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from msgspec import Struct

WIDTH: Final = 3  # words
SIZE: Final = 256
SHORT: Final = range(16, 91)  # shingles of a text of which pairs of words are kept as well
ALL: Final = 0xFFFF_FFFF


class Sketch(Struct, frozen=True, gc=False):
    """Hashes (32 bits, ascending) of a text's shingles, all of them up to `limit`.

    `pairs`: those of two words in a row, of a short text, which one changed word spoils less.
    """

    hashes: array[int]
    limit: int
    pairs: array[int] | None = None


def sketch(words: Sequence[str]) -> Sketch:
    """Return the sketch of folded words; of none, one that is like no other."""
    pairs, triples = _hashes(words)
    hashes = sorted(set(triples))
    if len(hashes) in SHORT:
        return Sketch(array("I", hashes), ALL, array("I", sorted(set(pairs))))
    if len(hashes) <= SIZE:
        return Sketch(array("I", hashes), ALL)
    return Sketch(array("I", hashes[:SIZE]), hashes[SIZE - 1])


def _hashes(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the hashes of two and of three words in a row, of the whole where it is shorter.

    The hash of three goes on from that of the first two.
    """
    whole = " ".join(words).encode()
    written = whole.split(b" ")
    following = list(map(b" ".__add__, written))
    pairs = list(map(crc32, following[1:], map(crc32, written)))
    triples = list(map(crc32, following[2:], pairs))
    return pairs, triples or [crc32(whole)] * bool(words)


def containment(one: Sketch, other: Sketch) -> float:
    """Return the share of the smaller of two texts that is in the other, 0 to 1."""
    limit = min(one.limit, other.limit)
    first, second = _below(one, limit), _below(other, limit)
    return _shared(first, second)


def by_pairs(one: Sketch, other: Sketch) -> float | None:
    """Return the same by pairs of words; None where not both texts are short."""
    if one.pairs is None or other.pairs is None:
        return None
    return _shared(one.pairs, other.pairs)


def _shared(first: array[int], second: array[int]) -> float:
    smaller = min(len(first), len(second))
    return len(set(first).intersection(second)) / smaller if smaller else 0.0


def _below(one: Sketch, limit: int) -> array[int]:
    return one.hashes if one.limit == limit else one.hashes[: bisect_right(one.hashes, limit)]
