"""Which regions cover a place: the same as if each were tried on it."""

from __future__ import annotations

import random

import pytest
from small_gazetteer import small

from rasid.places.distance import is_in, km_between
from rasid.places.model import Kind, Place
from rasid.rules.covering import Covering
from rasid.settings import Area, Around, Inside, Region

SQUARE = ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0))
HOLE = ((4.0, 4.0), (4.0, 6.0), (6.0, 6.0), (6.0, 4.0))


def at(number: int, lat: float, lon: float, kind: Kind = Kind.TOWN) -> Place:
    return Place(number, f"p{number}", "p", kind, lat, lon)


def covered(region: Region, lat: float, lon: float, kind: Kind = Kind.TOWN) -> bool:
    return Covering([region], small().place).of(at(1, lat, lon, kind)) == (0,)


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [(5, 1, True), (5, 5, False), (-1, 5, False), (5, 11, False), (9.99, 9.99, True)],
)
def test_polygon_with_a_hole(lat: float, lon: float, inside: bool) -> None:
    assert is_in(lat, lon, [(SQUARE, HOLE)]) is inside
    assert covered(Area("a", ((SQUARE, HOLE),)), lat, lon) is inside


def test_distances_are_those_of_a_sphere() -> None:
    assert km_between(52.52, 13.405, 48.857, 2.352) == pytest.approx(878, abs=2)
    assert km_between(0, 179.5, 0, -179.5) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(
    ("region", "lat", "lon"),
    [
        (Around("a", "a", 0.0, 179.9, 50), 0.0, -179.9),
        (Around("a", "a", 89.9, 0.0, 50), 89.9, 180.0),
        (Around("a", "a", 35.0, 40.0, 9_000), 10.0, -20.0),
        (Around("a", "a", 35.0, 40.0, 0.5), 35.001, 40.001),
        (Area("a", ((((-89.0, -179.0), (-89.0, 179.0), (89.0, 0.0)),),)), 0.0, 0.0),
    ],
)
def test_regions_at_the_edges_of_the_map(region: Region, lat: float, lon: float) -> None:
    assert covered(region, lat, lon)
    assert not covered(region, lat, lon, Kind.ADMIN1)


def test_a_place_lies_in_what_contains_it() -> None:
    regions = [
        Inside("country:SY", ""),
        Inside("a:dez", ""),
        Inside("t:may", ""),
        Inside("a:hom", ""),
    ]
    mayadin = small().by_id("t:may")
    assert mayadin is not None
    assert sorted(Covering(regions, small().place).of(mayadin)) == [0, 1, 2]


def test_circles_cover_what_is_near_wherever_they_are() -> None:
    chance = random.Random(1)
    circles = [
        Around(
            str(n),
            "",
            chance.uniform(-89, 89),
            chance.uniform(-180, 180),
            chance.choice([1, 80, 900]),
        )
        for n in range(300)
    ]
    covering = Covering(circles, small().place)
    for number in range(300):
        centre = chance.choice(circles)
        lat = max(-90.0, min(90.0, centre.lat + chance.uniform(-9, 9)))
        lon = (centre.lon + chance.uniform(-9, 9) + 180) % 360 - 180
        expected = [
            n for n, one in enumerate(circles) if km_between(lat, lon, one.lat, one.lon) <= one.km
        ]
        assert sorted(covering.of(at(number, lat, lon))) == expected
