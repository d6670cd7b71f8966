"""The places that bear a name, ready to be weighed against one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import log
from typing import Final, NamedTuple

from rasid.places.model import Gazetteer, Kind, Means, Place
from rasid.places.names import key
from rasid.places.own import is_own
from rasid.places.seats import called_after
from rasid.places.skeleton import skeleton

_NAMES: Final = 50_000  # remembered, some 60 MB at most
_WRITTEN: Final = 500  # places of which all names are remembered, as they are written
_MOST: Final = 80  # bearers of a name that are weighed
# how well known a place is, as the logarithm of its people
_REGION, _COUNTRY = 14.0, 17.0
_OWN: Final = 13.0  # a place that rules were told of: as well known as a city
_LEAST: Final = 300  # people of a place of unknown size
_CAPITAL: Final = 2.0  # more, for the capital of a country
_DIVISION: Final = 1.5  # less, for a division: its people are of many towns
_DISTRICT: Final = 4.0
_OTHER_NAME: Final = 4.0  # less, for a place whose first name is another one
_CALLED_LIKE_LAND: Final = 9.0  # for a city that some call like its country
_LARGE: Final = 14.0  # such a city
_PERSIAN: Final = frozenset("یک")
_MANY_NAMES: Final = 500_000  # people of a city that has its own name in many languages


class Bearer(NamedTuple):
    """A place that bears a name; `admin1` and `country` are numbers, -1 where there is none.

    `people`: in one language it is the place's, in another its people's or an adjective.
    """

    place: Place
    means: Means
    article: bool
    lower: bool
    prior: float
    admin1: int
    country: int
    people: bool = False


class Bearers:
    """Looks up who bears a name. Any number of threads may ask at once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.of = lru_cache(_NAMES)(self._of)
        self.written = lru_cache(_WRITTEN)(lambda number: frozenset(gazetteer.names(number)))
        self.is_persian = lru_cache(_WRITTEN)(self._is_persian)
        self.called_after = lru_cache(_WRITTEN)(lambda town: called_after(town, gazetteer))

    def _of(self, name: str) -> tuple[Bearer, ...]:
        """Return the bearers of a name (a key), the best known first."""
        named = self._gazetteer.named(name)
        best: dict[int, Bearer] = {}
        for number, means, article, lower in named[:_MOST]:
            bearer = self.weighed(number, means, article, lower, name)
            known = best.get(number)
            first = known is None or known.means > means
            people = known is not None and Means.DEMONYM in (means, known.means)
            if known is None:
                best[number] = bearer
            elif first or people:
                best[number] = (bearer if first else known)._replace(
                    people=people or known.people, lower=bearer.lower or known.lower
                )
        bearers = _lands_first(name, best.values())
        return tuple(sorted(bearers, key=lambda one: -one.prior))

    def _is_persian(self, number: int, name: str) -> bool:
        """Whether a place has a name (a key) in Persian letters and in no others."""
        spellings = [one for one in self._gazetteer.names(number) if key(one) == name]
        return bool(spellings) and not any(_PERSIAN.isdisjoint(one) for one in spellings)

    def weighed(self, number: int, means: Means, article: bool, lower: bool, name: str) -> Bearer:
        """Return a place as a bearer of a name."""
        place = self._gazetteer.place(number)
        admin1 = country = -1
        for at in (number, *place.within):
            kind = place.kind if at == number else self._gazetteer.place(at).kind
            if kind is Kind.ADMIN1:
                admin1 = at
            elif kind is Kind.COUNTRY:
                country = at
        prior = _prior(place)
        named = means is Means.NAME and not is_own(place)
        if place.kind >= Kind.ADMIN2 and named and _is_another(name, place.name):
            prior -= _OTHER_NAME if place.population < _MANY_NAMES else 1.0
        return Bearer(place, means, article, lower, prior, admin1, country)


def _lands_first(name: str, bearers: Iterable[Bearer]) -> Iterator[Bearer]:
    """Let a country go before a city of it that some call like it: Mexico, and Mexico City."""
    known = list(bearers)
    lands = {one.country: one for one in known if _is_country(one)}
    for one in known:
        land = lands.get(one.country)
        large = one.prior > _LARGE and one.means is Means.NAME
        if land is None or one is land or not large:
            yield one
        elif key(one.place.name) != name:
            yield one._replace(prior=_CALLED_LIKE_LAND)
        elif key(land.place.name) != name:
            yield one._replace(prior=land.prior + 1)  # Tunis, as some call Tunisia
        else:
            yield one


def _is_country(one: Bearer) -> bool:
    return one.place.kind is Kind.COUNTRY and one.means is Means.NAME


def _prior(place: Place) -> float:
    if place.kind <= Kind.COUNTRY:
        return _COUNTRY if place.kind is Kind.COUNTRY else _REGION
    if is_own(place):
        return _OWN
    known = log(max(place.population, 0) + _LEAST) + (_CAPITAL if place.capital else 0.0)
    if place.kind is Kind.TOWN or place.kind is Kind.SPOT:
        return known
    return known - (_DIVISION if place.kind is Kind.ADMIN1 else _DISTRICT)


def _is_another(name: str, first: str) -> bool:
    """Whether a name in Latin letters is no spelling of a place's first name."""
    if not name.isascii():
        return False
    known = key(first)
    return known != name and not (name in known or known in name or _bones(name) == _bones(known))


def _bones(name: str) -> str:
    return skeleton(name.split()) or name
