"""Stems: what the forms of a word have in common, for telling what texts share.

Rougher than the forms that rules find, and the same for every language of a script: two texts
share more stems the nearer their stories are, and one wrong stem decides nothing.
"""

from __future__ import annotations

from typing import Final

_LENGTH: Final = 6  # letters of a Latin, Cyrillic or Greek stem
_LEAST: Final = 3  # letters that are left of an Arabic or Hebrew word
_NO_PLURAL: Final = ("ss", "us", "is", "as", "os")
_ARABIC_FIRST: Final = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ك", "ل")
_ARABIC_LAST: Final = ("ها", "ان", "ات", "ون", "ين", "يه", "هم", "ه", "ي", "ا")
_HEBREW_FIRST: Final = tuple("הבלמוכש")
_HEBREW_LAST: Final = ("ים", "ות")


def stem(word: str) -> str:
    """Return the stem of a folded word; one of another script is its own stem."""
    if "\u0600" <= word[0] <= "\u06ff":
        return _without(_without_article(word, _ARABIC_FIRST), _ARABIC_LAST)
    if "\u0590" <= word[0] <= "\u05ff":
        return _without(_without_article(word, _HEBREW_FIRST), _HEBREW_LAST)
    if word[-1] == "s" and len(word) > _LEAST and not word.endswith(_NO_PLURAL):
        word = word[:-1]
    return word[:_LENGTH]


def bases(word: str) -> tuple[str, ...]:
    """Return an Arabic or Hebrew word with and without what may be written on before it."""
    first = _ARABIC_FIRST if word[0] > "\u05ff" else _HEBREW_FIRST
    bare = _without_article(word, first)
    return (word,) if bare == word else (word, bare)


def is_joining(word: str) -> bool:
    """Whether a word is of a script that writes short words on to the next: Arabic, Hebrew."""
    return "\u0590" <= word[0] <= "\u06ff"


def _without_article(word: str, first: tuple[str, ...]) -> str:
    if not word.startswith(first):
        return word
    for one in first:
        if word.startswith(one) and len(word) - len(one) >= _LEAST:
            return word[len(one) :]
    return word


def _without(word: str, last: tuple[str, ...]) -> str:
    if not word.endswith(last):
        return word
    for one in last:
        if word.endswith(one) and len(word) - len(one) >= _LEAST:
            return word[: -len(one)]
    return word
