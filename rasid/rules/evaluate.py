"""Whether a document satisfies a condition, and what of it does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
from rasid.rules.program import Sought
from rasid.rules.reading import Hit, Reading


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
        return any(self._groups(node, field) for field in self.reading.fields)

    def _has(self, leaf: Leaf) -> bool:
        sought = self.terms[leaf.term]
        plain = len(sought.words) == 1 and not sought.exact
        for name in fields_of(leaf.fields):
            field = self.reading.fields.get(name)
            if field is None:
                continue
            if plain and sought.words[0] in field.words:
                return True
            if self.reading.find(leaf.term, sought, name):
                return True
        return False

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
        groups = (self._groups(part, field) for field in self.reading.fields)
        return sum(len({(group.first, group.last) for group in found}) for found in groups)

    def _groups(self, node: Node, field: str) -> list[Group]:
        """Return where a field satisfies a part, by itself, in order."""
        if isinstance(node, Leaf):
            if field not in fields_of(node.fields):
                return []
            return list(self._leaf_groups(node.term, field))
        if isinstance(node, Some):
            return sorted(group for part in node.parts for group in self._groups(part, field))
        if isinstance(node, Close):
            left, right = (self._groups(side, field) for side in (node.left, node.right))
            return sorted(set(_pairs(left, right, node))) if left and right else []
        return []

    def _leaf_groups(self, term: int, field: str) -> Iterator[Group]:
        sought = self.terms[term]
        where = self.reading.fields[field]
        if sought.words and where.words.isdisjoint((sought.words[0], sought.joined)):
            return
        for hit in map(where.placed, self.reading.find(term, sought, field)):
            yield Group(hit.first, hit.last, ((term, hit),))

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


def _pairs(left: Sequence[Group], right: Sequence[Group], node: Close) -> Iterator[Group]:
    """Return each group with its nearest on the other side, as far as it is near enough.

    Only the nearest matter: what is farther is part of no smaller pair.
    """
    yield from _nearest(left, right, node.distance)
    if not node.ordered:
        yield from _nearest(right, left, node.distance)


def _nearest(before: Sequence[Group], after: Sequence[Group], distance: int) -> Iterator[Group]:
    """Return pairs of a group and one that follows it; both sides sorted by `first`."""
    firsts = [group.first for group in after]
    for group in before:
        at = bisect_left(firsts, group.last + 1)
        if at < len(after) and firsts[at] - group.last - 1 <= distance:
            yield _joined(group, after[at])
    ends = sorted(before, key=lambda group: group.last)
    lasts = [group.last for group in ends]
    for group in after:
        at = bisect_left(lasts, group.first) - 1
        if at >= 0 and group.first - lasts[at] - 1 <= distance:
            yield _joined(ends[at], group)


def _joined(one: Group, two: Group) -> Group:
    return Group(one.first, two.last, (*one.hits, *two.hits))
