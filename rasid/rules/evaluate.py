"""Whether a document satisfies a condition, and what of it does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import NamedTuple, TypeVar

from rasid.rules.conditions import (
    Close,
    Every,
    Leaf,
    Neither,
    Node,
    Often,
    Some,
    fields_of,
)
from rasid.rules.field import NOWHERE, Hit, Marks, Span, marks_of
from rasid.rules.program import Sought
from rasid.rules.reading import Reading


class Group(NamedTuple):
    """Hits in one field that satisfy a part together: words `first` to `last`."""

    first: int
    last: int
    hits: tuple[tuple[int, Hit], ...]  # term, hit


class Evaluation:
    """Conditions tried on one document."""

    def __init__(self, reading: Reading, terms: Sequence[Sought]) -> None:
        self.reading = reading
        self.terms = terms
        self._known_marks: dict[tuple[int, int, str], Marks] = {}
        self._words: dict[int, AbstractSet[int]] = {}  # by the bits of fields

    def holds(self, node: Node) -> bool:
        """Whether the document satisfies a condition."""
        if isinstance(node, Leaf):
            return self._has(node)
        if isinstance(node, Every):
            return all(map(self.holds, node.parts))
        if isinstance(node, Some):
            return self._some(node)
        if isinstance(node, Neither):
            return not any(map(self.holds, node.parts))
        if isinstance(node, Often):
            return self._count(node.part) >= node.count
        return any(self._is_close(node, field) for field in self.reading.fields)

    def _has(self, leaf: Leaf) -> bool:
        if leaf.word >= 0:
            return leaf.word in (self._words.get(leaf.fields) or self._words_in(leaf.fields))
        sought = self.terms[leaf.term]
        # of an expression, which words it covers is asked only where nearness is
        where = self.reading.units if sought.words and not sought.exact else self.reading.find
        for name in fields_of(leaf.fields):
            if name in self.reading.fields and where(leaf.term, sought, name):
                return True
        return False

    def _words_in(self, bits: int) -> AbstractSet[int]:
        """Return the words that some fields have, remembered."""
        fields = self.reading.fields
        words = [fields[name].words for name in fields_of(bits) if name in fields]
        together = words[0] if len(words) == 1 else set[int]().union(*words)
        return self._words.setdefault(bits, together)

    def _some(self, node: Some) -> bool:
        if node.count == 1:
            return any(map(self.holds, node.parts))
        missing = len(node.parts) - node.count
        for part in node.parts:
            missing -= not self.holds(part)
            if missing < 0:
                return False
        return True

    def _count(self, part: Node) -> int:
        return sum(len(set(self.spans(part, field))) for field in self.reading.fields)

    def _is_close(self, node: Close, field: str) -> bool:
        left = self._marks(node.left, field)
        right = self._marks(node.right, field) if left[0] else NOWHERE
        if not right[0]:
            return False
        if _after(left[1], node.distance, right[0]):
            return True
        return not node.ordered and _after(right[1], node.distance, left[0])

    def _marks(self, node: Node, field: str) -> Marks:
        """Return where a field satisfies a part, by itself, as bits."""
        if isinstance(node, Leaf):
            if node.word >= 0:
                there = field in fields_of(node.fields)
                return self.reading.fields[field].marks(node.word) if there else NOWHERE
            key = node.term, node.fields, field
            found = self._known_marks.get(key)
            if found is None:
                found = self._known_marks[key] = marks_of(self._leaf_spans(node, field))
            return found
        if isinstance(node, Some):
            firsts = lasts = 0
            for part in node.parts:
                first, last = self._marks(part, field)
                firsts |= first
                lasts |= last
            return firsts, lasts
        return marks_of(self.spans(node, field))

    def spans(self, node: Node, field: str) -> Sequence[Span]:
        """Return where a field satisfies a part, by itself, in order."""
        if isinstance(node, Leaf):
            return self._leaf_spans(node, field)
        if isinstance(node, Some):
            return sorted(span for part in node.parts for span in self.spans(part, field))
        if isinstance(node, Close):
            left, right = self.spans(node.left, field), self.spans(node.right, field)
            return sorted({(one[0], other[1]) for one, other in _pairs(left, right, node)})
        return ()

    def _leaf_spans(self, leaf: Leaf, field: str) -> Sequence[Span]:
        if field not in fields_of(leaf.fields):
            return ()
        sought, present = self.terms[leaf.term], self.reading.fields[field].words
        if sought.words and sought.words[0] not in present and sought.joined not in present:
            return ()
        return self.reading.units(leaf.term, sought, field)

    def _groups(self, node: Node, field: str) -> list[Group]:
        """Return what speaks for each of the spans of a part, in order."""
        if isinstance(node, Leaf):
            where = self.reading.fields[field]
            found = self.reading.find(node.term, self.terms[node.term], field)
            hits = map(where.placed, found if field in fields_of(node.fields) else ())
            return [Group(hit.first, hit.last, ((node.term, hit),)) for hit in hits]
        if isinstance(node, Some):
            return sorted(group for part in node.parts for group in self._groups(part, field))
        if isinstance(node, Close):
            left, right = (self._groups(side, field) for side in (node.left, node.right))
            return sorted({_joined(one, other) for one, other in _pairs(left, right, node)})
        return []

    def evidence(self, node: Node) -> Iterator[tuple[str, int, Hit]]:
        """Return the field, term and place of all that speaks for a match."""
        if isinstance(node, Leaf):
            sought = self.terms[node.term]
            for name in fields_of(node.fields):
                for hit in self.reading.find(node.term, sought, name):
                    yield name, node.term, hit
        elif isinstance(node, Close):
            for name in self.reading.fields:
                for group in self._groups(node, name):
                    yield from ((name, term, hit) for term, hit in group.hits)
        elif not isinstance(node, Neither):
            for part in (node.part,) if isinstance(node, Often) else node.parts:
                yield from self.evidence(part)


def _after(lasts: int, distance: int, firsts: int) -> bool:
    """Whether one of some words follows one of others, at most `distance` between (bits)."""
    wanted = min(distance + 1, firsts.bit_length())
    reached, wide = lasts << 1, 1
    while wide < wanted and not reached & firsts:
        step = min(wide, wanted - wide)
        reached |= reached << step
        wide += step
    return bool(reached & firsts)


_Placed = TypeVar("_Placed", Span, Group)


def _pairs(
    left: Sequence[_Placed], right: Sequence[_Placed], node: Close
) -> Iterator[tuple[_Placed, _Placed]]:
    """Return each span with its nearest on the other side, as far as it is near enough.

    Only the nearest matter: what is farther is part of no smaller pair. The first of a pair
    comes first in the text.
    """
    yield from _nearest(left, right, node.distance)
    if not node.ordered:
        yield from _nearest(right, left, node.distance)


def _nearest(
    before: Sequence[_Placed], after: Sequence[_Placed], distance: int
) -> Iterator[tuple[_Placed, _Placed]]:
    """Return pairs of a span and one that follows it; both sides sorted by their first word."""
    firsts = [span[0] for span in after]
    for span in before:
        at = bisect_left(firsts, span[1] + 1)
        if at < len(after) and firsts[at] - span[1] - 1 <= distance:
            yield span, after[at]
    ends = sorted(before, key=itemgetter(1))
    lasts = [span[1] for span in ends]
    for span in after:
        at = bisect_left(lasts, span[0]) - 1
        if at >= 0 and span[0] - lasts[at] - 1 <= distance:
            yield ends[at], span


def _joined(one: Group, two: Group) -> Group:
    return Group(one.first, two.last, (*one.hits, *two.hits))
