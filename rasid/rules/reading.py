"""One document as the rules see it, for the length of one call."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from rasid.models import Document
from rasid.rules.expressions import spans
from rasid.rules.inside import Texts
from rasid.rules.program import Sought
from rasid.rules.vocabulary import Found, Memory, Piece, Vocabulary, pieces, units_of
from rasid.text.fold import Folded, fold
from rasid.text.tokens import is_unspaced, tokenize


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


def text_of(document: Document, field: str) -> str:
    """Return the text of a field; tags are read as a list with commas."""
    value: str | tuple[str, ...] = getattr(document, field)
    return value if isinstance(value, str) else ", ".join(value)


class Field:
    """A field of a document: which words of the rules it has, and, when asked, where."""

    def __init__(self, text: str, vocabulary: Vocabulary, memory: Memory) -> None:
        self.text = text
        self.words: set[int] = set()
        self._pieces = pieces(text)
        self._live: dict[str, Piece] = {}
        for piece in set(self._pieces).difference(memory.barren):
            known = memory.known.get(piece) or vocabulary.learn(piece, memory)
            self._live[piece] = known
            if known.words:
                self.words |= known.words

    @cached_property
    def folded(self) -> Folded:
        """The text folded."""
        return fold(self.text)

    def spots(self, word: int) -> list[Hit]:
        """Return where a word is, in order."""
        positions, places = self._positions, self._places
        return sorted(
            Hit(before + first, before + last, at, start, end, form)
            for piece, (_, first, last, start, end, form) in self._by_word.get(word, ())
            for at in places[piece]
            for before in (positions[at],)
        )

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

    @cached_property
    def _by_word(self) -> Mapping[int, list[tuple[str, Found]]]:
        found: dict[int, list[tuple[str, Found]]] = {}
        for piece, known in self._live.items():
            for entry in known.found:
                found.setdefault(entry.word, []).append((piece, entry))
        return found

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, piece in enumerate(self._pieces):
            found.setdefault(piece, []).append(at)
        return found

    @cached_property
    def _positions(self) -> Sequence[int]:
        """How many words stand before each piece."""
        sizes = {piece: known.size for piece, known in self._live.items() if known.size != 1}
        if not sizes:
            return range(len(self._pieces))
        return list(accumulate((sizes.get(piece, 1) for piece in self._pieces), initial=0))

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each piece begins."""
        found, at = [], 0
        for piece in self._pieces:
            at = self.text.index(piece, at)
            found.append(at)
            at += len(piece)
        return found

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


class Reading:
    """All fields of a document, and what was found of each term in them."""

    def __init__(
        self, document: Document, fields: Sequence[str], vocabulary: Vocabulary, texts: Texts
    ) -> None:
        memory = vocabulary.memory()
        self.document = document
        self.fields = {
            name: Field(text, vocabulary, memory)
            for name in fields
            if (text := text_of(document, name))
        }
        self.present: set[int] = set()  # triggers
        for field in self.fields.values():
            self.present |= field.words
        self._inside: dict[str, Mapping[int, list[tuple[int, int]]]] = {}
        if texts:
            for name, field in self.fields.items():
                self._inside[name] = texts.find(field)
                self.present.update(self._inside[name])
        self._found: dict[tuple[int, str], Sequence[Hit]] = {}

    def find(self, number: int, sought: Sought, name: str) -> Sequence[Hit]:
        """Return where a field has a term (its number keys what is remembered), in order."""
        field = self.fields.get(name)
        if field is None:
            return ()
        found = self._found.get((number, name))
        if found is None:
            found = self._found[number, name] = self._search(sought, field, name)
        return found

    def _search(self, sought: Sought, field: Field, name: str) -> Sequence[Hit]:
        if sought.inside:
            places = self._inside[name].get(sought.trigger, ())
            found = [Hit(-1, -1, -1, start, end, sought.inside) for start, end in places]
        elif sought.pattern:
            places = spans(sought.pattern, field.text)
            found = [Hit(-1, -1, -1, start, end, field.text[start:end]) for start, end in places]
        else:
            found = _phrase(sought, field)
        return list(_exactly(sought.exact, found, field)) if sought.exact else found


def _phrase(sought: Sought, field: Field) -> list[Hit]:
    words = sought.words
    if len(words) == 1:
        found = field.spots(words[0])
    elif words and field.words.issuperset(words):
        found = list(_consecutive([field.spots(word) for word in words], field))
    else:
        found = []
    if sought.joined is not None and sought.joined in field.words:
        return sorted([*found, *field.spots(sought.joined)])
    return found


def _consecutive(words: Sequence[Sequence[Hit]], field: Field) -> Iterator[Hit]:
    """Return where hits of all words follow one another."""
    after = [{hit.first: hit for hit in reversed(hits)} for hits in words[1:]]
    for hit in words[0]:
        chain = [hit]
        for hits in after:
            following = hits.get(chain[-1].last + 1)
            if following is None:
                break
            chain.append(following)
        else:
            start, end = field.span(hit)[0], field.span(chain[-1])[1]
            offset = start - hit.start
            form = " ".join(part.form for part in chain)
            yield Hit(hit.first, chain[-1].last, hit.piece, hit.start, end - offset, form)


def _exactly(typed: str, hits: Sequence[Hit], field: Field) -> Iterator[Hit]:
    """Return the hits that are written as typed, letter by letter; white space may differ."""
    tokens = tokenize(fold(typed))
    before, after = tokens[0].start, len(typed) - tokens[-1].end
    for hit in hits:
        start, end = field.span(hit)
        start, end = start - before, end + after
        if start >= 0 and field.text[start:end].split() == typed.split():
            yield hit._replace(start=hit.start - before, end=hit.end + after, form=typed)
