"""Places as people are told of them: what contains them, and their names in a language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from rasid.places import cldr, geonames, own_words
from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.names import has_article, key

_WORDS: Final = re.compile(r"[^\W\d_]+")
_SIGN: Final = re.compile(r"[\u0591-\u05c7\u064b-\u065f\u0670]")
_LONE: Final = re.compile(r"(?<!\S)[\u0621-\u06d3](?!\S)")
_MANY: Final = 20_000  # names that are remembered
# how the names of letters in Unicode begin, by scripts of ISO 15924; others as their languages
_LETTERS: Final = {
    "Arab": ("ARABIC",), "Hebr": ("HEBREW",), "Cyrl": ("CYRILLIC",), "Grek": ("GREEK",),
    "Hans": ("CJK",), "Hant": ("CJK",), "Jpan": ("CJK", "KATAKANA", "HIRAGANA"),
    "Kore": ("HANGUL",), "Armn": ("ARMENIAN",), "Geor": ("GEORGIAN",), "Deva": ("DEVANAGARI",),
    "Beng": ("BENGALI",), "Thai": ("THAI",), "Ethi": ("ETHIOPIC",), "Guru": ("GURMUKHI",),
    "Gujr": ("GUJARATI",), "Taml": ("TAMIL",), "Telu": ("TELUGU",), "Knda": ("KANNADA",),
    "Mlym": ("MALAYALAM",), "Sinh": ("SINHALA",), "Mymr": ("MYANMAR",), "Khmr": ("KHMER",),
    "Laoo": ("LAO",), "Tibt": ("TIBETAN",), "Syrc": ("SYRIAC",), "Thaa": ("THAANA",),
}  # fmt: skip
# of languages that share a script: letters that it alone has there, and letters that it lacks
_TELLING: Final = {
    "ar": ("ةأإآطصضظثى", "پچژگکیہھەۆێڕڵڤۇۋېںےۀټډړښڭ"),
    "fa": ("پچژگکی", "يكةىہھەۆێڕڵڤۇۋېںےټډړښڭ"),
    "ckb": ("ەۆێڕڵڤ", "يكةىہۇۋېںےټډړښڭطصضظثذ"),
    "ur": ("ہھںےٹڈڑ", "يكةىەۆێڕڵڤۇۋېټډړښڭ"),
    "ru": ("ыэщъ", "іїєґљњћђџјѕқғҳәөүұҙӀӏꙑѣў"),
    "uk": ("іїєґ", "ыэъёљњћђџјѕқғҳәөүұҙӀӏꙑѣў"),
    "bg": ("ъ", "ыэёіїєґљњћђџјѕқғҳәөүұҙӀӏꙑѣў"),
}


def chain(place: Place, gazetteer: Gazetteer) -> list[Place]:
    """Return what contains a place as people are told: of what has a country, no region.

    "Al Mayadin, Deir ez-Zor, Syria", and not the Levant.
    """
    found: list[Place] = []
    inside = place.kind is Kind.COUNTRY
    for one in map(gazetteer.place, place.within):
        if not inside or one.kind is not Kind.REGION:
            found.append(one)
        inside = inside or one.kind is Kind.COUNTRY
    return found


class Shown:
    """The names of places in a language. Any number of threads may ask at once."""

    def __init__(self, gazetteer: Gazetteer, language: str = "en") -> None:
        self.language = language
        self.gazetteer = gazetteer
        self._letters = _LETTERS.get(cldr.script(language), ())
        self.name = lru_cache(_MANY)(self._name)

    def within(self, place: Place) -> list[str]:
        """Return the names of what contains a place."""
        return list(map(self.name, chain(place, self.gazetteer)))

    def text(self, place: Place) -> str:
        """Return a place with what contains it, each name once."""
        return ", ".join(dict.fromkeys([self.name(place), *self.within(place)]))

    def _name(self, place: Place) -> str:
        """Return what a place is called: its main name where the language is not known to say."""
        if place.kind < Kind.ADMIN2 and (own := _own_names(self.language).get(place.id)):
            return own
        if not self._letters:
            return place.name
        names = self.gazetteer.names(place.number)
        written = [one for one in names if _is_in(one, self._letters)]
        return _best(written, self.language) or place.name


@lru_cache(maxsize=4)
def _own_names(language: str) -> dict[str, str]:
    """Return the names of countries, regions and states by the ids of places."""
    names = own_words.displayed(language)
    ids = geonames.ids(names)
    return {ids.get(identity, identity): name for identity, name in names.items()}


def _is_in(name: str, letters: Sequence[str]) -> bool:
    """Whether a name is written in one script alone."""
    found = [unicodedata.name(one, "") for one in name if one.isalpha()]
    return bool(found) and all(one.startswith(tuple(letters)) for one in found)


def _best(names: Iterable[str], language: str) -> str:
    """Return the name that a language uses, by its letters and by how many spell it so.

    Cities that CLDR knows are called as it says. In Cyrillic a name of another language is no
    better than the main name; Arabic letters are read across languages.
    """
    found = [one for one in names if not _is_odd(one)]
    if known := [one for one in found if one in cldr.cities(language).values()]:
        return known[0]
    telling, foreign = map(set, _TELLING.get(language, ("", "")))
    cyrillic = cldr.script(language) == "Cyrl"
    if cyrillic:
        found = [one for one in found if foreign.isdisjoint(one.lower())]
    spelt = Counter(map(_joined, found))

    def doubts(name: str) -> tuple[bool, bool, int, int, bool, bool]:
        return (
            not foreign.isdisjoint(name.lower()),
            cyrillic and telling.isdisjoint(name.lower()),
            -spelt[_joined(name)],
            len(name.split()),
            language == "ar" and not has_article(name),
            telling.isdisjoint(name.lower()),
        )

    return min(found, key=doubts, default="")


def _is_odd(name: str) -> bool:
    """Whether a name has vowel signs, an Arabic word of one letter or capitals inside a word."""
    capitals = any(word[1:] != word[1:].lower() for word in _WORDS.findall(name))
    return capitals or _SIGN.search(name) is not None or _LONE.search(name) is not None


def _joined(name: str) -> str:
    return key(name).replace(" ", "")
