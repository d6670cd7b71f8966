"""Russian and Ukrainian: the forms of names and words that no dictionary has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_VOWELS: Final = "аеёиоуыэюяіїєъ"
_HARD: Final = ("ам", "ами", "ах")
_SOFT: Final = ("ям", "ями", "ях")


class _Rule(NamedTuple):
    """Words that end so lose `cut` letters and take these endings; the first rule counts."""

    words: tuple[str, ...]
    cut: int
    endings: tuple[str, ...]


_RUSSIAN: Final = (
    _Rule(("ский", "цкий"), 2,
          ("ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")),
    _Rule(("ый",), 2, ("ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми")),
    _Rule(("ия",), 1, ("и", "ю", "ей", "й", *_SOFT)),
    _Rule(("ий",), 1, ("я", "ю", "ем", "и")),
    _Rule(("га", "ка", "ха", "жа", "ша", "ча", "ща", "ца"), 1,
          ("и", "ы", "е", "у", "ой", "ей", *_HARD)),
    _Rule(("а",), 1, ("ы", "е", "у", "ой", "ою", *_HARD)),
    _Rule(("я",), 1, ("и", "е", "ю", "ей", *_SOFT)),
    _Rule(("ь",), 1, ("я", "ю", "ем", "е", "и", "ью", *_SOFT)),
    _Rule(("й",), 1, ("я", "ю", "ем", "е", "и", "ев", *_SOFT)),
    _Rule(("ово", "ево", "ёво", "ино", "ыно"), 1, ("а", "у", "ом", "е")),
    _Rule(("ов", "ев", "ёв", "ин", "ын"), 0,
          ("а", "у", "ом", "е", "ы", "ым", "ой", "ых", "ыми", *_HARD)),
    _Rule(("г", "к", "х"), 0, ("а", "у", "ом", "е", "и", "ов", *_HARD)),
    _Rule(("ж", "ш", "ч", "щ", "ц"), 0, ("а", "у", "ем", "ом", "е", "и", "ы", "ей", "ев", *_HARD)),
    _Rule(("",), 0, ("а", "у", "ом", "е", "ы", "ов", *_HARD)),
)  # fmt: skip
_UKRAINIAN: Final = (
    _Rule(("ський", "цький", "ий"), 2,
          ("ого", "ому", "им", "ім", "а", "ої", "ій", "у", "е", "ою", "і", "их", "ими")),
    _Rule(("ія",), 1, ("ї", "ю", "єю", "й", *_SOFT)),
    _Rule(("а",), 1, ("и", "і", "у", "ою", "ею", *_HARD)),
    _Rule(("я",), 1, ("і", "ю", "ею", *_SOFT)),
    _Rule(("ь",), 1, ("я", "ю", "ем", "і", "еві", "ів", *_SOFT)),
    _Rule(("й",), 1, ("я", "ю", "єм", "ї", "єві", "їв", *_SOFT)),
    _Rule(("ів",), 2, ("ова", "ову", "овом", "ові")),
    _Rule(("",), 0, ("а", "у", "ом", "ем", "і", "ові", "и", "ів", *_HARD)),
)  # fmt: skip


def names(word: str, language: str) -> Iterator[str]:
    """Return the cases of a noun by its ending; of an adjective its genders too.

    `language` is ru or uk. A word that ends in another vowel has no other forms.
    """
    lower = word.lower()
    for rule in _UKRAINIAN if language == "uk" else _RUSSIAN:
        if lower.endswith(rule.words):
            if len(lower) - rule.cut >= 2 and (rule.words != ("",) or lower[-1] not in _VOWELS):
                stem = lower[: len(lower) - rule.cut]
                yield from (stem + ending for ending in rule.endings)
            return
