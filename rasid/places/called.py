"""The places that a name may mean, as people write them in rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rasid.places import cldr, own_words
from rasid.places.meant import meant
from rasid.places.model import Gazetteer, Kind, Means, Place
from rasid.places.names import key
from rasid.places.seats import called_after
from rasid.places.spoken import Spoken, spoken
from rasid.places.writing import code_of
from rasid.text.tokens import scripts

_MEANT: Final = (Means.NAME, Means.SHORT)
_DIVISIONS: Final = (Kind.ADMIN1, Kind.ADMIN2, Kind.ADMIN3)
_RURAL: Final = ("ريف {}", "Rif {}", "Rural {}", "{} Countryside")
_ARTICLES: Final = ("al", "ar", "as", "ash", "at", "az", "an", "ad", "el")


def bearers_of(text: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the places that a written name may mean."""
    readings = spoken(text)
    # some towns bear the name of their province, "Tokat Province", among others
    kinds = next((said.kinds for said in readings if said.kinds), ())
    for said in readings:
        found = _rural(said, gazetteer) if said.rural else []
        found = found or named(said.name, gazetteer, said.kinds)
        found = found or _seat_of(said, gazetteer)
        if found:
            return of_kind(found, kinds) or found
    # what one state calls a province is a district in another
    for said in readings:
        if said.kinds and said.kinds[0].is_area:
            wider = said._replace(kinds=_DIVISIONS)
            return named(said.name, gazetteer, _DIVISIONS) or _seat_of(wider, gazetteer)
    return []


def _seat_of(said: Spoken, gazetteer: Gazetteer) -> list[Place]:
    """Return the area that is called after a town in it: Kursk oblast is Kurskaya oblast."""
    if Kind.ADMIN1 not in said.kinds or (town := meant(named(said.name, gazetteer))) is None:
        return []
    return [gazetteer.place(number) for number in called_after(town, gazetteer)]


def named(name: str, gazetteer: Gazetteer, kinds: Sequence[Kind] = ()) -> list[Place]:
    """Return the bearers of a name, which may lack its article in Latin letters: Hasakah."""
    known = key(name)
    for one in (known, *(f"{article} {known}" for article in _ARTICLES if known.isascii())):
        numbers = [found.place for found in gazetteer.named(one) if found.means in _MEANT]
        places = [gazetteer.place(number) for number in dict.fromkeys(numbers)]
        if found := of_kind(places, kinds):
            return found
    return []


def of_kind(found: Sequence[Place], kinds: Sequence[Kind]) -> list[Place]:
    """Return the places of the first kind that one of them has, all where none is asked."""
    if not kinds:
        return list(found)
    return next(
        (kept for kind in kinds if (kept := [one for one in found if one.kind is kind])), []
    )


def _rural(said: Spoken, gazetteer: Gazetteer) -> list[Place]:
    """Return the areas that are called the countryside of a place, by any of its names."""
    called = dict.fromkeys(
        (
            said.name,
            *(n for one in named(said.name, gazetteer) for n in gazetteer.names(one.number)),
        )
    )
    found = (named(pattern.format(name), gazetteer) for name in called for pattern in _RURAL)
    return next((areas for some in found if (areas := of_kind(some, said.kinds))), [])


def country_called(name: str, gazetteer: Gazetteer) -> Place | None:
    """Return the country that a language of the name's script calls so: مالي, which is also money.

    Source: the names of territories of Unicode's CLDR.
    """
    known = key(name)
    letters = scripts(known)
    for language in (one for one in own_words.LANGUAGES if code_of(one) in letters):
        code = _countries(language).get(known)
        if code and (found := gazetteer.by_id(f"country:{code}")) is not None:
            return found
    return None


@lru_cache(maxsize=32)
def _countries(language: str) -> Mapping[str, str]:
    codes = [code for code in cldr.territories(language) if len(code) == 2]
    return {key(name): code for code in codes for name in cldr.names(code, language)}


def holders_of(text: str, gazetteer: Gazetteer) -> list[Place]:
    """Return what may be said to be around a place: by name, id or two letters of a country."""
    found = bearers_of(text, gazetteer)
    code = gazetteer.by_id(f"country:{text.upper()}") if len(text) == 2 else None
    known = gazetteer.by_id(text)
    return [*found, *(one for one in (code, known) if one is not None)]


def lies_in(place: Place, holder: Place) -> bool:
    """Whether a place lies in another."""
    if holder.number in place.within:
        return True
    return holder.kind is Kind.COUNTRY and place.country == holder.country != ""
