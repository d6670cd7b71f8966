"""Every word of every rule in one hash table, and what a text has of them.

A text is cut at white space alone; what a piece between comes to is worked out once and
remembered, since texts share most of their words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from msgspec import Struct

from rasid.rules.memory import Found, Memory, Piece
from rasid.rules.pieces import LONGEST_KNOWN
from rasid.text import arabic, hebrew
from rasid.text.fold import Folded, fold, fold_text, spelling
from rasid.text.forms import Form, Word
from rasid.text.tokens import Token, dotted, is_apostrophe, is_unspaced, tokenize

_MOST_KNOWN: Final = 400_000  # some 60 MB at most
_MARKS: Final = r"[!-/:-@\[-`{-~«»“”…–—،؛؟]*"
_SIMPLE: Final = re.compile(f"{_MARKS}(?:([a-zA-Z]+)|([ء-غف-ي]+)){_MARKS}")
_LATIN: Final = 1  # the group of `_SIMPLE`


class Bound(Struct, frozen=True, array_like=True, gc=False):
    """A form that asks for more than its folded letters: see `rasid.text.forms.Form`."""

    word: int
    letters: tuple[tuple[int, str], ...] = ()
    capitals: bool = False
    clitics: bool = False
    article: bool = False
    marbuta: bool = False


class Glob(Struct, frozen=True, array_like=True, gc=False):
    """A word with wildcards: a folded `prefix` and an expression for the whole word."""

    word: int
    prefix: str
    pattern: str


class Lexicon(Struct, frozen=True, array_like=True):
    """The folded forms of all words.

    `plain` has all of them: word * 2, + 1 where clitics may surround it; the words that ask
    for more are in `bound`.
    """

    plain: dict[str, int | tuple[int, ...]]
    bound: dict[str, tuple[Bound, ...]]
    others: dict[int, frozenset[str]]
    globs: tuple[Glob, ...] = ()


class Meaning(NamedTuple):
    """A form that a folded word may be, if it is spelt like it."""

    bound: Bound
    form: str
    cut: int = 0
    pronoun: str = ""


def lexicon(words: Sequence[Word], globs: Iterable[Glob] = ()) -> Lexicon:
    """Return the forms of words; a word's number is its place."""
    plain: dict[str, int | tuple[int, ...]] = {}
    bound: dict[str, tuple[Bound, ...]] = {}
    others = {at: word.others for at, word in enumerate(words) if word.others}
    for at, word in enumerate(words):
        for form in word.forms:
            if form.letters or form.capitals or form.article or form.marbuta:
                entry = Bound(at, *_asked(form))
                bound[form.text] = (*bound.get(form.text, ()), entry)
                plain.setdefault(form.text, ())
            else:
                plain[form.text] = _added(plain.get(form.text), at * 2 + form.clitics)
    return Lexicon(plain, bound, others, tuple(globs))


def _asked(form: Form) -> tuple[tuple[tuple[int, str], ...], bool, bool, bool, bool]:
    return form.letters, form.capitals, form.clitics, form.article, form.marbuta


def _added(codes: int | tuple[int, ...] | None, code: int) -> int | tuple[int, ...]:
    if codes is None:
        return code
    return (codes, code) if isinstance(codes, int) else (*codes, code)


_NOTHING: Final = Piece((), 1)


class Vocabulary:
    """Looks pieces of text up; what it answers never changes."""

    def __init__(self, words: Lexicon) -> None:
        self._plain = words.plain
        self._bound = words.bound
        self._others = words.others
        self._globs: dict[str, list[tuple[re.Pattern[str], int]]] = {}
        for glob in words.globs:
            entry = (re.compile(glob.pattern), glob.word)
            self._globs.setdefault(glob.prefix, []).append(entry)
        self._glob_lengths = sorted({len(prefix) for prefix in self._globs})
        # words that may be of a rule; with wildcards any word may
        self._forms_known: Container[str] = arabic.ANYTHING if self._globs else words.plain
        self._memory = Memory(self._learn)
        self._tokens: dict[str, tuple[Meaning, ...]] = {}

    def memory(self) -> Memory:
        """Return what is remembered, for the length of one document."""
        if self._memory.weight + len(self._tokens) > _MOST_KNOWN:
            self._memory = Memory(self._learn)
            self._tokens = {}
        return self._memory

    def _learn(self, text: str) -> Piece:
        """Return what a piece comes to."""
        simple = _SIMPLE.fullmatch(text)
        return self._one(text, simple) if simple else self._some(text)

    def _one(self, text: str, simple: re.Match[str]) -> Piece:
        """Return a piece that has one plain word: most are such."""
        group = simple.lastindex or 0
        spelt = simple[group]
        word = spelt.lower() if group == _LATIN else fold_text(spelt)
        if group == _LATIN and word not in self._forms_known:
            return _NOTHING
        found = self._found(word, spelt, (0, 0, *simple.span(group)))
        return Piece(tuple(found), 1) if found else _NOTHING

    def _some(self, text: str) -> Piece:
        folded = fold(text)
        tokens = tokenize(folded)
        found: list[Found] = []
        units = [first for first, _, _ in units_of(folded, tokens)]
        size = units.pop() if units else 0
        for token, first in zip(tokens, units, strict=True):
            spelt = text[token.start : token.end]
            place = (first, first, token.start, token.end)
            found += self._found(token.word, spelt, place)
        in_unit: dict[int, set[int]] = {}
        for hit in found:
            in_unit.setdefault(hit.first, set()).add(hit.word)
        for at, (one, two) in enumerate(pairwise(tokens)):
            if is_apostrophe(text[one.end : two.start]):
                spelt = text[one.start : one.end] + text[two.start : two.end]
                place = (units[at], units[at + 1], one.start, two.end)
                apart = in_unit.get(units[at], set()) | in_unit.get(units[at + 1], set())
                joined = self._found(one.word + two.word, spelt, place)
                found += [hit for hit in joined if hit.word not in apart]  # Suriye'nin: once
        for first, last in dotted(text, tokens):
            letters = "".join(token.word for token in tokens[first : last + 1])
            place = (units[first], units[last], tokens[first].start, tokens[last].end)
            found += self._found(letters, letters.upper(), place)
        return Piece(tuple(sorted(found, key=attrgetter("first", "last"))), size)

    def _found(self, word: str, spelt: str, place: tuple[int, int, int, int]) -> list[Found]:
        """Return the rules' words that a folded word of a text is, each once."""
        meanings = self._tokens.get(word)
        if meanings is None:
            meanings = tuple(self._meanings(word))
            if meanings and len(word) <= LONGEST_KNOWN:
                self._tokens[word] = meanings
        found: dict[int, Found] = {}
        for meaning in meanings:
            number = meaning.bound.word
            if number not in found and _is_spelt(meaning, spelt):
                found[number] = Found(number, *place, meaning.form)
        return list(found.values())

    def _meanings(self, text: str) -> Iterator[Meaning]:
        if not "\u0590" <= text[0] <= "\u06ff":
            yield from self._forms(text)
            yield from self._matching(text)
            return
        if text[0] < "\u0600":
            yield from self._hebrew(text)
            return
        for analysis in arabic.analyses(text, self._forms_known, shortest=2):
            for bound, form, _, _ in self._forms(analysis.rest):
                if _fits(analysis, bound, text) and text not in self._others.get(bound.word, ()):
                    whole = "ال" * bound.article + form
                    yield Meaning(bound, whole, analysis.cut, analysis.pronoun)
            if not analysis.pronoun:
                yield from self._matching(analysis.rest)

    def _hebrew(self, text: str) -> Iterator[Meaning]:
        for rest in hebrew.readings(text):
            for meaning in self._forms(rest):
                number, clitics = meaning.bound.word, meaning.bound.clitics
                if rest == text or (clitics and text not in self._others.get(number, ())):
                    yield meaning
            yield from self._matching(rest)

    def _forms(self, text: str) -> Iterator[Meaning]:
        codes = self._plain.get(text, ())
        for code in (codes,) if isinstance(codes, int) else codes:
            yield Meaning(Bound(code >> 1, clitics=bool(code & 1)), text)
        for bound in self._bound.get(text, ()):
            yield Meaning(bound, text)

    def _matching(self, text: str) -> Iterator[Meaning]:
        for length in self._glob_lengths:
            for pattern, word in self._globs.get(text[:length], ()):
                if len(text) >= length and pattern.fullmatch(text):
                    yield Meaning(Bound(word, clitics=True), text)


def units_of(folded: Folded, tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Return, per token, how many words stand before it, and its span in the original.

    In scripts without spaces two characters count as a word. A last entry tells the sum.
    """
    before = 0
    for token in tokens:
        yield before, token.start, token.end
        before += (len(token.word) + 1) // 2 if is_unspaced(token.word) else 1
    yield before, len(folded.original), len(folded.original)


def _fits(analysis: arabic.Analysis, form: Bound, text: str) -> bool:
    """Whether the clitics taken off a word of a text may surround a form."""
    if form.article and not analysis.article:
        return False
    if analysis.pronoun:
        return form.clitics and analysis.marbuta == form.marbuta
    return form.clitics or analysis.rest == text


def _is_spelt(meaning: Meaning, original: str) -> bool:
    """Whether a word of a text has what folding lost: accents, capitals, ه rather than ة."""
    form = meaning.bound
    if form.capitals and not original.isupper():
        return False
    if not form.letters and meaning.pronoun != "ه":
        return True
    letters = spelling(original)
    if meaning.pronoun == "ه" and letters[-1] == "ة":
        return False
    return all(
        letters[at + meaning.cut] == letter[0] or _is_bare_capital(original, at, letter)
        for at, letter in form.letters
    )


def _is_bare_capital(original: str, at: int, letter: str) -> bool:
    """Whether a letter that may lack its accent as a capital is one: Elections, ÉLECTION."""
    return len(letter) == 2 and (
        original.isupper() or (at == 0 and original[0] == letter[1].upper())
    )
