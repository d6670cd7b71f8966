"""What is wrong with a word as it is written: it could find nothing, or nearly everything."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_LEAST_BEFORE_STAR: Final = 3
_LEAST_WITH_MARK: Final = 2
_WILD: Final = re.compile("[*?]")


class Fault(NamedTuple):
    """What is wrong, and what to do about it."""

    message: str
    hint: str


def fault_of(text: str, *, exact: bool = False) -> Fault | None:
    """Return what is wrong with a word or phrase; `exact`: `*` and `?` are no wildcards."""
    if text.isalnum():
        return None
    if not any(letter.isalnum() for letter in unicodedata.normalize("NFKC", text)):
        hint = "a rule on everything has no words at all, but allow_match_all: true"
        return Fault(f'"{text}" has no letter or digit', hint)
    if exact or not _WILD.search(text):
        return None
    found = (_fault_of_word(word) for word in _words(text) if _WILD.search(word))
    return next(filter(None, found), None)


def _words(text: str) -> list[str]:
    """Return runs of letters, digits, marks and wildcards."""
    return "".join(char if _belongs(char) else " " for char in text).split()


def _belongs(char: str) -> bool:
    return char.isalnum() or char in "*?" or unicodedata.category(char) in ("Mn", "Mc", "Cf")


def _fault_of_word(word: str) -> Fault | None:
    wild = "*" if "*" in word else "?"
    if not any(map(str.isalnum, word)):
        hint = "for words in between use query: first ONEAR/3 second"
        return Fault(f"{wild} stands for letters of a word, and here it stands alone", hint)
    if word[0] in "*?":
        hint = "a word must begin with letters: drone*, wom?n"
        return Fault(f'"{word}" begins with {word[0]}', hint)
    before = sum(map(str.isalnum, word.partition("*")[0]))
    if "*" in word and _is_unspaced(word):
        hint = "in scripts without spaces a word is found inside running text: leave * away"
        return Fault(f'"{word}": * does not work in this script', hint)
    if "*" in word and before < _LEAST_BEFORE_STAR:
        hint = "with fewer it would match nearly everything; a plain word finds its own forms"
        return Fault(f'"{word}" has fewer than 3 letters before *', hint)
    if before < _LEAST_WITH_MARK:
        return Fault(f'"{word}" has fewer than 2 letters', "? stands for one letter: wom?n")
    return None


def _is_unspaced(word: str) -> bool:
    if word.isascii():
        return False
    from rasid.text.fold import fold_text
    from rasid.text.tokens import is_unspaced

    return is_unspaced(fold_text(word))
