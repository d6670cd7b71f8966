"""Words of a folded text: runs of letters of one script, or of digits.

A change of script, or between letters and digits, ends a word; so does an underscore.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rasid.text.fold import Folded

_SCRIPTS: Final = {
    "ARABIC": "A", "HEBREW": "H", "CYRILLIC": "C", "GREEK": "G", "CJK": "J", "HIRAGANA": "J",
    "KATAKANA": "J", "KATAKANA-HIRAGANA": "J", "IDEOGRAPHIC": "J", "THAI": "T", "LAO": "O",
    "KHMER": "K", "MYANMAR": "M", "HANGUL": "N", "DEVANAGARI": "V", "BENGALI": "B",
    "ARMENIAN": "R", "GEORGIAN": "E", "ETHIOPIC": "P", "SYRIAC": "S", "LATIN": "L",
    "TAMIL": "I", "GURMUKHI": "U", "GUJARATI": "Y", "TELUGU": "Z", "THAANA": "F",
}  # fmt: skip
_UNSPACED: Final = frozenset("JTOKM")
_APOSTROPHES: Final = frozenset("'’‘ʼ`´׳‛′ʻ")
_RUN: Final = re.compile(r"([^ ])\1*")
_ASCII_WORD: Final = re.compile(r"[A-Za-z]+|[0-9]+")


class Token(NamedTuple):
    """A folded word; `start` and `end` are offsets into the original text."""

    word: str
    start: int
    end: int
    position: int


def _script(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return "d"
    if category[0] not in "LM" and category != "Nl":
        return " "
    return _SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], "X")


class _Table(dict[int, str]):
    """For `str.translate`: the script of each character, worked out once."""

    def __missing__(self, code: int) -> str:
        script = self[code] = _script(chr(code))
        return script


_TABLE: Final = _Table()


def tokenize(folded: Folded) -> Sequence[Token]:
    """Return the words of a folded text in order."""
    text = folded.text
    spans = [found.span() for found in _RUN.finditer(text.translate(_TABLE))]
    starts, ends = folded.starts, folded.ends
    if starts is None or ends is None:
        return [Token(text[s:e], s, e, i) for i, (s, e) in enumerate(spans)]
    return [Token(text[s:e], starts[s], ends[e - 1], i) for i, (s, e) in enumerate(spans)]


def plain_words(folded: str) -> list[str]:
    """Return the words of a folded text, where nobody asks where they stand."""
    if folded.isascii():
        return _ASCII_WORD.findall(folded)
    return [folded[at.start() : at.end()] for at in _RUN.finditer(folded.translate(_TABLE))]


def scripts(folded: str) -> frozenset[str]:
    """Return the script codes of the letters in a folded text ("A" Arabic, "L" Latin ...)."""
    return frozenset(folded.translate(_TABLE)) - {" ", "d"}


def script_of(char: str) -> str:
    """Return the script code of a folded character, "d" of a digit, "" of what is in no word."""
    return _TABLE[ord(char)].strip()


def is_unspaced(folded: str) -> bool:
    """Whether a text has letters of a script that writes no spaces between words."""
    return not _UNSPACED.isdisjoint(folded.translate(_TABLE))


def is_apostrophe(gap: str) -> bool:
    """Whether what stands between two words is an apostrophe, invisible characters aside."""
    if len(gap) > 1:
        gap = "".join(char for char in gap if unicodedata.category(char) != "Cf")
    return gap in _APOSTROPHES


def dotted(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Return the first and last token of each abbreviation written with dots: U.S., U.N.

    `tokens` are those of `text`.
    """
    first = 0
    for at, token in enumerate(tokens):
        letter = text[token.start : token.end]
        if len(letter) != 1 or not letter.isupper():
            first = at + 1
            continue
        if first < at and text[tokens[at - 1].end : token.start] != ".":
            first = at
        ends = at + 1 == len(tokens) or text[token.end : tokens[at + 1].start] != "."
        if ends and first < at:
            yield first, at
            first = at + 1
