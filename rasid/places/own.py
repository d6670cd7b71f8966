"""A gazetteer with places of one's own laid over it."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rasid.places.distance import km_between
from rasid.places.model import Gazetteer, Kind, Means, Named, Place, Usage
from rasid.places.names import LEAST_UNSPACED, has_article, is_lower, prefixes, words
from rasid.settings import OwnPlace
from rasid.text.tokens import is_unspaced

_ARTICLES: Final = frozenset(("al", "el", "ad", "an", "ar", "as", "ash", "at", "az"))
_FIRST: Final = -2  # numbers go down from here: a gazetteer's own are never negative


class WithOwn:
    """A `Gazetteer`: another one and places that it lacks."""

    def __init__(self, base: Gazetteer, own: Iterable[OwnPlace] = ()) -> None:
        self._base = base
        self._own: dict[int, Place] = {}
        self._ids: dict[str, int] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._named: dict[str, list[Named]] = {}
        self._longest: dict[str, int] = {}
        self._total = hashlib.sha256(base.version.encode())
        self.version = base.version
        for one in own:
            self.add(one)

    def add(self, own: OwnPlace) -> Place:
        """Add a place. Raises `KeyError` if what it lies in is not known, here or below."""
        around = self.by_id(own.within) if own.within else None
        if own.within and around is None:
            raise KeyError(own.within)
        place = Place(
            _FIRST - len(self._own),
            own.id,
            own.names[0],
            Kind[own.kind],
            own.lat,
            own.lon,
            around.country if around else "",
            (around.number, *around.within) if around else (),
        )
        self._own[place.number] = place
        self._ids[own.id] = place.number
        self._names[place.number] = own.names
        for name in own.names:
            self._name(place.number, name)
        self._total.update(repr(own).encode())
        self.version = self._total.hexdigest()[:32]
        return place

    def _name(self, number: int, name: str) -> None:
        found = words(name)
        self._file(number, found, name)
        if len(found) > 2 and found[0] in _ARTICLES:  # al-Omar field
            self._file(number, found[1:], name)

    def _file(self, number: int, found: list[str], name: str) -> None:
        known = " ".join(found)
        named = Named(number, Means.NAME, has_article(name), is_lower(name))
        self._named.setdefault(known, []).append(named)
        for prefix in prefixes(found):
            self._longest[prefix] = max(len(found), self._longest.get(prefix, 0))
        if known and is_unspaced(known):
            start = known[:LEAST_UNSPACED]
            self._longest[start] = max(len(known), self._longest.get(start, 0))

    def longest(self, prefix: str) -> int:
        """Return how long the longest name is that begins so; 0: none does."""
        return max(self._base.longest(prefix), self._longest.get(prefix, 0))

    def usage(self, word: str) -> Usage:
        """Return how a folded word without its article is used."""
        return self._base.usage(word)

    def named(self, key: str) -> Sequence[Named]:
        """Return which places bear a name, own ones first."""
        own = self._named.get(key)
        return [*own, *self._base.named(key)] if own else self._base.named(key)

    def spelt_like(self, skeleton: str, country: str) -> Sequence[int]:
        """Return the base's places of a country with a name of these consonants."""
        return self._base.spelt_like(skeleton, country)

    def place(self, number: int) -> Place:
        """Return a place. Raises `KeyError`."""
        return self._own[number] if number in self._own else self._base.place(number)

    def by_id(self, identity: str) -> Place | None:
        """Return the place of an id; an own one hides that of the base."""
        number = self._ids.get(identity)
        return self._base.by_id(identity) if number is None else self._own[number]

    def names(self, number: int) -> Sequence[str]:
        """Return all names of a place as they are written."""
        return self._names[number] if number in self._names else self._base.names(number)

    def nearby(self, lat: float, lon: float, km: float) -> Iterable[tuple[float, Place]]:
        """Return the places within a distance of a point, with theirs in km, nearest first."""
        own = sorted(self._near(lat, lon, km), key=lambda found: found[0])
        base = self._base.nearby(lat, lon, km)
        return heapq.merge(own, base, key=lambda found: found[0])

    def count_within(self, number: int) -> int:
        """Return how many places lie in a place."""
        own = sum(number in place.within for place in self._own.values())
        return own + (self._base.count_within(number) if number not in self._own else 0)

    def largest_within(self, number: int, most: int) -> Sequence[Place]:
        """Return the towns and spots in a place: own ones, then those of most people."""
        own = [one for one in self._own.values() if number in one.within and not one.kind.is_area]
        base = () if number in self._own else self._base.largest_within(number, most)
        return [*own, *base][:most]

    def _near(self, lat: float, lon: float, km: float) -> Iterator[tuple[float, Place]]:
        for place in self._own.values():
            if place.lat is not None and place.lon is not None:
                far = km_between(lat, lon, place.lat, place.lon)
                if far <= km:
                    yield far, place


def is_own(place: Place) -> bool:
    """Whether a place is one of `places:`."""
    return place.number <= _FIRST


def with_own(base: Gazetteer, own: Sequence[OwnPlace]) -> Gazetteer:
    """Return a gazetteer with own places, the same where there are none."""
    return WithOwn(base, own) if own else base
