"""Names of people and places as they sound, so that Трамп, ترامب and Trump are one.

What is left is the consonants, in classes that transliterations do not confuse. Where a script
has capitals they tell a name; Arabic and Hebrew have none, so that any word that is not common
may be one, which counts only where another text has it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise, repeat
from typing import Final

from anyascii import anyascii

from rasid.stories.rarity import rarity
from rasid.stories.stems import bases, stem
from rasid.text.fold import fold_text

LEAST: Final = 3  # consonants
COMMON: Final = 3.3  # a word of less weight is no name: a Zipf value above 4.6
_SHORT: Final = 5  # letters of an Arabic word with two consonants and its vowels
_ARTICLE: Final = 2  # letters: ez, al
_WORD: Final = re.compile(r"[^\W\d_]+")
_PAIRS: Final = (
    ("sch", "s"), ("kh", "h"), ("gh", "g"), ("ch", "s"), ("sh", "s"), ("dh", "d"), ("th", "t"),
    ("ph", "f"), ("ck", "k"), ("x", "ks"),
)  # fmt: skip
# what is left of ASCII: neither vowels nor what is next to one
_SOUNDS: Final = dict.fromkeys(range(128)) | str.maketrans(
    "bcdfgjklmnpqrstvxz", "bkdfggklmnbkrstfxs"
)
_DOUBLED: Final = re.compile(r"(.)\1+")


class _Latin(dict[int, str]):
    """For `str.translate`: each character in small Latin letters, worked out once."""

    def __missing__(self, code: int) -> str:
        text = self[code] = anyascii(chr(code)).lower()
        return text


_LATIN: Final = _Latin()
# of a word of a script without capitals: the keys that it may be a name by; its consonants
# where it can only begin one, else ""; those without what is written on before it
_Heard = tuple[tuple[str, ...], str, str]


def names(text: str, language: str) -> Iterator[str]:
    """Return the keys (~mkrn) of words with a capital that are not common ones."""
    written = _WORD.findall(text)
    for at, word in enumerate(written):
        if word[0].isupper():
            keys = _keys(word, language)
            yield from keys
            if not keys and (following := _after(written, at)):
                yield from _joined(_begun(word), consonants(following))


def possible_names(words: Iterable[str], language: str, most: int) -> list[str]:
    """Return the first keys, at most so many, of folded words of a script without capitals."""
    found: dict[str, None] = {}
    heard = chain(map(_heard, words, repeat(language)), [((), "", "")])
    for (keys, begun, _), (_, _, following) in pairwise(heard):
        for one in keys:
            found[one] = None
        for one in _joined(begun, following):
            found[one] = None
        if len(found) >= most:
            break
    return list(found)[:most]


def _after(written: Sequence[str], at: int) -> str:
    """Return what follows a word within a name: Deir ez-Zor, Abu Kamal; "" if nothing does."""
    following = written[at + 1 : at + 3]
    if following and following[0][0].isupper():
        return following[0]
    if len(following) > 1 and len(following[0]) <= _ARTICLE and following[1][0].isupper():
        return following[0] + following[1]
    return ""


@lru_cache(maxsize=50_000)
def _begun(word: str) -> str:
    """Return the consonants of a word that has too few to be a name by itself, else ""."""
    found = consonants(word)
    return found if len(found) < LEAST else ""


def _joined(begun: str, following: str) -> tuple[str, ...]:
    """Return the key of a name of two words, of which the first begins it, by consonants."""
    if not begun or not following:
        return ()
    found = begun + following.removeprefix(begun[-1])
    return ("~" + found,) if len(found) > LEAST else ()


@lru_cache(maxsize=50_000)
def _keys(word: str, language: str) -> tuple[str, ...]:
    found = skeleton(word)
    is_name = found and rarity(language).of(stem(fold_text(word))) >= COMMON
    return ("~" + found,) if is_name else ()


@lru_cache(maxsize=50_000)
def _heard(word: str, language: str) -> _Heard:
    """Return what a word of a script without capitals may be of a name."""
    sounds = tuple(map(consonants, bases(word)))
    may_be = rarity(language).of(stem(word)) >= COMMON
    begins = len(word) <= _SHORT and len(sounds[0]) < LEAST
    return (
        tuple("~" + one for one in sounds if may_be and len(one) >= LEAST),
        sounds[0] if begins else "",
        sounds[-1],
    )


def skeleton(word: str) -> str:
    """Return the consonants of a word of any alphabet; "" when they are too few."""
    found = consonants(word)
    return found if len(found) >= LEAST else ""


def consonants(word: str) -> str:
    """Return the consonants of a word, those alike that transliterations confuse."""
    text = word.lower() if word.isascii() else word.translate(_LATIN)
    for one, other in _PAIRS:
        text = text.replace(one, other)
    return _DOUBLED.sub(r"\1", text.translate(_SOUNDS))
