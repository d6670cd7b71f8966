"""One field of a document: which words of the rules it has and, when asked, where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from rasid.rules.memory import NOTHING, Found, Memory
from rasid.rules.pieces import offsets, pieces
from rasid.rules.vocabulary import units_of
from rasid.text.fold import Folded, fold
from rasid.text.tokens import is_unspaced, tokenize

Span = tuple[int, int]  # the first and the last word
Marks = tuple[int, int]  # a bit for each first, and for each last, word of some spans

NOWHERE: Final[Marks] = (0, 0)


class Hit(NamedTuple):
    """Something found in a field: as words `first` to `last` of it, in which form.

    `start:end` are offsets into a piece of the text, into the whole text where `piece` is -1;
    such a hit does not know its words either.
    """

    first: int
    last: int
    piece: int
    start: int
    end: int
    form: str


def marks_of(spans: Iterable[Span]) -> Marks:
    """Return where spans begin and end, as bits."""
    firsts = lasts = 0
    for first, last in spans:
        firsts |= 1 << first
        lasts |= 1 << last
    return firsts, lasts


class Field:
    """The text of a field, cut at white space, and what each piece comes to."""

    def __init__(self, text: str, memory: Memory) -> None:
        self.text = text
        self._memory = memory
        self.pieces = pieces(text)
        self._known = list(map(memory.__getitem__, self.pieces))
        self.words = set(self._known)
        self._is_plain = min(self.words, default=NOTHING) >= NOTHING
        if not self._is_plain:
            self._take_apart()
        self.words.discard(NOTHING)
        self._units: dict[int, list[Span]] = {}
        self._marks: dict[int, Marks] = {}

    def _take_apart(self) -> None:
        """Put the words of pieces in their places."""
        for number in [number for number in self.words if number < NOTHING]:
            self.words.remove(number)
            self.words.update(found.word for found in self._memory.pieces[number].found)

    @cached_property
    def folded(self) -> Folded:
        """The text folded."""
        return fold(self.text)

    def units(self, word: int) -> list[Span]:
        """Return which words of the field are a word of a rule, in order."""
        found = self._units.get(word)
        if found is None:
            found = self._units[word] = self._spans(word)
        return found

    def marks(self, word: int) -> Marks:
        """Return where a word of a rule begins and ends, as bits."""
        found = self._marks.get(word)
        if found is None:
            found = marks_of(self.units(word)) if word in self.words else NOWHERE
            self._marks[word] = found
        return found

    def has_near(self, one: int, other: int, words: int) -> bool:
        """Whether two words are at most so many words from each other, in either order."""
        if one not in self.words or other not in self.words:
            return False
        around, there = (first | last for first, last in map(self.marks, (one, other)))
        wide = 1
        while wide <= words:
            around |= around << wide | around >> wide
            wide *= 2
        return bool(around & there)

    def may_follow(self, words: Sequence[int]) -> bool:
        """Whether each of some words stands right after the one before it, in one place or many."""
        before = self.marks(words[0])[1]
        for word in words[1:]:
            firsts, lasts = self.marks(word)
            if not before << 1 & firsts:
                return False
            before = lasts
        return True

    def hits(self, word: int) -> list[Hit]:
        """Return where a word is, in order."""
        before = self._positions
        return [
            Hit(before[at] + first, before[at] + last, at, start, end, form)
            for at, (_, first, last, start, end, form) in self._entries(word)
        ]

    def span(self, hit: Hit) -> tuple[int, int]:
        """Return where a hit is in the text."""
        if hit.piece < 0:
            return hit.start, hit.end
        offset = self._offsets[hit.piece]
        return offset + hit.start, offset + hit.end

    def placed(self, hit: Hit) -> Hit:
        """Return a hit that knows its words."""
        if hit.piece >= 0:
            return hit
        offsets, units = self._ruler
        first = units[max(0, bisect_right(offsets, hit.start) - 1)]
        last = units[max(0, bisect_right(offsets, max(hit.start, hit.end - 1)) - 1)]
        return hit._replace(first=first, last=last)

    @property
    def size(self) -> int:
        """How many words the field has."""
        return self._positions[-1]

    def words_at(self, start: int, end: int) -> Span:
        """Return the first and the last word of a stretch of the text."""
        placed = self.placed(Hit(-1, -1, -1, start, end, ""))
        return placed.first, placed.last

    def _spans(self, word: int) -> list[Span]:
        if self._is_plain:
            return [(at, at) for at in self._places.get(word, ())]
        before = self._positions
        return [
            (before[at] + entry.first, before[at] + entry.last) for at, entry in self._entries(word)
        ]

    def _entries(self, word: int) -> list[tuple[int, Found]]:
        """Return the pieces that have a word, and what they have of it, in order."""
        return [
            (at, entry)
            for at in self._places.get(word, ())
            for entry in self._memory.found(self.pieces[at], self._known[at])
            if entry.word == word
        ]

    @cached_property
    def _places(self) -> Mapping[int, list[int]]:
        """Which pieces have each word."""
        found: dict[int, list[int]] = {word: [] for word in self.words}
        for at, number in enumerate(self._known):
            if number >= 0:
                found[number].append(at)
            elif number < NOTHING:
                for word in {entry.word for entry in self._memory.pieces[number].found}:
                    found[word].append(at)
        return found

    @cached_property
    def _positions(self) -> Sequence[int]:
        """How many words stand before each piece."""
        if self._is_plain:
            return range(len(self._known) + 1)
        kept = self._memory.pieces
        sizes = [1 if number >= NOTHING else kept[number].size for number in self._known]
        return list(accumulate(sizes, initial=0))

    @cached_property
    def _offsets(self) -> Sequence[int]:
        """Where each piece begins."""
        return offsets(self.text, self.pieces)

    @cached_property
    def _ruler(self) -> tuple[list[int], list[int]]:
        """Where words begin and how many stand before each."""
        tokens = tokenize(self.folded)
        offsets, units = [0], [0]
        for token, (before, start, end) in zip(tokens, units_of(self.folded, tokens), strict=False):
            many = (len(token.word) + 1) // 2 if is_unspaced(token.word) else 1
            for unit in range(many):
                offsets.append(min(start + unit * 2, end - 1))
                units.append(before + unit)
        return offsets, units
