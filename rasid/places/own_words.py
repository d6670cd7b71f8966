"""Our own words for countries, regions, states and some towns, with all their forms.

What CLDR has (`rasid.places.cldr`) and what `data/*.json` adds: short, former and colloquial
names, abbreviations and demonyms in sixteen languages. English, Arab, Hebrew and Latin are
none: they name a language.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain, permutations
from typing import Any, Final, NamedTuple

from rasid.places import cldr, word_forms
from rasid.places.demonyms import demonyms, of_name
from rasid.places.model import Means
from rasid.places.names import key

LANGUAGES: Final = (
    "ar", "en", "fr", "de", "es", "it", "pt", "ru", "uk", "tr", "fa", "he", "zh", "zh_Hant", "ja",
    "ku", "ckb",
)  # fmt: skip
# 中美关系, 日米首脳: two countries by one letter each, which alone would be too little
_OF_TWO: Final = {
    "zh": (
        "关系 两国 贸易 边境 边界 会谈 首脑 峰会 高峰会 双边 双方 之间 领导人 联军 冲突 战争 谈判 "
        "协议 外长 对话 合作"
    ),
    "zh_Hant": (
        "關係 兩國 貿易 邊境 會談 元首 峰會 高峰會 雙邊 雙方 之間 衝突 戰爭 談判 協議 外長 對話 "
        "合作"
    ),
    "ja": "関係 両国 首脳 会談 貿易 同盟 共同 両政府 間 交渉 協議 協定 外相 安保 国境",
}
_Words = Mapping[str, Any]  # of one place: language -> {"names", "short", "demonyms", ...}


class WordOf(NamedTuple):
    """A form as written; a capital it begins with is required, and the dots of `SHORT` ones.

    `identity`: `country:SY`, `region:sahel`, ISO 3166-2 as in `US-VA`, `geonames:170794`.
    """

    identity: str
    text: str
    means: Means
    language: str


class Region(NamedTuple):
    """Land or water that is no country: its centre, what contains it, what it contains."""

    id: str
    lat: float
    lon: float
    within: tuple[str, ...]
    contains: tuple[str, ...]


@lru_cache(maxsize=8)
def _data(name: str) -> Any:
    return json.loads(files("rasid.places").joinpath(f"data/{name}.json").read_text("utf-8"))


def countries() -> Sequence[str]:
    """Return the ISO 3166-1 alpha-2 codes that have words (and the like of XK)."""
    return tuple(_data("countries"))


def regions() -> Iterator[Region]:
    """Return all regions."""
    for identity, entry in _data("regions").items():
        lat, lon = entry["at"]
        within, contains = entry.get("within", ()), entry.get("contains", ())
        yield Region(identity, lat, lon, tuple(within), tuple(contains))


def not_places() -> Iterator[tuple[str, str]]:
    """Return phrases that have a country's word and are about something else: text, language."""
    for language, phrases in _data("not_places").items():
        yield from ((phrase, language) for phrase in phrases)


def words() -> Iterator[WordOf]:
    """Return every form of every word, none of them twice."""
    yield from dict.fromkeys(chain(_words(), _pairs()))


def displayed(language: str) -> Mapping[str, str]:
    """Return all those names that a language has, by identity."""
    named = ((identity, _first(code, entry, language)) for identity, code, entry in _entries())
    return {identity: name for identity, name in named if name}


def _first(code: str, entry: _Words, language: str) -> str:
    own = entry.get(language, {}).get("names", ())
    return str(next(chain(cldr.full_name(code, language), own), ""))


def _entries() -> Iterator[tuple[str, str, _Words]]:
    """Return identity, code in CLDR and words of each place."""
    for code, entry in _data("countries").items():
        yield f"country:{code}", code, entry
    for identity, entry in _data("regions").items():
        yield identity, entry.get("cldr", ""), entry["words"]
    for identity, entry in chain(_data("subdivisions").items(), _data("towns").items()):
        yield identity, "", entry["words"]


def _words() -> Iterator[WordOf]:
    for identity, code, entry in _entries():
        for language in LANGUAGES:
            for text, means in _of(code, language, entry.get(language, {})):
                yield WordOf(identity, text, means, language.partition("_")[0])


def _of(code: str, language: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, Means]]:
    """Return the forms that a place has in a language."""
    never = frozenset(map(key, entry.get("never", ())))  # seldom any: keys cost the most

    def kept(word: str) -> bool:
        return not never or key(word) not in never

    plain = language.partition("_")[0]
    names = (*cldr.names(code, language), *entry.get("names", ()))
    named = [name for name in names if len(code) == 2 and kept(name)]
    ruled = [word for name in named for word in of_name(name, plain)]
    made: tuple[tuple[Sequence[str], Callable[[str, str], Iterator[str]], Means], ...] = (
        (names, word_forms.names, Means.NAME),
        ((*entry.get("demonyms", ()), *ruled), demonyms, Means.DEMONYM),
        (entry.get("forms", ()), _itself, Means.DEMONYM),
        (entry.get("short", ()), _spaced, Means.SHORT),
    )
    for bases, forms, means in made:
        for base in bases:
            for form in forms(base, plain) if kept(base) else ():
                if kept(form):
                    yield form, means


def _itself(word: str, _language: str) -> Iterator[str]:
    yield word


def letters() -> Iterator[tuple[str, str, str]]:
    """Return languages with countries (alpha-2) that they write by one letter."""
    for language in _OF_TWO:
        for code, entry in _data("countries").items():
            if letter := entry.get(language, {}).get("letter"):
                yield language, code, letter


def _spaced(word: str, language: str) -> Iterator[str]:
    """Return an abbreviation, also with spaces after its dots: U.S. is U. S. too."""
    yield word
    yield word.replace(".", ". ").rstrip()


def codes(letter: str, beside: str) -> frozenset[str]:
    """Return which countries a letter stands for: 巴 is Palestine beside Israel, else Pakistan."""
    found = _by_letter().get(letter, frozenset())
    if len(found) < 2:
        return found
    return found & {"PS"} if "IL" in _by_letter().get(beside, ()) else found - {"PS"}


@lru_cache(maxsize=1)
def _by_letter() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for _, code, letter in letters():
        found.setdefault(letter, set()).add(code)
    return {letter: frozenset(codes) for letter, codes in found.items()}


def _pairs() -> Iterator[WordOf]:
    for language, ends in _OF_TWO.items():
        known = dict.fromkeys(letter for tag, _, letter in letters() if tag == language)
        for one, other in permutations(known, 2):
            for code in sorted(codes(one, other) | codes(other, one)):
                for end in ends.split():
                    text, plain = one + other + end, language.partition("_")[0]
                    yield WordOf(f"country:{code}", text, Means.DEMONYM, plain)
