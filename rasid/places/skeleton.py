"""What is left of a transliterated name when its vowels go: Mayadin, Mayadeen, Al-Meyadine."""

from __future__ import annotations

import re
from typing import Final

# countries whose names are transliterated in more ways than GeoNames lists
COUNTRIES: Final = frozenset({
    "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "ER", "IL", "IQ", "IR", "JO", "KM", "KW", "LB",
    "LY", "MA", "MR", "OM", "PK", "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "YE",
})  # fmt: skip
LEAST: Final = 4  # consonants: fewer are shared by too many names
_ARTICLES: Final = frozenset({
    "a", "al", "el", "il", "ul", "ad", "ar", "as", "at", "az", "an", "ash", "adh", "ath",
    "ed", "er", "es", "et", "ez", "en", "esh", "edh", "eth", "e",
})  # fmt: skip
_PAIRS: Final = (
    ("kh", "h"), ("gh", "g"), ("ch", "sh"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"),
)  # fmt: skip
_SAME: Final = str.maketrans("qcpvj", "kkbfg")
_DROPPED: Final = re.compile(r"[aeiouyw']+")
_DOUBLED: Final = re.compile(r"(.)\1+")


def skeleton(words: list[str]) -> str:
    """Return the consonants of folded Latin words; "" when they are too few.

    Articles go, wherever they stand; letters that transliterations confuse become one.
    """
    kept = [_without_article(word) for word in words if word not in _ARTICLES]
    text = "".join(kept)
    if not text.isascii() or not text.isalpha():
        return ""
    for one, other in _PAIRS:
        text = text.replace(one, other)
    text = _DOUBLED.sub(r"\1", _DROPPED.sub("", text.translate(_SAME)))
    return text if len(text.replace("sh", "s")) >= LEAST else ""


def _without_article(word: str) -> str:
    """Return a word without an article that was written on: Alhasakah, Ezzor."""
    if len(word) >= 6 and word.startswith(("al", "el")):
        return word[2:]
    if len(word) >= 4 and word[0] in "ae" and word[1] == word[2]:
        return word[1:]
    return word
