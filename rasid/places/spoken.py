"""How people write a place in a rule: `X governorate`, `محافظة X`, `X, country`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rasid.places.model import Kind

AREAS: Final = (Kind.ADMIN1, Kind.ADMIN2, Kind.ADMIN3)
_LOWER: Final = (Kind.ADMIN2, Kind.ADMIN3)
_TOWNS: Final = (Kind.TOWN,)
_COUNTRIES: Final = (Kind.COUNTRY,)
_ANY: Final = (*AREAS, Kind.COUNTRY, Kind.REGION)

_FIRST_ORDER: Final = """
governorate province oblast state krai prefecture voivodeship canton emirate muhafazah
department republic territory gouvernorat département
محافظة ولاية إمارة جمهورية استان область край республика провинция ili vilayeti
"""
_LOWER_ORDER: Final = """
district county raion borough subdistrict municipality arrondissement okrug
منطقة قضاء ناحية مديرية شهرستان район округ ilçesi
"""
_TOWN: Final = "city town village مدينة بلدة قرية شهر город село посёлок şehri kenti ville"
_AREA: Final = "region area إقليم"
_RURAL: Final = "countryside rural ريف"

# what a word beside a name says of its place
_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    **dict.fromkeys(_FIRST_ORDER.split(), AREAS),
    **dict.fromkeys(_LOWER_ORDER.split(), _LOWER),
    **dict.fromkeys(_TOWN.split(), _TOWNS),
    **dict.fromkeys(_AREA.split(), _ANY),
    "country": _COUNTRIES,
    "دولة": _COUNTRIES,
}
_OF: Final = re.compile(r"^(?:the\s+)?(\S+)\s+(?:of\s+|de\s+|d['’])?(.+)$", re.IGNORECASE)
_THE: Final = re.compile(r"the\s+(.+)", re.IGNORECASE)
_COMMA: Final = re.compile(r"\s*[,،]\s*")


class Spoken(NamedTuple):
    """A name and what is said of its place; no `kinds`: nothing, so any."""

    name: str
    kinds: tuple[Kind, ...] = ()
    rural: bool = False  # the land around a town, not the town
    word: str = ""  # that says the kind


def spoken(text: str) -> list[Spoken]:
    """Return what a written name may mean, what is to be tried first standing first.

    A name is tried as it is written before a word of it is taken for the kind of place.
    """
    found = [Spoken(text)]
    before, _, last = text.rpartition(" ")
    if before and (said := _said(before, last)):
        found.append(said)
    if (match := _OF.match(text)) and (said := _said(match[2], match[1])):
        found.append(said)
    return found


def _said(name: str, word: str) -> Spoken | None:
    plain = word.casefold()
    if plain in _RURAL.split():
        return Spoken(name, AREAS, rural=True, word=word)
    kinds = _KINDS.get(plain)
    return Spoken(name, kinds, word=word) if kinds else None


def parts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the ways to read commas: a name of its own, or a name and what it lies in."""
    pieces = _COMMA.split(text.strip())
    if not all(pieces):
        return []
    found: list[tuple[str, tuple[str, ...]]] = [(text.strip(), ())]
    if (match := _THE.match(text.strip())) and match[1]:
        found.append((match[1], ()))
    if len(pieces) > 1:
        found.append((pieces[0], tuple(pieces[1:])))
    return found
