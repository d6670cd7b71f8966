"""Folding: the one normaliser for rules, items and search.

NFKC, case folding, no format characters, no tatweel, no Arabic or Hebrew marks and no
accents on Latin, Greek and Cyrillic letters (kana, Devanagari and Thai keep theirs; й, ї
and ў are letters of their own). أإآٱ become ا, ى and ی become ي, ک becomes ك, ة becomes ه,
Turkish ı becomes i, ł ø đ become l o d, œ and æ two letters, every digit becomes ASCII.
Offsets into the original stay known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك",
    "ة": "ه", "ہ": "ه", "ۀ": "ه", "ە": "ه", "ı": "i", "ـ": "",
    "ʼ": "'", "’": "'", "‘": "'", "׳": "'", "‛": "'", "′": "'", "ʻ": "'",
    "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae",
}  # fmt: skip
_KEPT: Final = frozenset("йїў")
_CASED: Final = ("LATIN", "GREEK", "CYRILLIC")
_ARABIC_MARKS: Final = frozenset(
    chr(code)
    for low, high in ((0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC),
                      (0x6DF, 0x6E8), (0x6EA, 0x6ED), (0x8CA, 0x8FF))
    for code in range(low, high + 1)
    if unicodedata.category(chr(code)) == "Mn"
)  # fmt: skip
_HEBREW_MARKS: Final = frozenset(
    chr(code) for code in range(0x591, 0x5C8) if unicodedata.category(chr(code)) == "Mn"
)
_ACCENTS: Final = frozenset(map(chr, range(0x300, 0x370)))
_DROPPED: Final = _ARABIC_MARKS | _HEBREW_MARKS | _ACCENTS


def _bare(char: str) -> str:
    """Fold one case-folded NFKC character."""
    if char in _LETTERS:
        return _LETTERS[char]
    if char in _KEPT:
        return char
    if char in _DROPPED or unicodedata.category(char) == "Cf":
        return ""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.name(char, "").startswith(_CASED):
        base = unicodedata.normalize("NFD", char)[0]
        return _LETTERS.get(base, base)
    return char


def _fold_char(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).casefold()
    return "".join(map(_bare, unicodedata.normalize("NFKC", folded)))


class _Table(dict[int, str]):
    """For `str.translate`: what each character folds to, worked out once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_TABLE: Final = _Table()


def _joins_what_precedes(char: str) -> bool:
    """Whether normalising may merge a character with those before it."""
    first = unicodedata.normalize("NFKC", char)[0]
    return unicodedata.combining(first) != 0 or first in _SECONDS


def _seconds() -> frozenset[str]:
    """Return the characters without a combining class that compose with what precedes."""
    found = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for code in range(0x900, 0x12000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)


def _char_class(chars: Sequence[str]) -> str:
    return "[" + "".join(map(re.escape, chars)) + "]"


_SECONDS: Final = _seconds()
_JOINING: Final = [c for c in map(chr, range(0x300, 0x1F000)) if _joins_what_precedes(c)]
# plain vowel marks never compose, and most Arabic text has some: they need no clusters
_HARMLESS: Final = (_ARABIC_MARKS | _HEBREW_MARKS) - set("\u0653\u0654\u0655")
_COMPOSING: Final = frozenset(_JOINING) - _HARMLESS
_FORMAT: Final = [
    c for c in map(chr, (*range(0xAD, 0x1D17B), *range(0xE0001, 0xE0080)))
    if unicodedata.category(c) == "Cf"
]  # fmt: skip
_FORMAT_CHARS: Final = "".join(_FORMAT)
_DROP_FORMAT: Final = dict.fromkeys(map(ord, _FORMAT))
_CLUSTER: Final = re.compile("." + _char_class([*_JOINING, *_FORMAT]) + "*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, per folded character, where it stands in the original.

    `starts` and `ends` are None when every character folds to exactly one.
    """

    text: str
    original: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of a span (not empty) of the folded text."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def _fold_cluster(cluster: str) -> str:
    whole = unicodedata.normalize("NFKC", cluster.translate(_DROP_FORMAT))
    return whole.translate(_TABLE)


def fold_text(text: str) -> str:
    """Return a text folded, where nobody asks for offsets."""
    if text.isascii():
        return text.lower()
    if not _COMPOSING.isdisjoint(text):
        return _fold_cluster(text)
    return text.translate(_TABLE)


def composes(char: str) -> bool:
    """Whether a character may become one with those before it."""
    return char in _COMPOSING


def fold(text: str) -> Folded:
    """Fold a text and remember where each character came from."""
    if not _COMPOSING.isdisjoint(text):
        return _fold_clusters(text)
    folded = text.translate(_TABLE)
    if len(folded) == len(text) and all(len(_TABLE[ord(char)]) == 1 for char in set(text)):
        return Folded(folded, text)
    table = {char: range(len(_TABLE[ord(char)])) for char in set(text)}
    starts = [at for at, char in enumerate(text) for _ in table[char]]
    return Folded(folded, text, starts, [at + 1 for at in starts])


def _fold_clusters(text: str) -> Folded:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CLUSTER.finditer(text):
        cluster = found.group()
        part = _TABLE[ord(cluster)] if len(cluster) == 1 else _fold_cluster(cluster)
        parts.append(part)
        starts.extend([found.start()] * len(part))
        end = found.start() + len(cluster.rstrip(_FORMAT_CHARS))
        ends.extend([end] * len(part))
    return Folded("".join(parts), text, starts, ends)


def spelling(text: str) -> list[str]:
    """Return, per folded character of a word, the letter as written in lower case.

    It keeps what folding loses: accents, and whether an Arabic ه was a ة.
    """
    whole = unicodedata.normalize("NFKC", text.translate(_DROP_FORMAT)).casefold()
    letters = unicodedata.normalize("NFKC", whole)
    return [char for char in letters for _ in _TABLE[ord(char)]]
