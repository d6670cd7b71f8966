"""How common the words of a language are.

Where a script has no capitals, this tells a word that is also a town, as عالية (high) is Aley,
from a town's name; a text's language says by which list.
"""

from __future__ import annotations

from collections import Counter
from math import log10
from typing import Final

from rasid.places.names import bare
from rasid.text.fold import fold_text
from rasid.text.frequency import BILLION, shares

_HUNDREDTHS: Final = 100


def frequencies(language: str) -> dict[str, int]:
    """Return folded words without article, in hundredths of the Zipf scale.

    The scale is the logarithm of how often a word comes in 1e9 words (van Heuven et al. 2014).
    `language`: ar, fa or he.
    """
    found: Counter[str] = Counter()
    for word, share in shares(language):
        found[bare(fold_text(word))] += share  # type: ignore[assignment]
    return {word: round(log10(share * BILLION) * _HUNDREDTHS) for word, share in found.items()}
