"""Distances on the ground, and whether a point lies in a polygon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Final

from rasid.settings import Ring

_RADIUS: Final = 6371.0088  # km: of the Earth, on average


def km_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two points in km."""
    one, two = radians(lat), radians(other_lat)
    half = sin((two - one) / 2) ** 2
    half += cos(one) * cos(two) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _RADIUS * asin(min(1.0, sqrt(half)))


def is_in(lat: float, lon: float, polygons: Sequence[Sequence[Ring]]) -> bool:
    """Whether a point lies in one of some polygons; the first ring is the outer one."""
    return any(_crossings(lat, lon, rings) % 2 for rings in polygons)


def _crossings(lat: float, lon: float, rings: Sequence[Ring]) -> int:
    """Return how many sides lie east of a point; a hole adds one more for each way in."""
    return sum(
        (one[0] > lat) != (two[0] > lat)
        and lon < one[1] + (lat - one[0]) * (two[1] - one[1]) / (two[0] - one[0])
        for ring in rings
        for one, two in _sides(ring)
    )


def _sides(ring: Ring) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    yield from pairwise((*ring, ring[0]))
