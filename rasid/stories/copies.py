"""Which texts are copies of others: republished, abridged, with another title."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

from rasid.stories.postings import Postings, added, count, numbers, without
from rasid.stories.shingles import Sketch, by_pairs, containment

INDEXED: Final = 12  # shingles of a text by which others find it
COMMON: Final = 200  # texts that share a shingle: more, and it says nothing while one is left
FEW: Final = 5  # shingles of a text that is too short to be told
# how much of the shorter text must be in the other, by its number of shingles: of the first
# words of two texts less is the same than of the whole of them
_ENOUGH: Final = ((15, 0.6), (60, 0.38), (90, 0.45))
_OF_LONG: Final = 0.5
# where both are short: of pairs of words, or of shingles, as one who quotes the other has them
_OF_PAIRS, _QUOTED = 0.5, 0.4
_BY_CHANCE: Final = 0.3  # of a text in one that is no copy of it, at most


def enough(shingles: int) -> float:
    """Return the containment from which a text of so many shingles is a copy."""
    return next((share for most, share in _ENOUGH if shingles <= most), _OF_LONG)


class Copied(NamedTuple):
    """What a text is a copy of, by number: the one whose group it joins, and all of them."""

    of: int | None = None
    all: tuple[int, ...] = ()  # the most alike first


class Copies:
    """Texts of a window of time, grouped; texts are known by ascending numbers."""

    def __init__(self) -> None:
        self._sketches: dict[int, Sketch] = {}
        self._groups: dict[int, list[int]] = {}  # of those that are not alone
        self._by_shingle: dict[int, Postings] = {}
        self._common: dict[int, int] = {}  # how many texts have what too many had once
        self._order: deque[int] = deque()

    def add(self, number: int, text: Sketch) -> Copied:
        """Take a text up; return which earlier ones it is a copy of.

        It joins the group of those it is a copy of when it is one of at least half of them:
        a digest that quotes two reports does not make them one.
        """
        shares = self._shares(text)
        of = self._joined(shares)
        if of is not None:
            group = self._groups.setdefault(of, [of])
            group.append(number)
            self._groups[number] = group
        self._sketches[number] = text
        self._order.append(number)
        self._index(number, text)
        return Copied(of, tuple(sorted(shares, key=lambda one: (-shares[one], one))))

    def retract(self) -> None:
        """Leave the text that was taken up last."""
        self._leave(self._order.pop())

    def forget(self, before: int) -> None:
        """Leave the texts with lower numbers."""
        while self._order and self._order[0] < before:
            self._leave(self._order.popleft())

    def _index(self, number: int, text: Sketch) -> None:
        by_shingle, common = self._by_shingle, self._common
        for shingle in text.hashes[:INDEXED]:
            those = by_shingle.get(shingle)
            if shingle in common:
                common[shingle] += 1
            elif those is None:
                by_shingle[shingle] = number
            elif count(those) < COMMON:
                by_shingle[shingle] = added(those, number)
            else:
                common[shingle] = count(by_shingle.pop(shingle)) + 1

    def _leave(self, number: int) -> None:
        if number in self._groups:
            self._groups.pop(number).remove(number)
        by_shingle, common = self._by_shingle, self._common
        for shingle in self._sketches.pop(number).hashes[:INDEXED]:
            if shingle in common:
                common[shingle] -= 1
                if not common[shingle]:
                    del common[shingle]
            elif (left := without(by_shingle[shingle], number)) is not None:
                by_shingle[shingle] = left
            else:
                del by_shingle[shingle]

    def _shares(self, text: Sketch) -> dict[int, float]:
        """Return the texts that one is a copy of, and how much of the shorter is in both."""
        mine = len(text.hashes)
        if mine < FEW:
            return {}
        found = {}
        for number in self._near(text):
            other = self._sketches[number]
            shorter = min(mine, len(other.hashes))
            if shorter >= FEW:
                share, pairs = containment(text, other), by_pairs(text, other)
                asked = enough(shorter) if pairs is None else _QUOTED
                if share >= asked or (pairs or 0.0) >= _OF_PAIRS:
                    found[number] = max(share, pairs or 0.0)
        return found

    def _near(self, text: Sketch) -> set[int]:
        found = map(self._by_shingle.get, text.hashes)
        return set(chain.from_iterable(numbers(those) for those in found if those is not None))

    def _joined(self, shares: dict[int, float]) -> int | None:
        """Return the text whose group a copy joins, None if none."""
        of_group: dict[int, list[int]] = {}
        for number in shares:
            of_group.setdefault(self._group(number)[0], []).append(number)

        def likeness(copied: list[int]) -> float:
            members = len(self._group(copied[0]))
            return sum(shares[one] for one in copied) - _BY_CHANCE * members

        halves = [
            copied for copied in of_group.values() if 2 * len(copied) >= len(self._group(copied[0]))
        ]
        best = max(halves, key=likeness, default=[])
        return max(best, key=lambda one: (shares[one], -one), default=None)

    def _group(self, number: int) -> Sequence[int]:
        return self._groups.get(number) or (number,)
