"""Which of the places that bear a name is meant: what the text, and its source, are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import cos, exp, log, radians
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.designators import Designator
from rasid.places.home import Home
from rasid.places.model import Choice, Kind, Means, Place

_SHARPNESS: Final = 1.1  # how fast a lead in points becomes certainty
_QUALIFIED: Final = 12.0
_DESIGNATED: Final = 6.0
_WELL_KNOWN: Final = 12.5  # the logarithm of 270,000 people, of a place with so many names
_NAMES: Final = 20
_UNLISTED: Final = 5.0  # how well known it is, as the logarithm of its people
_RURAL: Final = 0.5
_COUNTRY: Final = 4.5
_ADMIN1: Final = 5.0
_HOME_COUNTRY: Final = 2.0
_HOME_ADMIN1: Final = 5.5
_NEAR: Final = 2.5
_NEAR_KM: Final = 150.0
_MOST_POINTS: Final = 30
_KM_PER_DEGREE: Final = 111.2


class Scene:
    """What a text is about so far: countries, divisions and points, weighted."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.countries: dict[int, float] = {}
        self.divisions: dict[int, float] = {}
        self.has_places = False  # and not peoples only
        self._points: dict[tuple[float, float], None] = {}

    def add(self, bearer: Bearer, weight: float = 1.0) -> None:
        """Take in a place that the text surely names."""
        if bearer.country >= 0:
            self.countries[bearer.country] = self.countries.get(bearer.country, 0.0) + weight
        if bearer.admin1 >= 0:
            self.divisions[bearer.admin1] = self.divisions.get(bearer.admin1, 0.0) + weight
        place = bearer.place
        self.has_places = self.has_places or bearer.means is not Means.DEMONYM
        known = place.lat is not None and place.lon is not None
        if place.kind >= Kind.ADMIN2 and known and len(self._points) < _MOST_POINTS:
            self._points[place.lat or 0.0, place.lon or 0.0] = None

    def choose(
        self,
        bearers: Sequence[Bearer],
        inside: Iterable[int] = (),
        designator: Designator | None = None,
    ) -> list[tuple[float, Bearer]]:
        """Return the bearers of a name with their points, the likeliest first.

        `inside`: numbers of places that stand beside the name as containing it.
        `designator`: what is said beside it of its kind.
        """
        around = frozenset(inside)
        countries = _points_of(self.countries, _COUNTRY, self.home, _HOME_COUNTRY)
        divisions = _points_of(self.divisions, _ADMIN1, self.home, _HOME_ADMIN1)
        found = []
        for bearer in bearers:
            points = bearer.prior + countries.get(bearer.country, 0.0)
            kind = bearer.place.kind
            if kind is not Kind.COUNTRY:
                points += divisions.get(bearer.admin1, 0.0)
            if kind >= Kind.ADMIN2 and self._points and self._is_near(bearer.place):
                points += _NEAR
            if around and not around.isdisjoint(bearer.place.within):
                points += _QUALIFIED
            found.append((points, bearer))
        local = self.home.division
        if local is not None and not around and _has_room(bearers, local):
            here = countries.get(local.country, 0.0) + divisions.get(local.admin1, 0.0)
            found.append((_UNLISTED + here, local))
        if designator is not None:
            found = _designated(found, designator)
        found.sort(key=_by_points)
        return found

    def _is_near(self, place: Place) -> bool:
        if place.lat is None or place.lon is None:
            return False
        high = _NEAR_KM / _KM_PER_DEGREE
        wide = high / max(0.05, cos(radians(place.lat)))
        return any(
            -high < place.lat - lat < high
            and -wide < place.lon - lon < wide
            and (lat, lon) != (place.lat, place.lon)
            for lat, lon in self._points
        )


def _has_room(bearers: Sequence[Bearer], local: Bearer) -> bool:
    """Whether a name may be that of a place at home that no list has: none is well known."""
    return all(
        one.place.kind > Kind.ADMIN1 and one.admin1 != local.admin1 and fame(one) < _WELL_KNOWN
        for one in bearers
    )


def fame(one: Bearer) -> float:
    """Return how well known a place is: by its people, and by how many languages name it."""
    return one.prior + log(max(1, one.place.names) / _NAMES)


def _points_of(
    counts: Mapping[int, float], most: float, home: Home, at_home: float
) -> dict[int, float]:
    """Return how many points a text and its source give to areas."""
    total = sum(counts.values()) or 1.0
    found = {number: most * count / total for number, count in counts.items()}
    for number, weight in home.weights.items():
        found[number] = found.get(number, 0.0) + at_home * weight * weight
    return found


def _designated(
    scored: list[tuple[float, Bearer]], designator: Designator
) -> list[tuple[float, Bearer]]:
    """Put forward the bearers of the kind that is said; land around a town is the town as well."""
    kinds = designator.kinds
    if not designator.rural:
        return [(p + _DESIGNATED * (one.place.kind in kinds), one) for p, one in scored]
    areas = [at for at, (_, one) in enumerate(scored) if one.place.kind in kinds]
    if areas:
        at = max(areas, key=lambda at: scored[at][0])
        scored[at] = max(points for points, _ in scored) + _RURAL, scored[at][1]
    return scored


def _by_points(scored: tuple[float, Bearer]) -> float:
    return -scored[0]


def shares(scored: Sequence[tuple[float, Bearer]]) -> list[Choice]:
    """Return the bearers with what each has of the whole, by a softmax of their points."""
    top = scored[0][0]
    weights = [exp((points - top) * _SHARPNESS) for points, _ in scored]
    total = sum(weights)
    return [
        Choice(bearer.place, weight / total)
        for (_, bearer), weight in zip(scored, weights, strict=True)
    ]
