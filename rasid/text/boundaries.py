"""Where words end in scripts that write no spaces between them."""

from __future__ import annotations

from itertools import accumulate

from icu4py.breakers import WordBreaker


def boundaries(text: str) -> frozenset[int]:
    """Return the offsets at which a word begins or ends, those of the text's ends included.

    By the rules of Unicode Standard Annex 29 and, for Chinese, Japanese, Thai, Lao, Khmer and
    Burmese, by ICU's dictionaries. A name that they lack is cut in pieces, but its two ends
    are boundaries all the same: ask for those, and never for whole words.
    """
    return frozenset(accumulate(map(len, WordBreaker(text, "en")), initial=0))
