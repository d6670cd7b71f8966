"""How often words are written, by the lists of the package wordfreq.

Only its data are read (CC BY-SA 4.0), without importing what the package needs to read them;
they count words of subtitles, news, encyclopedias and more.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

_HUNDREDTHS: Final = 100
BILLION: Final = 1e9  # the Zipf scale is log10 of how often a word comes in so many


def shares(language: str) -> Iterator[tuple[str, float]]:
    """Return words as written with their share of all words; none where there is no list.

    Words that come less than once in a million are not there. `language`: ISO 639.
    """
    path = _path(language)
    rows = msgspec.msgpack.decode(gzip.decompress(path.read_bytes())) if path.exists() else []
    for hundredths, words in enumerate(rows[1:]):  # -hundredths: the logarithm of the share
        share = 10 ** (-hundredths / _HUNDREDTHS)
        yield from ((word, share) for word in words)


def _path(language: str) -> Path:
    spec = find_spec("wordfreq")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / f"small_{language}.msgpack.gz"
