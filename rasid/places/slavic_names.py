"""Russian and Ukrainian names of several words in all their cases: Южная Корея, Южной Кореей.

Adjectives in front and the first noun are inflected together; what follows (Берег Слоновой
Кости) stays. Both sides of "and" are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

_JOINTS: Final = re.compile(r"( (?:и|і|та|й|-|–|—) )")
_UNCHANGED: Final = ("о", "у", "и", "э", "ю", "ё")


class _Rule(NamedTuple):
    """Words that end in `ending` lose `cut` letters; `cases`: from genitive to locative."""

    ending: str
    cut: int
    cases: str


_RU_ADJECTIVES: Final = (
    _Rule("ская", 2, "ой ой ую ой ой"), _Rule("ая", 2, "ой ой ую ой ой"),
    _Rule("яя", 2, "ей ей юю ей ей"), _Rule("ское", 2, "ого ому ое им ом"),
    _Rule("ое", 2, "ого ому ое ым ом"), _Rule("ее", 2, "его ему ее им ем"),
    _Rule("ые", 2, "ых ым ые|ых ыми ых"), _Rule("ие", 2, "их им ие|их ими их"),
    _Rule("ний", 2, "его ему ий|его им ем"), _Rule("кий", 2, "ого ому ий|ого им ом"),
    _Rule("ый", 2, "ого ому ый|ого ым ом"), _Rule("ой", 2, "ого ому ой|ого ым ом"),
)  # fmt: skip
_RU_NOUNS: Final = (
    _Rule("острова", 1, "ов ам а ами ах"), _Rule("ия", 1, "и и ю ей и"),
    _Rule("ка", 1, "и е у ой е"), _Rule("га", 1, "и е у ой е"), _Rule("ша", 1, "и е у ей е"),
    _Rule("а", 1, "ы е у ой е"), _Rule("я", 1, "и е ю ей е"),
    _Rule("ь", 1, "и|я и|ю ь|я ью|ем и|е"), _Rule("й", 1, "я ю й|я ем е"),
    _Rule("ние", 1, "я ю е ем и"), _Rule("ство", 1, "а у о ом е"), _Rule("ре", 1, "я ю е ем е"),
    _Rule("ье", 1, "я ю е ем е"), _Rule("е", 0, ""), _Rule("ы", 1, "|ов ам ы ами ах"),
    _Rule("", 0, "а у |а ом е"),
)  # fmt: skip
_UK_ADJECTIVES: Final = (
    _Rule("ій", 2, "ього ьому ій|ього ім ьому"), _Rule("ий", 2, "ого ому ий|ого им ому|ім"),
    _Rule("ня", 1, "ьої ій ю ьою ій"), _Rule("ька", 1, "ої ій у ою ій"),
    _Rule("ика", 1, "ої ій у ою ій"), _Rule("на", 1, "ої ій у ою ій"),
    _Rule("ва", 1, "ої ій у ою ій"), _Rule("не", 1, "ого ому е им ому"),
    _Rule("ке", 1, "ого ому е им ому"), _Rule("ні", 1, "их им і|их ими их"),
    _Rule("ькі", 1, "их им і|их ими их"),
)  # fmt: skip
_UK_NOUNS: Final = (
    _Rule("ія", 1, "ї ї ю єю ї"), _Rule("ея", 1, "ї ї ю єю ї"), _Rule("ка", 2, "ки ці ку кою ці"),
    _Rule("га", 2, "ги зі гу гою зі"), _Rule("а", 1, "и і у ою і"), _Rule("я", 1, "і і ю ею і"),
    _Rule("ь", 1, "і|я і|ю ь|я ю|ем і"), _Rule("й", 1, "я ю й|я єм ї"),
    _Rule("ство", 1, "а у о ом і"), _Rule("ре", 1, "я ю е ем і"), _Rule("е", 0, ""),
    _Rule("і", 1, "ів ам і ами ах"), _Rule("и", 1, "|ів ам и ами ах"),
    _Rule("", 0, "у|а у|ові |а ом у|і"),
)  # fmt: skip


def cases(name: str, language: str) -> Iterator[str]:
    """Return a name in the five other cases; `language` is ru or uk."""
    pieces = _JOINTS.split(name)
    tables = [_piece(piece, language) if at % 2 == 0 else [(piece,)] * 5
              for at, piece in enumerate(pieces)]  # fmt: skip
    for case in range(5):
        yield from ("".join(found) for found in product(*(table[case] for table in tables)))


def _piece(piece: str, language: str) -> Sequence[tuple[str, ...]]:
    """Return a noun phrase in five cases, each with its variants."""
    words = piece.split(" ")
    tables = []
    noun = False
    for at, word in enumerate(words):
        adjective = not noun and at < len(words) - 1 and _rule(word, language, adjective=True)
        tables.append([(word,)] * 5 if noun else _word(word, language, adjective=bool(adjective)))
        noun = noun or not adjective
    return [tuple(map(" ".join, product(*(table[case] for table in tables)))) for case in range(5)]


def _word(word: str, language: str, *, adjective: bool) -> Sequence[tuple[str, ...]]:
    head, hyphen, tail = word.rpartition("-")
    if hyphen and not adjective:
        if tail.endswith(_UNCHANGED):
            return [tuple(f"{one}-{tail}" for one in case) for case in _simple(head, language)]
        return [tuple(f"{head}-{one}" for one in case) for case in _simple(tail, language)]
    return _simple(word, language, adjective=adjective)


def _simple(word: str, language: str, *, adjective: bool = False) -> Sequence[tuple[str, ...]]:
    rule = _rule(word, language, adjective=adjective)
    fixed = rule is None or not (rule.ending or not word.endswith(_UNCHANGED))
    if rule is None or fixed or not rule.cases or word.isupper():
        return [(word,)] * 5
    stem = word[: len(word) - rule.cut]
    return [tuple(stem + end for end in case.split("|")) for case in rule.cases.split(" ")]


def _rule(word: str, language: str, *, adjective: bool) -> _Rule | None:
    ukrainian = language == "uk"
    rules: tuple[_Rule, ...]
    if adjective:
        rules = _UK_ADJECTIVES if ukrainian else _RU_ADJECTIVES
    else:
        rules = _UK_NOUNS if ukrainian else _RU_NOUNS
    return next((rule for rule in rules if word.endswith(rule.ending)), None)
