"""Which words of names are ordinary words too: Reading, Bath, Nice, Hit, Mobile.

A dictionary that writes a word in small letters has it as an ordinary one; it writes Paris and
Mexico with a capital. So it does German nouns, which are left out therefore. Arabic, Persian
and Hebrew have no capitals: whatever the dictionary has is called ordinary there, and that
includes some names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rasid.text.stream import open_dictionary
from rasid.text.tokens import scripts

EN, FR, DE, ES, IT, PT, TR, RU, UK, AR, FA, HE = (1 << bit for bit in range(12))
BITS: Final = {
    "en": EN, "fr": FR, "de": DE, "es": ES, "it": IT, "pt": PT, "tr": TR, "ru": RU, "uk": UK,
    "ar": AR, "fa": FA, "he": HE,
}  # fmt: skip
CASED: Final = EN | FR | DE | ES | IT | PT | TR | RU | UK
_SCRIPTS: Final = {"ru": "C", "uk": "C", "ar": "A", "fa": "A", "he": "H"}  # else Latin: L


def ordinary(words: Iterable[str]) -> dict[str, int]:
    """Return in which languages folded words are ordinary ones (bits), where in any."""
    by_script: dict[str, list[str]] = defaultdict(list)
    by_start: dict[str, list[str]] = {}
    for word in words:
        start = word[0]
        if start not in by_start:  # the first letter tells the script
            by_start[start] = by_script[next(iter(scripts(start)), "")]
        by_start[start].append(word)
    found: dict[str, int] = {}
    for language, bit in BITS.items():
        wanted = by_script.get(_SCRIPTS.get(language, "L"), [])
        for word in open_dictionary(language).in_small_letters(wanted) if wanted else ():
            found[word] = found.get(word, 0) | bit
    return found
