"""How much it says that two texts share a word: the rarer, the more.

Rarity is the inverse document frequency, log(1 / p), in decades, where p is the chance that a
short text has the word. It is taken from lists of how often words are written (van Heuven et
al. 2014: the Zipf scale), so that it holds from the first item on and hot topics do not drown
themselves; a word that no list has is rare.
"""

from __future__ import annotations

from collections import Counter
from math import log10
from typing import Final

from rasid.single_flight import single_flight
from rasid.stories.kept import SHELF
from rasid.stories.stems import stem
from rasid.text.fold import fold_text
from rasid.text.frequency import BILLION, shares
from rasid.text.tokens import plain_words

_CERTAIN: Final = 7.9  # on the Zipf scale: a short text nearly always has such a word
_RARE: Final = 2.5  # what is in no list
_UNLISTED: Final = 4.0  # any word of a language without a list


class Rarity:
    """Weights of the stems of one language, from 0 (says nothing)."""

    def __init__(self, language: str) -> None:
        self._zipf = SHELF.table(f"rarity-{language}", dict[str, float], lambda: _zipf(language))
        self._unknown = _CERTAIN - (_RARE if self._zipf else _UNLISTED)

    def of(self, stem_: str) -> float:
        """Return the weight of a stem."""
        zipf = self._zipf.get(stem_)
        return self._unknown if zipf is None else max(0.0, _CERTAIN - zipf)


@single_flight
def rarity(language: str) -> Rarity:
    """Return the weights of a language, read once."""
    return Rarity(language)


def _zipf(language: str) -> dict[str, float]:
    """Return the stems of a language on the Zipf scale; none where there is no list."""
    found: Counter[str] = Counter()
    for word, share in shares(language):
        for part in plain_words(fold_text(word)):
            found[stem(part)] += share  # type: ignore[assignment]
    return {one: log10(share * BILLION) for one, share in found.items()}
