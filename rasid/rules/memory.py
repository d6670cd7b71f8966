"""What the pieces of texts came to: texts share most of their words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final, NamedTuple

from rasid.rules.pieces import LONGEST_KNOWN

NOTHING: Final = -1


class Found(NamedTuple):
    """A word of a rule in a piece of text: `start:end` of it, words `first` to `last` of it."""

    word: int
    first: int
    last: int
    start: int
    end: int
    form: str


class Piece(NamedTuple):
    """What a piece of text comes to: the rules' words in it, and how many words it counts."""

    found: tuple[Found, ...]
    size: int

    @property
    def is_plain(self) -> bool:
        """Whether it is one word, which is one word of rules."""
        return self.size == 1 and len(self.found) == 1


class Memory(dict[str, int]):
    """The number of each piece, which is learnt when it is asked for.

    NOTHING: one word that no rule has. From 0 on: one word, and this word of rules, as nearly
    all others are. Below NOTHING: a piece of `pieces`. `learn` says what a piece comes to; what
    it says never changes. Any number of threads may ask.
    """

    def __init__(self, learn: Callable[[str], Piece]) -> None:
        super().__init__()
        self.pieces: dict[int, Piece] = {}
        self._learn = learn
        self._plain: dict[str, Piece] = {}
        self._numbers = count(NOTHING - 1, -1)
        self._heavy = 0  # what pieces hold beyond what one is counted for

    def __missing__(self, text: str) -> int:
        piece = self._learn(text)
        number = self._number(piece)
        if len(text) <= LONGEST_KNOWN:
            self[text] = number
            if number >= 0:
                self._plain[text] = piece
        if number < NOTHING:
            self._heavy += len(piece.found) + len(text) // LONGEST_KNOWN
        return number

    @property
    def weight(self) -> int:
        """How much is remembered, in pieces of common length."""
        return len(self) + len(self._plain) + self._heavy

    def found(self, text: str, number: int) -> tuple[Found, ...]:
        """Return the rules' words in a piece that has some, by the piece and its number."""
        if number < NOTHING:
            return self.pieces[number].found
        return (self._plain.get(text) or self._learn(text)).found

    def _number(self, piece: Piece) -> int:
        if piece.is_plain:
            return piece.found[0].word
        if piece.size == 1 and not piece.found:
            return NOTHING
        number = next(self._numbers)
        self.pieces[number] = piece
        return number
