"""What an item must be filed under to match a compiled rule: the candidates of a search. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from rasid.archive.words import PREFIX, key
from rasid.protocols import Wanted
from rasid.rules.conditions import Close, Every, Leaf, Neither, Node, Often, Some
from rasid.rules.program import Program, Sought

_MOST: Final = 8  # sets of one condition

Sets = tuple[frozenset[str], ...]


def wanted(program: Program, node: Node) -> Wanted:
    """Return sets of words: what satisfies `node` is filed under one of each set.

    None at all where it cannot be said: expressions, and scripts without spaces, are found by
    looking at every item.
    """
    return _Forms(program).sets(node)


class _Forms:
    """The forms of the words of one program, as items are filed under them."""

    def __init__(self, program: Program) -> None:
        self._terms = program.terms
        self._of: dict[int, set[str]] = {}
        for text, codes in program.lexicon.plain.items():
            for code in (codes,) if isinstance(codes, int) else codes:
                self._add(code >> 1, key(text))
        for text, entries in program.lexicon.bound.items():
            for entry in entries:
                self._add(entry.word, key(text))
        for glob in program.lexicon.globs:
            self._add(glob.word, key(glob.prefix) + PREFIX)

    def _add(self, word: int, form: str) -> None:
        self._of.setdefault(word, set()).add(form)

    def sets(self, node: Node) -> Sets:
        if isinstance(node, Leaf):
            return self._leaf(self._terms[node.term])
        if isinstance(node, Every):
            return _best(found for part in node.parts for found in self.sets(part))
        if isinstance(node, Some):
            return self._some(node)
        if isinstance(node, Close):
            return _best([*self.sets(node.left), *self.sets(node.right)])
        if isinstance(node, Often):
            return self.sets(node.part)
        assert isinstance(node, Neither)
        return ()

    def _leaf(self, sought: Sought) -> Sets:
        joined = self._of.get(sought.joined, set()) if sought.joined is not None else set()
        found = [self._of.get(word, set()) | joined for word in sought.words]
        return tuple(frozenset(forms) for forms in found if forms and "" not in forms)

    def _some(self, node: Some) -> Sets:
        """Return what is filed where some parts hold: each way to take one set of each part."""
        parts = [self.sets(part) for part in node.parts]
        known = [found for found in parts if found]
        if len(parts) - len(known) >= node.count:  # those that cannot be said may be enough
            return ()
        ways = 1
        for found in known:
            ways *= len(found)
        if ways > _MOST:
            known = [_best(found)[:1] for found in known]
        return _best(frozenset().union(*way) for way in product(*known))


def _best(sets: Iterable[frozenset[str]]) -> Sets:
    """Return the sets that leave the fewest items, as far as their words tell."""
    return tuple(sorted(dict.fromkeys(sets), key=_worth)[:_MOST])


def _worth(words: frozenset[str]) -> tuple[int, int, Sequence[str]]:
    return len(words), -min(map(len, words), default=0), sorted(words)
