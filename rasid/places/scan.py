"""The words of a text, and what each may be in the name of a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import reduce
from operator import attrgetter, or_
from typing import Any, Final

from msgspec import Struct

from rasid.places.cues import ACCENTED, CUES, Cue
from rasid.places.designators import DESIGNATORS, Designator
from rasid.places.glued import parts
from rasid.places.masks import MASKS
from rasid.places.model import Gazetteer, Usage
from rasid.places.names import bare
from rasid.places.ordinary import TELLING
from rasid.text.fold import fold_text

_MOST_KNOWN: Final = 120_000  # words remembered, some 80 MB at most
_LONGEST_KNOWN: Final = 40
_MOST_FORMS: Final = 5
_NEVER: Final = Usage()
_LEAST_STRANGE: Final = 3  # letters
_WITH_WORDS: Final = ("و", "ال", "لل")  # "and" and the article stand before words of any kind
_OF_WORDS: Final = ("ته", "ها", "هم", "نا", "وا", "ون", "ين", "ات")  # pronouns, plurals, verbs
_PEOPLE: Final = Cue.GIVEN | Cue.FAMILY
_PARTS: Final = attrgetter("parts")
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff"
_MARKS: Final = (
    "\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094d\u200c-\u200f\u202a-\u202e\u2060-\u2069"
)
_LETTER: Final = rf"[^\W\d_{_UNSPACED}]"
_WORD: Final = re.compile(rf"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*|[{_UNSPACED}]+|\d+")


_ARTICLES: Final = frozenset(("al", "el", "as", "ash", "an", "ar", "at", "ad", "adh", "az", "ez"))


class Shape(IntEnum):
    """How a word is written."""

    UNCASED = 0  # its script has no capitals
    LOWER = 1
    TITLE = 2
    UPPER = 3
    DIGITS = 4
    UNSPACED = 5  # its script has no spaces between words


class Base(Struct, frozen=True, gc=False):
    """A reading of a word: without what is written together with it, in its first case."""

    text: str  # as in keys of names
    article: bool  # one was taken off
    known: int  # how long names are that begin with it; 0: none
    lower: bool = False  # may be written without a capital
    languages: int = 0  # (bits) in which it is a common word
    often: int = 0  # how often it is written, in hundredths of the Zipf scale; 0: seldom
    cue: int = Cue.NONE
    other: bool = False  # with the letter before it, it is oftener a word of its own


class Info(Struct, frozen=True, gc=False):
    """What a word is, wherever it stands."""

    folded: str
    shape: Shape
    cue: int
    bases: tuple[Base, ...]  # itself first; only itself where no name begins so
    forms: tuple[str, ...]  # all that it may be within a name
    starts: bool  # whether a name may begin here, or a phrase that looks like one
    languages: int = 0  # (bits) in which it is so common that it tells the language
    designator: Designator | None = None  # what it says of a name beside it
    spelt: bool = False  # may be a name in Latin letters that no list has
    parts: tuple[str, ...] = ()  # the words that it is, where the spaces between them are lost
    strange: bool = False  # of a script without capitals, and no list has it: perhaps a name


class Token(Struct, frozen=True, gc=False):
    """A word of a text; `start:end` are code points of it."""

    start: int
    end: int
    text: str
    info: Info


class Scanner:
    """Cuts texts into words; what each comes to is worked out once and remembered.

    `readings`: a folded word to what it may be an inflected form of, itself first.
    """

    def __init__(self, gazetteer: Gazetteer, readings: Callable[[str], Sequence[str]]) -> None:
        self._gazetteer = gazetteer
        self._readings = readings
        self._known: dict[str, Info] = {}

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text in order."""
        if len(self._known) > _MOST_KNOWN:
            self._known = {}
        known = self._known
        spans = [found.span() for found in _WORD.finditer(text)]
        words = [text[start:end] for start, end in spans]
        infos: list[Any] = list(map(known.get, words))
        if not all(infos):
            infos = [one or self._info(word) for one, word in zip(infos, words, strict=True)]
        found = [
            Token(start, end, word, info)
            for (start, end), word, info in zip(spans, words, infos, strict=True)
        ]
        found = self._parted(found) if any(map(_PARTS, infos)) else found
        return found if _ARTICLES.isdisjoint(words) else self._with_articles(text, found)

    def _parted(self, tokens: Iterable[Token]) -> list[Token]:
        found = []
        for token in tokens:
            at = token.start
            for part in token.info.parts:
                found.append(Token(at, at + len(part), part, self._info(part)))
                at += len(part)
            if not token.info.parts:
                found.append(token)
        return found

    def _with_articles(self, text: str, tokens: list[Token]) -> list[Token]:
        """Return tokens with the article of a name as if it had a capital: al-Bab is Al-Bab."""
        return [
            Token(token.start, token.end, token.text, self._info(token.text.capitalize()))
            if is_article(text, tokens, at)
            else token
            for at, token in enumerate(tokens)
        ]

    def _info(self, word: str) -> Info:
        info = self._known.get(word)
        if info is None:
            info = self._learn(word)
            if len(word) <= _LONGEST_KNOWN:
                self._known[word] = info
        return info

    def _learn(self, word: str) -> Info:
        folded = fold_text(word)
        shape = _shape(word)
        if shape in (Shape.DIGITS, Shape.UNSPACED) or not folded:
            starts = shape is Shape.UNSPACED
            return Info(folded, shape, Cue.NONE, (), (folded,), starts)
        # Latin words without a capital are known in all their forms
        known = shape is Shape.LOWER and folded.isascii()
        readings = (folded,) if known else self._readings(folded)
        bases = tuple(self._bases(folded, shape, readings))
        starts = folded in MASKS or any(base.known for base in bases)
        forms = tuple(dict.fromkeys(map(bare, readings)))[:_MOST_FORMS]
        cue = CUES.get(folded) or next(filter(None, map(CUES.get, forms)), Cue.NONE)
        if cue & _PEOPLE and folded.isascii() and not _as_written(word):
            cue &= ~_PEOPLE  # Şam is no Sam
        said = next(filter(None, map(DESIGNATORS.get, (folded, *forms))), None)
        spelt = shape is Shape.TITLE and folded.isascii() and not cue
        telling = TELLING.get(folded, 0)
        uncased = shape is Shape.UNCASED and not starts
        words = self._words(word) if uncased else ()
        strange = uncased and not (cue or words or said) and self._is_strange(folded, forms)
        return Info(folded, shape, cue, bases, forms, starts, telling, said, spelt, words, strange)

    def _is_strange(self, folded: str, forms: Iterable[str]) -> bool:
        """Whether a word is hardly ever written, and neither is what it may be a form of."""
        if len(folded) < _LEAST_STRANGE or folded.startswith(_WITH_WORDS):
            return False
        if folded.endswith(_OF_WORDS):
            return False
        return all(self._gazetteer.usage(one) == _NEVER for one in {folded, *forms})

    def _words(self, word: str) -> tuple[str, ...]:
        found = parts(word, lambda one: self._gazetteer.usage(one).often)
        return tuple(found) if len(found) > 1 else ()

    def _bases(self, folded: str, shape: Shape, readings: Sequence[str]) -> list[Base]:
        found: dict[str, Base] = {}
        for reading in readings:
            text = bare(reading)
            if text in found:
                continue
            known = self._gazetteer.longest(text)
            if not (known or not found):
                continue
            lower = bool(known) and shape is Shape.LOWER and self._is_lower(text)
            if shape is Shape.LOWER and not lower:
                known = 0
            article = text != reading or "ال" + text in folded or "لل" + text == folded
            if known or not found:
                usage = self._usage(text, shape, readings) if known else _NEVER
                cue = CUES.get(reading) or CUES.get(text, Cue.NONE)
                other = bool(known) and shape is Shape.UNCASED and self._is_other(folded, text)
                found[text] = Base(text, article, known, lower, *usage, cue, other)
        return list(found.values())

    def _usage(self, text: str, shape: Shape, readings: Sequence[str]) -> Usage:
        """Return how a word, however it is read, is used: كبيرا is great, and not ك + Beira."""
        found = self._gazetteer.usage(text)
        if shape is not Shape.UNCASED:
            return found
        usages = [found, *(self._gazetteer.usage(bare(reading)) for reading in readings)]
        languages = reduce(or_, (one.languages for one in usages))
        return Usage(languages, max(one.often for one in usages))

    def _is_other(self, folded: str, name: str) -> bool:
        """Whether a word is written more often than the name that a letter before it leaves.

        كتبت is "she wrote", and not ك + Tibet; the letters are far rarer than what they join.
        """
        if not folded.endswith(name) or folded.removesuffix(name) in ("", "ال"):
            return False
        if folded.startswith("لل"):
            return False
        return self._gazetteer.usage(folded).often > self._gazetteer.usage(name).often

    def _is_lower(self, text: str) -> bool:
        """Whether a name may begin so without a capital: syrien, nord-coréen."""
        side = CUES.get(text, Cue.NONE) & Cue.SIDE
        return bool(side) or any(named.lower for named in self._gazetteer.named(text))


def is_article(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is the small article of an Arabic name in Latin letters: al-Bab."""
    if tokens[at].text not in _ARTICLES or at + 1 >= len(tokens):
        return False
    there = tokens[at + 1]
    return text[tokens[at].end : there.start] == "-" and there.info.shape is Shape.TITLE


def _as_written(word: str) -> bool:
    """Whether a name of people is written so, with no more accents than it has."""
    return word.isascii() or word.lower() in ACCENTED


def _shape(word: str) -> Shape:
    first = word[0]
    if first.isdigit():
        return Shape.DIGITS
    if first.islower():
        return Shape.LOWER
    if first.isupper() or first.istitle():
        return Shape.UPPER if len(word) > 1 and word.isupper() else Shape.TITLE
    return Shape.UNSPACED if re.match(f"[{_UNSPACED}]", first) else Shape.UNCASED
