"""The keys of rules: of a rule's keys every text has one that satisfies it.

A key is a trigger, two that are both there, or two words that stand near each other, as in a
phrase or a NEAR. A rule is filed under those that texts are least likely to have.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Final, NamedTuple

from rasid.rules.conditions import Close, Leaf, Neither, Node, Often, Some
from rasid.rules.guards import Set, Sets, needed
from rasid.rules.likelihood import Likelihood, Likely
from rasid.rules.program import ALONE, Sought

MOST_REACH: Final = 7
_NONE: Final[Set] = frozenset()
_MOST: Final = 64  # keys that a rule gets by pairing triggers
_NEAR: Final = [1.0, *(min(1.0, 2**reach / 32) for reach in range(1, MOST_REACH + 1))]


class Key(NamedTuple):
    """Two triggers, the second one ALONE where none is needed.

    `reach`: a text has the first at most 2 ** reach - 1 words from the second; 0: anywhere.
    """

    first: int
    second: int = ALONE
    reach: int = 0


Keys = frozenset[Key]


class KeyFinder:
    """Finds the keys of conditions."""

    def __init__(self, terms: Sequence[Sought], likelihood: Likelihood) -> None:
        self._terms = terms
        self._likelihood = likelihood
        self._known: dict[int, list[Keys]] = {}  # of terms

    def of(self, node: Node, sets: Sets) -> tuple[Keys, Sets]:
        """Return the keys of a condition, and which of its necessary sets say more than they.

        `sets`: those of `Guards`. It has keys whenever it has such sets.
        """
        likely = self._likelihood.together(sets)
        others = sorted((sum(map(likely, one)), at) for at, one in enumerate(sets))
        best, beside, least = Keys(), _NONE, inf
        for keys in self._choices(node):
            other = _other(keys, [sets[at] for _, at in others])
            cost = _cost(keys, other, likely)
            if cost < least:
                best, beside, least = keys, other, cost
        keys = _paired(best, beside)
        return keys, tuple(one for one in sets if not _is_implied(one, keys))

    def _choices(self, node: Node, truth: bool = True) -> list[Keys]:
        """Return sets of keys; of each, a text has one that satisfies a condition, or fails to."""
        if isinstance(node, Leaf):
            return self._of_leaf(node) if truth else []
        if isinstance(node, Close):
            if not truth:
                return []
            return [*self._of_close(node), *self._choices(node.left), *self._choices(node.right)]
        if isinstance(node, Often):
            return self._choices(node.part) if truth else []
        inner = truth != isinstance(node, Neither)
        parts = [self._choices(part, inner) for part in node.parts]
        return self._some(parts, needed(node, truth))

    def _some(self, parts: Sequence[list[Keys]], many: int) -> list[Keys]:
        """Return sets for parts of which any `many` have one that holds."""
        if many == 1:
            return [keys for part in parts for keys in part]
        best = [part[0] if len(part) == 1 else min(part, key=self._alone) for part in parts if part]
        if many < len(best):
            best.sort(key=self._alone)
        return [Keys().union(*best[:many])] if 0 < many <= len(best) else []

    def _of_leaf(self, leaf: Leaf) -> list[Keys]:
        found = self._known.get(leaf.term)
        if found is None:
            found = self._known[leaf.term] = self._of_term(self._terms[leaf.term])
        return found

    def _of_term(self, sought: Sought) -> list[Keys]:
        if sought.trigger >= 0:
            return [Keys([Key(sought.trigger)])]
        joined = [] if sought.joined is None else [Key(sought.joined)]
        if len(sought.words) < 2:
            return [Keys([*map(Key, sought.words), *joined])]
        pairs = zip(sought.words, sought.words[1:], strict=False)
        return [Keys([self._near(one, other, 1), *joined]) for one, other in pairs]

    def _of_close(self, node: Close) -> list[Keys]:
        left, right = _words(node.left), _words(node.right)
        if not left or not right or len(left) * len(right) > _MOST:
            return []
        return [Keys(self._near(one, two, node.distance + 1) for one in left for two in right)]

    def _near(self, one: int, other: int, words: int) -> Key:
        """Return the key of two words so many words apart, at most; the rarer one first."""
        reach = words.bit_length()
        first, second = sorted((one, other), key=lambda word: (self._likelihood.of(word), word))
        return Key(first, second, reach if reach <= MOST_REACH else 0)

    def _alone(self, keys: Keys) -> float:
        return _cost(keys, _NONE, self._likelihood.of)


def _words(node: Node) -> list[int]:
    """Return the words of one of which a side of a NEAR consists; none where it is more."""
    if isinstance(node, Leaf):
        return [node.word] if node.word >= 0 else []
    if isinstance(node, Some) and node.count == 1:
        parts = list(map(_words, node.parts))
        return [word for part in parts for word in part] if all(parts) else []
    return []


def _other(keys: Keys, sets: Sequence[Set]) -> Set:
    """Return the first set to pair those triggers with that stand alone; empty where none is."""
    alone = {key.first for key in keys if key.second == ALONE}
    able = (one for one in sets if not alone <= one and len(one) * len(alone) <= _MOST)
    return next(able, _NONE) if alone else _NONE


def _paired(keys: Keys, other: Set) -> Keys:
    """Return keys with each trigger that stands alone paired with each of others."""
    if not other:
        return keys
    alone = [key for key in keys if key.second == ALONE]
    return keys.difference(alone).union(Key(key.first, second) for key in alone for second in other)


def _cost(keys: Keys, other: Set, likely: Likely) -> float:
    """Return how likely a text is to have one of some keys, paired with others."""
    beside = sum(map(likely, other)) if other else 1.0
    return sum(
        likely(first) * (beside if second == ALONE else likely(second) * _NEAR[reach])
        for first, second, reach in keys
    )


def _is_implied(one: Set, keys: Keys) -> bool:
    """Whether a text that has a key has something of a set anyway."""
    return all(key.first in one or key.second in one for key in keys)
