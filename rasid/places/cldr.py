"""Names of countries and continents in every language, as Unicode's CLDR has them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.localedata import locale_identifiers

_TWO_NAMES: Final = re.compile(r"^(.+?)\s*[(（](.+)[)）]$")
_BOTH_NAMES: Final = frozenset(("MM", "SZ", "FK", "TL", "CI", "XK", "BY"))
_SAID_AT_LENGTH: Final = frozenset(("HK", "MO"))  # "Hong Kong SAR China": our own names serve
_TOGETHER: Final = frozenset(("CD", "CG"))  # Congo (Kinshasa): what is bracketed tells which


@cache
def languages() -> frozenset[str]:
    """Return the tags of the languages that CLDR has data of."""
    return frozenset(one.partition("_")[0] for one in locale_identifiers())


@cache
def official_languages() -> frozenset[str]:
    """Return the tags of the languages that are official in a country or a part of one."""
    lands = get_global("territory_languages")
    found = (get_official_languages(land, regional=True, de_facto=True) for land in lands)
    return frozenset(tag.partition("_")[0] for tags in found for tag in tags)


def languages_like(name: str) -> list[str]:
    """Return the tags of languages that English calls so: Arabic."""
    wanted = name.casefold()
    english = Locale.parse("en").languages
    called = [tag for tag in languages() if str(english.get(tag, "")).casefold() == wanted]
    return sorted(called)


def script(language: str) -> str:
    """Return the script that a language is mostly written in, as ISO 15924 has it; "" unknown."""
    likely = str(get_global("likely_subtags").get(language, "")).split("_")
    return next((part for part in likely if len(part) == 4), "")


@lru_cache(maxsize=4)
def cities(language: str) -> Mapping[str, str]:
    """Return what a language calls the cities that time zones are named after, by the zone.

    English has only those that it writes in another way than the zone.
    """
    try:
        zones = Locale.parse(language).time_zones
    except (UnknownLocaleError, ValueError):
        return {}
    return {str(zone): str(names["city"]) for zone, names in zones.items() if "city" in names}


def zones() -> Iterator[tuple[str, str]]:
    """Return the time zones with the city that each is named after: Africa/Cairo, Cairo."""
    for zone in get_global("zone_territories"):
        if "/" in zone:
            yield str(zone), str(zone).rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=32)
def territories(language: str) -> Mapping[str, str]:
    """Return names by alpha-2 or UN M.49 code; none in a language that CLDR lacks."""
    try:
        found = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {str(code): str(name) for code, name in found.items()}


def names(code: str, language: str) -> Iterator[str]:
    """Return the names of a territory one by one, without brackets and "&"."""
    name = territories(language).get(code, "")
    if not name or code in _SAID_AT_LENGTH:
        return
    two = _TWO_NAMES.match(name)
    if not two:
        yield from _spelt(name)
    elif code in _TOGETHER:
        yield f"{two[1]} {two[2]}"
    else:
        yield from _spelt(two[1])
        if code in _BOTH_NAMES:
            yield from _spelt(two[2])


def full_name(code: str, language: str) -> Iterator[str]:
    """Return the name of a territory to be shown, if there is one that is not too long."""
    name = territories(language).get(code, "")
    if name and code not in _SAID_AT_LENGTH:
        yield name


def _spelt(name: str) -> Iterator[str]:
    name = name.replace("о-ва", "острова").replace("О-в ", "Остров ").replace("о-в ", "остров ")
    for spelt in (name, name.replace(" & ", " and ")):
        yield from (spelt, spelt.replace("St. ", "Saint "), spelt.replace("St. ", "St "))
