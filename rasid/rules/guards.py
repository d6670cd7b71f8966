"""What every text has that satisfies a condition: the triggers that a rule is filed under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rasid.rules.conditions import Close, Every, Leaf, Neither, Node, Often, Some
from rasid.rules.program import Sought
from rasid.rules.terms import Terms

_MOST: Final = 4  # sets of one rule, that under which it is filed included

Sets = list[frozenset[int]]


class Guards:
    """Finds, for conditions, sets of triggers of which every match has one each.

    `uses`: in how many of `rules` conditions each term is.
    """

    def __init__(self, terms: Terms, uses: Mapping[int, int], rules: int) -> None:
        self._terms = terms.sought
        self._likely = _likelihood(terms, uses, rules)

    def of(self, node: Node) -> tuple[frozenset[int], ...]:
        """Return the sets least likely to be met, the least likely first; none if none exist."""
        found = sorted(set(self._necessary(node)), key=lambda one: (self._cost(one), sorted(one)))
        return tuple(found[:_MOST])

    def _cost(self, triggers: Iterable[int]) -> float:
        return sum(map(self._likely.__getitem__, triggers))

    def _necessary(self, node: Node, truth: bool = True) -> Sets:
        """Return sets that no text can do without that satisfies `node`, or fails to."""
        if isinstance(node, Leaf):
            return self._of_term(self._terms[node.term]) if truth else []
        if isinstance(node, Close):
            return self._necessary(node.left) + self._necessary(node.right) if truth else []
        if isinstance(node, Often):
            return self._necessary(node.part) if truth else []
        inner = truth != isinstance(node, Neither)
        parts = [self._necessary(part, inner) for part in node.parts]
        return self._some(parts, _needed(node, truth))

    def _of_term(self, sought: Sought) -> Sets:
        """Return each word of a term with the term's joined spelling, or its own trigger."""
        if sought.trigger >= 0:
            return [frozenset((sought.trigger,))]
        joined = () if sought.joined is None else (sought.joined,)
        return [frozenset((word, *joined)) for word in sought.words] or [frozenset(joined)]

    def _some(self, parts: Sequence[Sets], needed: int) -> Sets:
        """Return sets for parts of which any `needed` have one that holds."""
        if needed == 1:
            return [one for sets in parts for one in sets]
        able = sorted((sets for sets in parts if sets), key=self._cheapest)
        return self._either(able[:needed]) if 0 < needed <= len(able) else []

    def _cheapest(self, sets: Sets) -> float:
        return min(map(self._cost, sets))

    def _either(self, options: Sequence[Sets]) -> Sets:
        """Return sets for options of which one holds: unions of one set of each."""
        base = max(options, key=len)
        others = [option for option in options if option is not base]
        return [self._union(one, others) for one in base]

    def _union(self, union: frozenset[int], options: Iterable[Sets]) -> frozenset[int]:
        found = set(union)
        for option in options:
            found |= min(option, key=lambda one: self._cost(one - found))
        return frozenset(found)


def _needed(node: Every | Some | Neither, truth: bool) -> int:
    """Return of how many parts at least one decides, whichever are taken."""
    many = len(node.parts)
    if isinstance(node, Some):
        return many - node.count + 1 if truth else node.count
    return 1 if truth else many


def _likelihood(terms: Terms, uses: Mapping[int, int], rules: int) -> Mapping[int, float]:
    """Return, per trigger, how likely a text is to have it: the shorter and the more shared."""
    found: dict[int, float] = {}
    for number, sought in enumerate(terms.sought):
        for trigger in (*sought.words, sought.joined, sought.trigger):
            if trigger is None or trigger < 0:
                continue
            text = terms.words[trigger].text if trigger < len(terms.words) else sought.text
            length = 2.0 ** -min(40, len(text))
            found[trigger] = found.get(trigger, length) + uses[number] / rules
    return found
