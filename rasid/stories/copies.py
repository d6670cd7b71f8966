"""Which texts are copies of others: republished, abridged, with another title."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from rasid.stories.shingles import Sketch, containment

INDEXED: Final = 12  # shingles of a text by which others find it
COMMON: Final = 200  # texts that share a shingle: more of them, and it says nothing
FEW: Final = 5  # shingles of a text that is too short to be told
# how much of the shorter text must be in the other, by its number of shingles: of the first
# words of two texts less is the same than of the whole of them
_ENOUGH: Final = ((15, 0.6), (60, 0.38), (90, 0.45))
_OF_LONG: Final = 0.5


def enough(shingles: int) -> float:
    """Return the containment from which a text of so many shingles is a copy."""
    return next((share for most, share in _ENOUGH if shingles <= most), _OF_LONG)


class _Group(NamedTuple):
    first: int
    members: list[int]


class Copies:
    """Texts of a window of time, grouped; texts are known by ascending numbers."""

    def __init__(self) -> None:
        self._sketches: dict[int, Sketch] = {}
        self._groups: dict[int, _Group] = {}
        self._by_shingle: dict[int, list[int]] = {}
        self._order: deque[int] = deque()

    def add(self, number: int, text: Sketch) -> int | None:
        """Take a text up; return which earlier one it is most a copy of, None if of none.

        It joins the group of those it is a copy of when it is one of at least half of them:
        a digest that quotes two reports does not make them one.
        """
        found = self._best(text)
        group = _Group(number, []) if found is None else self._groups[found]
        group.members.append(number)
        self._sketches[number], self._groups[number] = text, group
        self._order.append(number)
        for shingle in text.hashes[:INDEXED]:
            self._by_shingle.setdefault(shingle, []).append(number)
        return found

    def retract(self) -> None:
        """Leave the text that was taken up last."""
        self._leave(self._order.pop())

    def forget(self, before: int) -> None:
        """Leave the texts with lower numbers."""
        while self._order and self._order[0] < before:
            self._leave(self._order.popleft())

    def _leave(self, number: int) -> None:
        self._groups.pop(number).members.remove(number)
        for shingle in self._sketches.pop(number).hashes[:INDEXED]:
            those = self._by_shingle[shingle]
            those.remove(number)
            if not those:
                del self._by_shingle[shingle]

    def _best(self, text: Sketch) -> int | None:
        if len(text.hashes) < FEW:
            return None
        copied: dict[int, float] = {}
        for number in self._near(text):
            share = containment(text, self._sketches[number])
            if self._is_copy(text, number, share):
                copied[number] = share
        joined = [number for number in copied if self._is_of_half(number, copied)]
        return max(joined, key=lambda number: (copied[number], -number), default=None)

    def _near(self, text: Sketch) -> Iterable[int]:
        counts: Counter[int] = Counter()
        for shingle in text.hashes:
            those = self._by_shingle.get(shingle)
            if those is not None and len(those) <= COMMON:
                counts.update(those)
        return counts

    def _is_copy(self, text: Sketch, number: int, share: float) -> bool:
        shorter = min(len(text.hashes), len(self._sketches[number].hashes))
        return shorter >= FEW and share >= enough(shorter)

    def _is_of_half(self, number: int, copied: dict[int, float]) -> bool:
        members = self._groups[number].members
        return 2 * sum(member in copied for member in members) >= len(members)
