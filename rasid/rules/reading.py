"""One document as the rules see it, for the length of one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rasid.models import Document
from rasid.rules.expressions import Starts, spans
from rasid.rules.field import Field, Hit, Span
from rasid.rules.inside import Texts
from rasid.rules.program import Sought
from rasid.rules.vocabulary import Vocabulary
from rasid.text.fold import fold
from rasid.text.tokens import tokenize


def text_of(document: Document, field: str) -> str:
    """Return the text of a field; tags are read as a list with commas."""
    value: str | tuple[str, ...] = getattr(document, field)
    return value if isinstance(value, str) else ", ".join(value)


class Reading:
    """All fields of a document, and what was found of each term in them."""

    def __init__(
        self, document: Document, fields: Sequence[str], vocabulary: Vocabulary, texts: Texts
    ) -> None:
        memory = vocabulary.memory()
        self.document = document
        self.fields = {
            name: Field(text, memory) for name in fields if (text := text_of(document, name))
        }
        self.present: set[int] = set()  # triggers
        for field in self.fields.values():
            self.present |= field.words
        self._inside: dict[str, Mapping[int, list[tuple[int, int]]]] = {}
        self._starts: dict[str, Starts] = {}
        if texts:
            for name, field in self.fields.items():
                self._inside[name] = texts.find(field)
                self._starts[name] = texts.expressions(field)
                self.present.update(self._inside[name], self._starts[name])
        self._found: dict[tuple[int, str], Sequence[Hit]] = {}

    def has_near(self, one: int, other: int, words: int) -> bool:
        """Whether a field has two words of rules at most so many words from each other."""
        return any(field.has_near(one, other, words) for field in self.fields.values())

    def units(self, number: int, sought: Sought, name: str) -> Sequence[Span]:
        """Return which words of a field are a term, in order; see `find`."""
        field = self.fields.get(name)
        if field is None:
            return ()
        if not sought.words or sought.exact:
            hits = map(field.placed, self.find(number, sought, name))
            return sorted((hit.first, hit.last) for hit in hits)
        if len(sought.words) == 1:
            return field.units(sought.words[0])
        found = _runs(sought.words, field) if field.may_follow(sought.words) else []
        if sought.joined is not None and sought.joined in field.words:
            return sorted([*found, *field.units(sought.joined)])
        return found

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
            starts = self._starts[name].get(sought.trigger, ())
            places = spans(sought.pattern, field.text, starts)
            found = [Hit(-1, -1, -1, start, end, field.text[start:end]) for start, end in places]
        else:
            found = _phrase(sought, field)
        return list(_exactly(sought.exact, found, field)) if sought.exact else found


def _runs(words: Sequence[int], field: Field) -> list[Span]:
    """Return where all words follow one another."""
    found = field.units(words[0])
    for word in words[1:]:
        after = dict(reversed(field.units(word)))
        found = [(first, after[last + 1]) for first, last in found if last + 1 in after]
    return found


def _phrase(sought: Sought, field: Field) -> list[Hit]:
    words = sought.words
    if len(words) == 1:
        found = field.hits(words[0])
    elif words and field.may_follow(words) and _runs(words, field):
        found = list(_consecutive([field.hits(word) for word in words], field))
    else:
        found = []
    if sought.joined is not None and sought.joined in field.words:
        return sorted([*found, *field.hits(sought.joined)])
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
