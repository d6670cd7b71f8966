"""What a place's word in a text may be the inflected form of.

Over-generation is meant: who asks keeps what the gazetteer knows, the earlier the better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from rasid.places.names import bare
from rasid.places.slavic_endings import nominatives
from rasid.text import arabic, hebrew
from rasid.text.tokens import scripts

_MOST: Final = 8
_PERSIAN: Final = (("هايي", ""), ("هاي", ""), ("ها", ""), ("اي", "ا"), ("وي", "و"))
_SORANI: Final = (("يشدا", ""), ("هوه", "ه"), ("هوه", ""), ("يدا", ""), ("دا", ""), ("وه", ""))
# Turkish and Kurmanji, folded: ending, vowels one of which must be the last before it
_BACK: Final = frozenset("aoiu")  # i and u may have been ı and u
_FRONT: Final = frozenset("eiou")  # o and u may have been ö and ü
_VOICELESS: Final = tuple("fstkchp")
_VOWELS: Final = tuple("aeiou")
_LOW: Final = {"a": _BACK, "e": _FRONT}
_CASES: Final = ("", "n", "ki", "kiler", "kilar", "kinin", "yken")
_OTHERS: Final = (
    "nin", "nun", "yle", "yla", "lilerin", "lilarin", "liler", "lilar", "lular", "luler", "li",
    "lu", "lerin", "larin", "yi", "yu", "ye", "ya", "yan", "yen",
)  # fmt: skip
_PARTICLES: Final = (
    "에서는", "으로부터", "에서", "에게", "으로", "까지", "부터", "에는", "과의", "와의", "이나",
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "로", "만",
)  # fmt: skip
_PEOPLE: Final = ("인", "군", "계", "측", "산", "발")  # of people, troops, descent, goods, reports
_SHORTEST_KOREAN: Final = 2
_SHORTEST: Final = 3  # of what is left before an ending
_SHORTEST_BEFORE_LETTER: Final = 4


def bases(word: str) -> tuple[str, ...]:
    """Return what a folded word may stand for: itself first, then at most seven others.

    Arabic and Hebrew lose what is written together with them in front, and the Arabic
    article; Persian, Sorani, Turkish, Kurmanji, Russian and Ukrainian their endings, Korean
    its particles; a Latin word its genitive s. Words of scripts without spaces have no others.
    """
    script = next(iter(scripts(word)), "")
    read = _READINGS.get(script)
    if read is None or (len(word) < _SHORTEST and script not in "HN"):
        return (word,)
    return tuple(islice(dict.fromkeys((word, *read(word))), _MOST))


def _arabic(word: str) -> Iterator[str]:
    for found in arabic.analyses(word):
        if not found.pronoun:
            yield bare(found.rest)
    for ending, instead in (*_PERSIAN, *_SORANI):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield word[: -len(ending)] + instead


def _korean(word: str) -> Iterator[str]:
    """Return words without their particles, and without what makes people of a country."""
    for ending in _PARTICLES:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_KOREAN:
            yield stem
            yield from (stem[:-1] for one in _PEOPLE if stem.endswith(one) and len(stem) > 2)
    if word.endswith(_PEOPLE) and len(word) > _SHORTEST_KOREAN:
        yield word[:-1]


def _latin(word: str) -> Iterator[str]:
    if word.endswith("s") and len(word) > _SHORTEST_BEFORE_LETTER:
        yield word[:-1]
    yield from _located(word)
    for ending in _OTHERS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            yield stem
    if word.endswith(("in", "un")) and len(word) >= _SHORTEST_BEFORE_LETTER + 2:
        yield word[:-2]
    short = len(word) <= _SHORTEST_BEFORE_LETTER
    if not short and word.endswith(_VOWELS) and word[-2] not in _VOWELS:
        yield word[:-1]
        if word[-2] in "bdgc":  # Halebe: Halep, Belgradi
            yield word[:-2] + {"b": "p", "d": "t", "g": "k", "c": "c"}[word[-2]]


def _located(word: str) -> Iterator[str]:
    """Return Turkish words without -de, -dan, -teki and their like, by vowel harmony."""
    for case in _CASES:
        rest = word.removesuffix(case) if case else word
        if (case and rest == word) or len(rest) < _SHORTEST + 2 or rest[-1] not in _LOW:
            continue
        stem = rest[:-2]
        last = next((letter for letter in reversed(stem) if letter in _VOWELS), "")
        hard = rest[-2] == "t" and stem.endswith(_VOICELESS)
        if last in _LOW[rest[-1]] and (hard or rest[-2] == "d"):
            yield stem


_READINGS: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "A": _arabic, "C": nominatives, "H": hebrew.readings, "L": _latin, "N": _korean,
}  # fmt: skip
