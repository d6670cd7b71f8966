"""Every word of every rule in one hash table, and what a text has of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rasid.text import arabic
from rasid.text.fold import Folded, spelling
from rasid.text.forms import Form, Word
from rasid.text.tokens import Token


class Hit(NamedTuple):
    """A word of a rule found in a field: `start:end` of the original text."""

    position: int
    start: int
    end: int
    form: str


class _Reading(NamedTuple):
    """A word of a rule that a folded word may be, if it is spelt like it."""

    word: int
    form: Form
    cut: int = 0
    pronoun: str = ""


Hits = Mapping[int, Mapping[int, Hit]]  # word number -> position -> hit
_MOST_KNOWN: Final = 100_000
_LONGEST_KNOWN: Final = 40
_NOTHING: Final[tuple[tuple[int, Form], ...]] = ()


class Vocabulary:
    """The words of all rules by their folded forms.

    What it answers never changes; it remembers what the words of texts came to, since
    texts share most of their words.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = tuple(words)
        table: dict[str, list[tuple[int, Form]]] = {}
        for number, word in enumerate(self._words):
            for form in word.forms:
                table.setdefault(form.text, []).append((number, form))
        self._table = {text: tuple(entries) for text, entries in table.items()}
        self._known: dict[str, tuple[_Reading, ...]] = {}

    def find(self, folded: Folded, tokens: Iterable[Token]) -> Hits:
        """Return where a field has which words; one look-up per distinct word and reading."""
        places: dict[str, list[Token]] = {}
        for token in tokens:
            places.setdefault(token.word, []).append(token)
        found: dict[int, dict[int, Hit]] = {}
        for text, where in places.items():
            for reading in self._read(text):
                for token in where:
                    if _is_spelt(reading, folded.original[token.start : token.end]):
                        form = "ال" * reading.form.article + reading.form.text
                        hit = Hit(token.position, token.start, token.end, form)
                        found.setdefault(reading.word, {}).setdefault(token.position, hit)
        return found

    def _read(self, text: str) -> tuple[_Reading, ...]:
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = tuple(self._readings(text))
            if len(text) <= _LONGEST_KNOWN:
                self._known[text] = known
        return known

    def _readings(self, text: str) -> Iterator[_Reading]:
        if not "\u0600" <= text[0] <= "\u06ff":
            for number, form in self._table.get(text, _NOTHING):
                yield _Reading(number, form)
            return
        for analysis in arabic.analyses(text):
            for number, form in self._table.get(analysis.rest, _NOTHING):
                if _fits(analysis, form) and text not in self._words[number].others:
                    yield _Reading(number, form, analysis.cut, analysis.pronoun)


def _fits(analysis: arabic.Analysis, form: Form) -> bool:
    """Whether the clitics taken off a word may surround a form."""
    if form.article and not analysis.article:
        return False
    if analysis.pronoun:
        return form.clitics and analysis.marbuta == form.marbuta
    return form.clitics or not analysis.cut


def _is_spelt(reading: _Reading, original: str) -> bool:
    """Whether a word of a text has what folding lost: accents, capitals, ه rather than ة."""
    form = reading.form
    if form.capitals and not original.isupper():
        return False
    if not form.letters and reading.pronoun != "ه":
        return True
    letters = spelling(original)
    if reading.pronoun == "ه" and letters[-1] == "ة":
        return False
    return all(letters[at + reading.cut] == letter for at, letter in form.letters)
