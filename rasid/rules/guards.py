"""What every text has that satisfies a condition: sets of triggers, one of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rasid.rules.conditions import Close, Every, Leaf, Neither, Node, Often, Some
from rasid.rules.likelihood import Likelihood
from rasid.rules.program import Sought

_MOST: Final = 4  # sets of one rule

Set = frozenset[int]
Sets = tuple[Set, ...]


class Guards:
    """Finds, for conditions, sets of triggers of which every match has one each."""

    def __init__(self, terms: Sequence[Sought], likelihood: Likelihood) -> None:
        self._terms = terms
        self._likelihood = likelihood

    def of(self, node: Node) -> Sets:
        """Return the sets least likely to be met, the least likely first; none if none exist."""
        every = set(self._necessary(node))
        likely = self._likelihood.together(every)
        found = sorted(every, key=lambda one: (sum(map(likely, one)), sorted(one)))
        return tuple(found[:_MOST])

    def _cost(self, triggers: Iterable[int]) -> float:
        return sum(map(self._likelihood.of, triggers))

    def _necessary(self, node: Node, truth: bool = True) -> list[Set]:
        """Return sets that no text can do without that satisfies `node`, or fails to."""
        if isinstance(node, Leaf):
            return self._of_term(self._terms[node.term]) if truth else []
        if isinstance(node, Close):
            return self._necessary(node.left) + self._necessary(node.right) if truth else []
        if isinstance(node, Often):
            return self._necessary(node.part) if truth else []
        inner = truth != isinstance(node, Neither)
        parts = [self._necessary(part, inner) for part in node.parts]
        return self._some(parts, needed(node, truth))

    def _of_term(self, sought: Sought) -> list[Set]:
        """Return each word of a term with the term's joined spelling, or its own trigger."""
        if sought.trigger >= 0:
            return [frozenset((sought.trigger,))]
        joined = () if sought.joined is None else (sought.joined,)
        return [frozenset((word, *joined)) for word in sought.words] or [frozenset(joined)]

    def _some(self, parts: Sequence[list[Set]], many: int) -> list[Set]:
        """Return sets for parts of which any `many` have one that holds."""
        if many == 1:
            return [one for sets in parts for one in sets]
        able = sorted((sets for sets in parts if sets), key=self._cheapest)
        return self._either(able[:many]) if 0 < many <= len(able) else []

    def _cheapest(self, sets: list[Set]) -> float:
        return min(map(self._cost, sets))

    def _either(self, options: Sequence[list[Set]]) -> list[Set]:
        """Return sets for options of which one holds: unions of one set of each."""
        base = max(options, key=len)
        others = [option for option in options if option is not base]
        return [self._union(one, others) for one in base]

    def _union(self, union: Set, options: Iterable[list[Set]]) -> Set:
        found = set(union)
        for option in options:
            found |= min(option, key=lambda one: self._cost(one - found))
        return frozenset(found)


def needed(node: Every | Some | Neither, truth: bool = True) -> int:
    """Return of how many parts at least one decides, whichever are taken."""
    many = len(node.parts)
    if isinstance(node, Some):
        return many - node.count + 1 if truth else node.count
    return 1 if truth else many
