"""Whether the words of a rule stand near a place, and which of them do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final

from rasid.places.model import Mention
from rasid.rules.conditions import (
    USUAL,
    Close,
    Every,
    Leaf,
    Neither,
    Node,
    Often,
    Some,
    mask,
)
from rasid.rules.evaluate import Evaluation
from rasid.rules.field import Span
from rasid.settings import Together
from rasid.text.sentences import sentence_around, sentence_ends

_EVERYWHERE: Final = mask(USUAL)

_Sorted = tuple[Sequence[Span], Sequence[int], int]  # spans, their first words, the longest less 1
Window = Mapping[str, Span]  # the words of each field that are near


class Nearness:
    """Conditions tried on the surroundings of places in one document.

    What is near a mention is remembered: many rules ask for the same.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._fields = evaluation.reading.fields
        self._windows: dict[tuple[str, int, Together], Window] = {}
        self._ends: dict[str, Sequence[int]] = {}  # of sentences, by field
        self._spans: dict[tuple[int, str], _Sorted] = {}

    def window(self, mention: Mention, together: Together) -> Window:
        """Return what is near a mention. Title, summary and text are read one after another."""
        key = mention.field, mention.start, together
        found = self._windows.get(key)
        if found is None:
            found = self._windows[key] = self._window(mention, together)
        return found

    def _window(self, mention: Mention, together: Together) -> Window:
        if together == "item":
            return {name: (0, field.size) for name, field in self._fields.items()}
        if together == "title":
            title = self._fields.get("title")
            return {"title": (0, title.size)} if title and mention.field == "title" else {}
        field = self._fields[mention.field]
        if together == "sentence":
            ends = self._ends.get(mention.field)
            if ends is None:
                ends = self._ends[mention.field] = sentence_ends(field.text)
            start, end = sentence_around(field.text, mention.start, ends)
            return {mention.field: field.words_at(start, end)}
        assert isinstance(together, int)
        first, last = field.words_at(mention.start, mention.end)
        return self._within(mention.field, first - together - 1, last + together + 1)

    def holds(self, node: Node, window: Window) -> bool:
        """Whether the words in a window satisfy a condition.

        What is looked for in a field of its own, and what must not be there, is looked for
        in the whole document.
        """
        if isinstance(node, Every):
            return all(self.holds(part, window) for part in node.parts)
        if isinstance(node, Some):
            return sum(self.holds(part, window) for part in node.parts) >= node.count
        if isinstance(node, Neither) or not _is_bound(node):
            return self.evaluation.holds(node)
        if isinstance(node, Often):
            return self.evaluation.holds(node) and self.holds(node.part, window)
        return any(self._is_reached(node, name, reach) for name, reach in window.items())

    def _is_reached(self, node: Node, name: str, reach: Span) -> bool:
        """Whether words of a field that satisfy a part stand in a window."""
        spans, firsts, longest = self._sorted(node, name)
        at = bisect_right(firsts, reach[1]) - 1
        while at >= 0 and firsts[at] >= reach[0] - longest:
            if spans[at][1] >= reach[0]:
                return True
            at -= 1
        return False

    def _sorted(self, node: Node, name: str) -> _Sorted:
        key = id(node), name  # a node lives as long as its rule
        found = self._spans.get(key)
        if found is None:
            spans = sorted(self.evaluation.spans(node, name))
            longest = max((last - first for first, last in spans), default=0)
            found = self._spans[key] = spans, [first for first, _ in spans], longest
        return found

    def gap(self, mention: Mention, name: str, span: Span) -> int:
        """Return how many words stand between a mention and some words of a field."""
        first, last = self._fields[mention.field].words_at(mention.start, mention.end)
        shift = self._starts[name] - self._starts[mention.field]
        return max(0, span[0] + shift - last - 1, first - span[1] - shift - 1)

    @cached_property
    def _starts(self) -> Mapping[str, int]:
        """How many words stand before each field."""
        names = [name for name in USUAL if name in self._fields]
        sizes = [self._fields[name].size for name in names]
        return dict(zip(names, accumulate(sizes, initial=0), strict=False))

    def _within(self, name: str, first: int, last: int) -> Window:
        """Return the parts of all fields that some words of one reach into."""
        shifts = {other: self._starts[name] - start for other, start in self._starts.items()}
        return {other: (first + shift, last + shift) for other, shift in shifts.items()}


def is_in(span: Span, reach: Span) -> bool:
    """Whether words stand, in part at least, among others."""
    return span[0] <= reach[1] and span[1] >= reach[0]


def _is_bound(node: Node) -> bool:
    """Whether a condition has words that are looked for where a rule looks unless it says."""
    return any(leaf.fields == _EVERYWHERE for leaf in _leaves(node))


def free_terms(node: Node) -> frozenset[int]:
    """Return the terms of a condition that count wherever they stand.

    They are looked for in fields of their own, or counted (ATLEAST).
    """
    if isinstance(node, Leaf):
        return frozenset() if node.fields == _EVERYWHERE else frozenset((node.term,))
    if isinstance(node, Often):
        return frozenset(leaf.term for leaf in _leaves(node.part))
    parts = (node.left, node.right) if isinstance(node, Close) else node.parts
    return frozenset().union(*map(free_terms, parts))


def _leaves(node: Node) -> Iterable[Leaf]:
    if isinstance(node, Leaf):
        return (node,)
    if isinstance(node, Close):
        return (*_leaves(node.left), *_leaves(node.right))
    if isinstance(node, Often):
        return _leaves(node.part)
    return [leaf for part in node.parts for leaf in _leaves(part)]
