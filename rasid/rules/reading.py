"""One document as the rules see it, for the length of one call."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rasid.models import Document
from rasid.rules.expressions import spans
from rasid.rules.inside import Texts
from rasid.rules.program import Sought
from rasid.rules.vocabulary import Memory, Piece, Vocabulary, pieces, units_of
from rasid.text.fold import Folded, fold
from rasid.text.tokens import is_unspaced, tokenize


class Hit(NamedTuple):
    """What was found at `start:end` of a field: its words `first` to `last`, as which form."""

    first: int
    last: int
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
        self.pieces = pieces(text)
        self.words: set[int] = set()
        self._live: dict[str, Piece] = {}
        for piece in set(self.pieces).difference(memory.barren):
            known = memory.known.get(piece) or vocabulary.learn(piece, memory)
            self._live[piece] = known
            if known.words:
                self.words |= known.words
        self._spots: Mapping[int, list[Hit]] | None = None
        self._units: tuple[list[int], list[int]] | None = None
        self._folded: Folded | None = None

    @property
    def folded(self) -> Folded:
        """The text folded."""
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded

    def spots(self, word: int) -> Sequence[Hit]:
        """Return where a word is, in order."""
        if self._spots is None:
            self._spots = self._placed()
        return self._spots.get(word, ())

    def _placed(self) -> Mapping[int, list[Hit]]:
        found: dict[int, list[Hit]] = {}
        live, text = self._live, self.text
        position = offset = 0
        for piece in self.pieces:
            known = live.get(piece)
            if known is None:
                position += 1
                continue
            if known.found:
                offset = text.index(piece, offset)
                for word, first, last, start, end, form in known.found:
                    hit = Hit(position + first, position + last, offset + start, offset + end, form)
                    found.setdefault(word, []).append(hit)
                offset += len(piece)
            position += known.size
        return found

    def hit(self, start: int, end: int, form: str) -> Hit:
        """Return what stands at `start:end` with the words that it covers."""
        if self._units is None:
            self._units = self._ruler()
        offsets, units = self._units
        first = units[max(0, bisect_right(offsets, start) - 1)]
        last = units[max(0, bisect_right(offsets, max(start, end - 1)) - 1)]
        return Hit(first, last, start, end, form)

    def _ruler(self) -> tuple[list[int], list[int]]:
        """Return where words begin and how many stand before each."""
        tokens = tokenize(self.folded)
        offsets, units = [0], [0]
        for token, (before, start, end) in zip(tokens, units_of(self.folded, tokens), strict=False):
            many = range((len(token.word) + 1) // 2) if is_unspaced(token.word) else range(1)
            for unit in many:
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
            found = [field.hit(start, end, sought.inside) for start, end in places]
        elif sought.pattern:
            found = [
                field.hit(start, end, field.text[start:end])
                for start, end in spans(sought.pattern, field.text)
            ]
        else:
            found = list(_phrase(sought, field))
        return list(_exactly(sought.exact, found, field.text)) if sought.exact else found


def _phrase(sought: Sought, field: Field) -> Sequence[Hit]:
    words = sought.words
    if len(words) == 1:
        found = field.spots(words[0])
    elif words and field.words.issuperset(words):
        found = _consecutive([field.spots(word) for word in words])
    else:
        found = []
    if sought.joined is not None and sought.joined in field.words:
        return sorted([*found, *field.spots(sought.joined)])
    return found


def _consecutive(words: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return where hits of all words follow one another."""
    after = [{hit.first: hit for hit in reversed(hits)} for hits in words[1:]]
    found = []
    for hit in words[0]:
        chain = [hit]
        for hits in after:
            following = hits.get(chain[-1].last + 1)
            if following is None:
                break
            chain.append(following)
        else:
            form = " ".join(part.form for part in chain)
            found.append(Hit(hit.first, chain[-1].last, hit.start, chain[-1].end, form))
    return found


def _exactly(typed: str, hits: Sequence[Hit], text: str) -> Iterator[Hit]:
    """Return the hits that are written as typed, letter by letter; white space may differ."""
    tokens = tokenize(fold(typed))
    before, after = tokens[0].start, len(typed) - tokens[-1].end
    for hit in hits:
        start, end = hit.start - before, hit.end + after
        if start >= 0 and " ".join(text[start:end].split()) == " ".join(typed.split()):
            yield Hit(hit.first, hit.last, start, end, typed)
