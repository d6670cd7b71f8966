"""Where a text has which of many literals: whole words, and parts of what stands in one piece.

A text is cut at white space alone. What a piece between comes to is worked out once and
remembered, since texts share most of their pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import ahocorasick_rs
import regex

from rasid.rules.literals import lowered
from rasid.rules.pieces import LONGEST_KNOWN, offsets, pieces
from rasid.rules.shapes import SEPARATORS

_MOST_KNOWN: Final = 200_000  # some 40 MB at most
_WORDS: Final = regex.compile(r"\w+")
_NEUTRAL: Final = str.maketrans(dict.fromkeys(SEPARATORS, "\x1b"))

Spot = tuple[int, int]  # a piece of a text, an offset into it
Spots = dict[int, list[Spot]]  # of each literal
_Piece = tuple[tuple[int, int], ...]  # literals and their offsets


class Lookup:
    """Numbered literals, looked for together. Any number of threads may ask at once."""

    def __init__(self, words: Mapping[str, int], parts: Mapping[str, int]) -> None:
        """`words` are looked for as whole words, `parts` anywhere; both are `lowered`."""
        self._words = words
        self._parts = list(parts.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(parts)) if parts else None
        self._known = _Known(self._learn)

    def find(self, text: str, cut: Sequence[str]) -> Cut:
        """Return what a text has, given its pieces."""
        if len(self._known) > _MOST_KNOWN:
            self._known = _Known(self._learn)
        if any(map(text.__contains__, SEPARATORS)):
            text = text.translate(_NEUTRAL)
            cut = pieces(text)
        return Cut(text, cut, list(map(self._known.__getitem__, cut)))

    def _learn(self, text: str) -> _Piece:
        """Return what a piece has."""
        low = lowered(text)
        found = list(self._words_in(text, low))
        if self._automaton is not None:
            hits = self._automaton.find_matches_as_indexes(low, overlapping=True)
            # one letter may be several in the one case, or none
            at = [at for at, char in enumerate(text) for _ in lowered(char)] if hits else []
            found += [(self._parts[part], at[start]) for part, start, _ in hits]
        return tuple(found)

    def _words_in(self, text: str, low: str) -> Iterator[tuple[int, int]]:
        if text.isalpha():  # as most pieces are: one word
            if (number := self._words.get(low)) is not None:
                yield number, 0
            return
        for word in _WORDS.finditer(text):
            if (number := self._words.get(lowered(word[0]))) is not None:
                yield number, word.start()


class _Known(dict[str, _Piece]):
    """What each piece has, which is learnt when it is asked for and remembered unless long."""

    def __init__(self, learn: Callable[[str], _Piece]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, text: str) -> _Piece:
        piece = self._learn(text)
        if len(text) <= LONGEST_KNOWN:
            self[text] = piece
        return piece


class Cut:
    """A text cut into pieces, and what literals they have."""

    def __init__(self, text: str, cut: Sequence[str], found: Sequence[_Piece]) -> None:
        self._text = text
        self._pieces = cut
        self.spots: Spots = {}
        for at, piece in enumerate(found):
            for literal, offset in piece:
                self.spots.setdefault(literal, []).append((at, offset))

    def offset(self, spot: Spot) -> int:
        """Return where in the text a spot is."""
        return self._offsets[spot[0]] + spot[1]

    @cached_property
    def _offsets(self) -> Sequence[int]:
        return offsets(self._text, self._pieces)
