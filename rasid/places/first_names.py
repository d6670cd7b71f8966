"""By which of its names a place of GeoNames is shown: as English newspapers write it.

The main name of GeoNames is a transliteration by rule (Dayr az Zawr, Al Ḩasakah) or has the
word of its language for what it is (Kyivska oblast).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

_TRANSLITERATED: Final = frozenset((
    "AE", "AF", "AM", "BG", "BH", "BY", "CN", "DJ", "DZ", "EG", "ER", "GE", "IQ", "IR", "JO", "KG",
    "KW", "KZ", "LA", "LB", "LY", "MA", "MN", "MR", "OM", "QA", "RU", "SA", "SY", "TJ", "TN", "UA",
    "YE",
))  # fmt: skip
# whose own letters these are: Şırnak, Rīga, Iaşi, Xi’an
_OWN: Final = frozenset(("AZ", "CN", "CY", "LT", "LV", "MD", "NZ", "RO", "TM", "TR", "UZ"))
_MARKS: Final = frozenset("āēīōūĀĒĪŌŪḨḩŞşŢţḐḑḎḏẔẕḤḥṢṣṬṭḌḍẒẓ‘’ʻʼʿʾ")
_BESIDE: Final = frozenset("á")
_POSSESSIVE: Final = re.compile(r"’s\b")
_OF_KIND: Final = re.compile(r"(.+) (?:Governorate|Province|Oblast|Region|State)", re.IGNORECASE)
# what is left is no name: Capital Region, Inner Mongolia Autonomous Region, Rif-dimashq
_NO_NAME: Final = re.compile(
    r"(?:.+[ -])?(?:Autonomous|Administrative|Capital|Metropolitan|Special|Federal|Free|National|"
    r"(?:(?:North|South)?(?:East|West)|North|South)(?:ern)?|Central|Upper|Lower|Middle|Coastal)|"
    r".+skaya|[A-Z][a-z]+-(?-i:[a-z]{4,})",
    re.IGNORECASE,
)


def plain(name: str, others: Iterable[str], country: str) -> str:
    """Return a name without the marks of a transliteration, if anybody writes it so.

    One that has other letters than a-z and these is of a language that is written so, and stays.
    """
    strange = {one for one in name if not one.isascii()}
    if country in _OWN or strange.isdisjoint(_MARKS) or strange - _MARKS - _BESIDE:
        return name
    if strange == {"’"} and country not in _TRANSLITERATED:  # St. John’s
        return name
    wanted = _letters(name)
    written = any(one.isascii() and _letters(one) == wanted for one in others)
    return _unmarked(name) if written else name


def english(name: str, others: Sequence[str], country: str) -> str:
    """Return what a state or province is called in English: X of "X Governorate", "X Oblast".

    Where names are not transliterated the main name is no worse.
    """
    called = [one[1] for one in map(_OF_KIND.fullmatch, others) if one and one[1].isascii()]
    found = [one for one in called if not _NO_NAME.fullmatch(one)]
    if country not in _TRANSLITERATED or not found or name in found:
        return plain(name, (*others, *called), country)
    alone = (one for one in found if one in others)
    spelt = (one for one in found if _letters(one) == _letters(name))
    return next(chain(alone, spelt, found))


def _letters(name: str) -> str:
    """Return the letters of a name, without marks, blanks and capitals."""
    return "".join(one for one in _unmarked(name).casefold() if one.isalpha())


def _unmarked(name: str) -> str:
    parts = unicodedata.normalize("NFD", _POSSESSIVE.sub("'s", name))
    return "".join(one for one in parts if one.isascii())
