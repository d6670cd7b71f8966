"""Who is meant of all that bear a name, where one of them clearly is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.places.distance import km_between
from rasid.places.model import Kind, Place
from rasid.places.names import key
from rasid.places.own import is_own

_CLEARLY: Final = 10  # times the people of the next: Tripoli in Libya has five times Lebanon's
_CLEARLY_COUNTRY: Final = 5  # a country is what its name means, unless the other is a large state
_FIRST_NAME: Final = 8  # times: Homs in Libya is first of all Al Khums
_NOTABLE: Final = 50  # of so many of an area's people one lives in the town that it is called after
_AROUND: Final = 200  # km from the centre of an area to a city that lies beside it by law
_REGION: Final = 20_000_000  # people, of one that contains another bearer: Gaza, Xinjiang
_GUESSED: Final = {
    Kind.REGION: 1_000_000,
    Kind.COUNTRY: 3_000_000,
    Kind.ADMIN1: 1_000_000,
    Kind.ADMIN2: 50_000,
}


def meant(bearers: Sequence[Place], name: str = "") -> Place | None:
    """Return the one that is meant by a name; None where it is not clear.

    Of bearers that lie in one another it is the country or region, else the town: the province
    around a town of its name is written as a province. That needs a town of some weight, which
    is called so first of all if the province is. Of one's own places it is the only one. A
    place that is called so first of all goes before those that are called so among others.
    """

    def weight(group: Sequence[Place]) -> int:
        first = any(key(one.name) == key(name) for one in group) if name else False
        return _people(group) * (_FIRST_NAME if first else 1)

    own = [place for place in bearers if is_own(place)]
    if len(own) == 1:
        return own[0]
    groups = sorted(_nested(bearers), key=weight, reverse=True)
    if not groups:
        return None
    of_country = [group for group in groups if group[0].kind is Kind.COUNTRY]
    first = of_country[0] if len(of_country) == 1 else groups[0]
    others = [weight(group) for group in groups if group is not first]
    times = _CLEARLY_COUNTRY if of_country else _CLEARLY
    if others and weight(first) < times * max(1, *others):
        return None
    return _chosen(first, name)


def candidates(bearers: Sequence[Place], name: str = "") -> list[Place]:
    """Return one bearer for each that may be meant, the most populous first."""
    return [_chosen(group, name) for group in sorted(_nested(bearers), key=_people, reverse=True)]


def _nested(bearers: Sequence[Place]) -> list[list[Place]]:
    """Return bearers in groups of such as lie in one another, the outermost first."""
    groups: list[list[Place]] = []
    for place in sorted(bearers, key=lambda one: (one.kind, one.number)):
        around = [group for group in groups if any(_holds(outer, place) for outer in group)]
        groups = [group for group in groups if group not in around]
        groups.append([*(outer for group in around for outer in group), place])
    return groups


def _holds(outer: Place, place: Place) -> bool:
    """Whether a place lies in another, or is the city that an area around it is called after."""
    if outer.number in place.within:
        return True
    areas = outer.kind in (Kind.ADMIN1, Kind.ADMIN2, Kind.ADMIN3)
    if not areas or place.kind is not Kind.TOWN or outer.country != place.country:
        return False
    if outer.lat is None or outer.lon is None or place.lat is None or place.lon is None:
        return outer.kind is not Kind.ADMIN3
    return km_between(outer.lat, outer.lon, place.lat, place.lon) < _AROUND


def _people(group: Sequence[Place]) -> int:
    if len(group) > 1 and group[0].kind is Kind.REGION:
        return _REGION
    return max(place.population or _GUESSED.get(place.kind, 0) for place in group)


def _chosen(group: Sequence[Place], name: str) -> Place:
    """Return who is meant of bearers that lie in one another, the outermost first."""
    areas = [place for place in group if place.kind.is_area]
    points = [place for place in group if not place.kind.is_area and _is_notable(place, areas)]
    first = [place for place in points if key(place.name) == key(name)]
    country = group[0].kind is Kind.COUNTRY and (not first or key(group[0].name) == key(name))
    if country or group[0].kind is Kind.REGION or not points:
        return group[0]
    if not first and (called := [area for area in areas if key(area.name) == key(name)]):
        return called[0]  # Bahia is the state, and Salvador by an old name
    return max(first or points, key=lambda one: (one.population, -one.number))


def _is_notable(point: Place, areas: Sequence[Place]) -> bool:
    """Whether a town can be what is meant by the name of areas around it: no village can."""
    people = max((area.population for area in areas), default=0)
    return not point.population or point.population * _NOTABLE >= people
