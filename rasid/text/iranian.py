"""Persian and Kurdish: the endings that are written together with a noun.

Of Kurdish there is no dictionary; Sorani is written in Arabic letters, Kurmanji in Latin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_PERSIAN_OWNERS: Final = ("ش", "شان", "م", "مان", "ت", "تان")
_SORANI: Final = (
    "ەکە", "ەکان", "ێک", "ان", "ە", "ی", "انی", "ەکەی", "ەکانی", "ێکی", "یش", "دا", "ەکەدا",
    "ەکاندا", "انە", "ەوە", "ەکەوە", "ەکانەوە", "یان", "مان",
)  # fmt: skip
_SORANI_VOWEL: Final = (
    "کە", "کان", "یەک", "یەکە", "یەکان", "یان", "ی", "کەی", "کانی", "یەکی", "دا", "یەکەی",
    "یەکانی", "یش", "وە", "یە", "یانی",
)  # fmt: skip
_KURMANJI: Final = ("ê", "a", "an", "ên", "ek", "î", "eke", "ekê", "in", "e", "o")
_KURMANJI_VOWEL: Final = ("yê", "ya", "yan", "yên", "yek", "yî", "yeke", "ye", "n", "yekê")


def persian(word: str) -> Iterator[str]:
    """Return plurals, the ezafe, the article and owners of a Persian noun.

    Letters are joined as by a zero-width non-joiner, which folding drops.
    """
    plural = word + "ها"
    yield plural
    yield from (plural + "ی" + owner for owner in ("", "ی", *_PERSIAN_OWNERS))
    if word.endswith(("ه", "ة")):
        yield from (word[:-1] + "گان", word[:-1] + "گانی", word + "ای", word + "ی", word + "اش")
    elif word.endswith(("ا", "و")):
        yield from (word + "ی", word + "یی", word + "یان")
    else:
        yield from (word + ending for ending in ("ی", "ان", "انی"))
        yield from (word + owner for owner in _PERSIAN_OWNERS[:2])


def sorani(word: str) -> Iterator[str]:
    """Return a Sorani noun, definite and indefinite, singular and plural."""
    vowel = word.endswith(("ا", "ە", "ێ", "ی", "ۆ", "وو"))
    yield from (word + ending for ending in (_SORANI_VOWEL if vowel else _SORANI))
    if word.endswith("ی"):
        yield from (word + ending for ending in ("ێک", "ەکە", "ەکان", "ەکانی"))


def kurmanji(word: str) -> Iterator[str]:
    """Return a Kurmanji noun: construct and oblique, singular and plural, and indefinite."""
    lower = word.lower()
    vowel = lower[-1] in "aeêiîouû"
    yield from (lower + ending for ending in (_KURMANJI_VOWEL if vowel else _KURMANJI))
    if lower.endswith("î"):  # keştî: keştiyê
        yield from (lower[:-1] + "i" + ending for ending in _KURMANJI_VOWEL if ending != "n")
