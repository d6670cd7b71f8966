"""Forms by rule, in languages whose dictionaries lack many or that have none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rasid.text import cyrillic, hebrew, iranian, turkish
from rasid.text.fold import fold_text

RULED: Final = frozenset({"ckb", "ku"})  # languages without a dictionary


def by_rule(word: str, language: str, lemma: str) -> Iterator[str]:
    """Return forms of a word; `lemma` is what the dictionary says, "" when it lacks the word."""
    if language == "tr":
        if not lemma or fold_text(lemma) == fold_text(word) or turkish.is_verbal_noun(word, lemma):
            yield from turkish.nouns(word)
    elif language in ("ru", "uk"):
        if not lemma:
            yield from cyrillic.names(word, language)
    elif language in _NOUNS:
        yield from _NOUNS[language](word)


_NOUNS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "fa": iranian.persian,
    "he": hebrew.nouns,
    "ckb": iranian.sorani,
    "ku": iranian.kurmanji,
}
