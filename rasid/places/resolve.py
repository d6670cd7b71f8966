"""Which of the places that bear a name is meant: what the text, and its source, are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import cos, exp, hypot, radians
from typing import Final

from rasid.places.bearers import Bearer
from rasid.places.home import Home
from rasid.places.model import Choice, Kind, Means

_SHARPNESS: Final = 1.1  # how fast a lead in points becomes certainty
_QUALIFIED: Final = 12.0
_COUNTRY: Final = 3.0
_ADMIN1: Final = 5.0
_HOME_COUNTRY: Final = 2.0
_HOME_ADMIN1: Final = 5.5
_NEAR: Final = 2.5
_NEAR_KM: Final = 150.0
_KM_PER_DEGREE: Final = 111.2


class Scene:
    """What a text is about so far: countries, divisions and points, weighted."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.countries: Counter[int] = Counter()
        self.divisions: Counter[int] = Counter()
        self.points: list[tuple[float, float]] = []

    def add(self, bearer: Bearer, weight: float = 1.0) -> None:
        """Take in a place that the text surely names."""
        if bearer.country >= 0:
            self.countries[bearer.country] += weight  # type: ignore[assignment]
        if bearer.admin1 >= 0:
            self.divisions[bearer.admin1] += weight  # type: ignore[assignment]
        if bearer.place.kind >= Kind.ADMIN2 and bearer.place.lat is not None:
            self.points.append((bearer.place.lat, bearer.place.lon or 0.0))

    def score(self, bearer: Bearer) -> float:
        """Return how well a place fits, beside how well known it is."""
        points = bearer.prior
        points += _COUNTRY * _share(self.countries, bearer.country)
        points += _HOME_COUNTRY * self.home.weight(bearer.country) ** 2
        if bearer.place.kind is not Kind.COUNTRY:
            points += _ADMIN1 * _share(self.divisions, bearer.admin1)
            points += _HOME_ADMIN1 * self.home.weight(bearer.admin1) ** 2
        if bearer.place.kind >= Kind.ADMIN2 and self._is_near(bearer):
            points += _NEAR
        return points

    def knows(self, bearer: Bearer) -> bool:
        """Whether the text is about a place's surroundings."""
        return self.divisions[bearer.admin1] > 0 or self.countries[bearer.country] > 0

    def _is_near(self, bearer: Bearer) -> bool:
        lat, lon = bearer.place.lat, bearer.place.lon
        if lat is None or lon is None:
            return False
        wide = cos(radians(lat))
        return any(
            0 < hypot(lat - north, (lon - east) * wide) * _KM_PER_DEGREE < _NEAR_KM
            for north, east in self.points[:20]
        )


def _share(counts: Counter[int], number: int) -> float:
    total = counts.total()
    return counts[number] / total if total and number >= 0 else 0.0


def choose(
    bearers: Sequence[Bearer], scene: Scene, inside: Iterable[int] = ()
) -> list[tuple[float, Bearer]]:
    """Return the bearers of a name with their points, the likeliest first.

    `inside`: numbers of places that stand beside the name as containing it.
    """
    around = frozenset(inside)
    found = []
    for bearer in bearers:
        points = scene.score(bearer)
        if around and not around.isdisjoint(bearer.place.within):
            points += _QUALIFIED
        if bearer.means is Means.SKELETON:
            points -= 1.0
        found.append((points, bearer))
    return sorted(found, key=lambda one: -one[0])


def shares(scored: Sequence[tuple[float, Bearer]]) -> list[Choice]:
    """Return the bearers with what each has of the whole, by a softmax of their points."""
    top = scored[0][0]
    weights = [exp((points - top) * _SHARPNESS) for points, _ in scored]
    total = sum(weights)
    return [
        Choice(bearer.place, weight / total)
        for (_, bearer), weight in zip(scored, weights, strict=True)
    ]
