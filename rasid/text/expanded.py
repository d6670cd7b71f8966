"""What terms become, for people to look at."""

from __future__ import annotations

from typing import NamedTuple

from rasid.settings import Term
from rasid.text.dictionary import Dictionaries
from rasid.text.forms import expand_terms


class Expansion(NamedTuple):
    """A word of a term for people to look at: the languages taken, if any, and its forms."""

    word: str
    language: str
    forms: tuple[str, ...]


def expand(term: Term, dictionaries: Dictionaries | None = None) -> list[str]:
    """Return every folded form of a term, for people to look at."""
    phrase = expand_terms([term], dictionaries or Dictionaries())[term]
    if phrase.inside:
        return [phrase.inside]
    shown = [" | ".join(sorted({form.text for form in word.forms})) for word in phrase.words]
    if len(phrase.words) == 1:
        shown = sorted({form.text for form in phrase.words[0].forms})
    return shown + [form.text for form in (phrase.joined.forms if phrase.joined else ())]


def expand_words(term: Term, dictionaries: Dictionaries | None = None) -> list[Expansion]:
    """Return each word of a term with its language and its folded forms."""
    phrase = expand_terms([term], dictionaries or Dictionaries())[term]
    words = [*phrase.words, *([phrase.joined] if phrase.joined else [])]
    return [
        Expansion(word.text, word.language, tuple(sorted({form.text for form in word.forms})))
        for word in words
    ]
