"""In which scripts a country writes: what is written in one of them is likelier about it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel.languages import get_official_languages

from rasid.places.cldr import script

_CODES: Final = {
    "Arab": "A", "Cyrl": "C", "Grek": "G", "Hebr": "H", "Hans": "J", "Hant": "J", "Jpan": "J",
    "Latn": "L", "Kore": "N", "Thai": "T", "Deva": "V", "Beng": "B", "Armn": "R", "Geor": "E",
    "Ethi": "P",
}  # fmt: skip


def code_of(language: str) -> str:
    """Return the script of a language by the codes of `rasid.text.tokens`, "" unknown."""
    return _CODES.get(language.partition("_")[2] or script(language), "")


@lru_cache(maxsize=512)
def scripts_of(country: str) -> frozenset[str]:
    """Return the scripts, but Latin, of a country's official languages (alpha-2; CLDR)."""
    languages = get_official_languages(country, regional=True, de_facto=True)
    return frozenset(map(code_of, languages)) - {"", "L"}  # Latin is everybody's
