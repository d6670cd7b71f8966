"""Hebrew: the letters that are written together with a word, before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

# and; that, when; in, as, to, from; the: in this order, any may be missing
_CHAIN: Final = (("ו",), ("לכש", "כש", "מש", "ש"), ("ב", "כ", "ל", "מ"), ("ה",))
_MISTAKABLE: Final = "בכלמש"
_INSIDE: Final = str.maketrans("ךםןףץ", "כמנפצ")  # letters that look otherwise at a word's end
_WITH_GERESH: Final = frozenset("גזצתדטחער")  # ג'נין, ח'אן: the apostrophe ends their word


def readings(token: str) -> Iterator[str]:
    """Return what a folded word is without the letters before it; itself comes first."""
    yield token
    starts = {0}
    for group in _CHAIN:
        starts |= {
            at + len(letters) for at in starts for letters in group if token.startswith(letters, at)
        }
    least = 1 if token[-1:] in _WITH_GERESH else 2
    yield from (token[at:] for at in sorted(starts) if 0 < at <= len(token) - least)


def mistakable(forms: Iterable[str]) -> Iterator[str]:
    """Return what might be one of these forms after a letter, or a word of its own."""
    yield from (letter + form for form in forms for letter in _MISTAKABLE)


def nouns(word: str) -> Iterator[str]:
    """Return plural and construct of a noun."""
    if word.endswith(("ה", "ת")):
        yield from (word[:-1] + "ות", word[:-1] + "ת")
    elif len(word) >= 3:
        yield from (word.translate(_INSIDE) + ending for ending in ("ים", "ות", "י"))
