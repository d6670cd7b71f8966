"""How often words are written, by the lists of the package wordfreq.

Only its data are read (CC BY-SA 4.0), which count words of subtitles, news, encyclopedias and
more; a text's language says which list. Where a script has no capitals, this tells a word that
is also a town, as عالية (high) is Aley, from a town's name.
"""

from __future__ import annotations

import gzip
from collections import Counter
from importlib.util import find_spec
from math import log10
from pathlib import Path
from typing import Final

import msgspec

from rasid.places.names import bare
from rasid.text.fold import fold_text

_BILLION: Final = 1e9
_HUNDREDTHS: Final = 100


def frequencies(language: str) -> dict[str, int]:
    """Return folded words without article, in hundredths of the Zipf scale.

    The scale is the logarithm of how often a word comes in 1e9 words (van Heuven et al. 2014).
    Words that come less than once in a million are not there. `language`: ar, fa or he.
    """
    rows = msgspec.msgpack.decode(gzip.decompress(_path(language).read_bytes()))
    found: Counter[str] = Counter()
    for hundredths, words in enumerate(rows[1:]):  # -hundredths: the logarithm of the share
        share = 10 ** (-hundredths / _HUNDREDTHS)
        for word in words:
            found[bare(fold_text(word))] += share  # type: ignore[assignment]
    return {word: round(log10(share * _BILLION) * _HUNDREDTHS) for word, share in found.items()}


def _path(language: str) -> Path:
    """Return the list of a language, without importing what the package needs to read it."""
    spec = find_spec("wordfreq")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / f"small_{language}.msgpack.gz"
