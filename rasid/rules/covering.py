"""Which of the rules' regions cover a place: one look-up a place, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import cos, floor, radians
from typing import Final

from rasid.places.distance import is_in, km_between
from rasid.places.model import Place
from rasid.settings import Area, Around, Inside, Region

_MOST_CELLS: Final = 4_000  # of a region; a larger one is tried on every place
_MOST_KNOWN: Final = 100_000
_KM: Final = 110.0  # of a degree of latitude, and somewhat less than that

Cell = tuple[int, int]  # the degrees in which a point lies
Box = tuple[float, float, float, float]  # south, west, north, east


class Covering:
    """Regions by the ids of places, and by cells of a degree. Any number of threads may ask.

    `place` returns the place of a number.
    """

    def __init__(self, regions: Sequence[Region], place: Callable[[int], Place]) -> None:
        self._place = place
        self._regions = regions
        self._ids: dict[str, list[int]] = {}
        self._cells: dict[Cell, list[int]] = {}
        self._wide: list[int] = []
        self._known: dict[int, tuple[int, ...]] = {}
        for number, region in enumerate(regions):
            if isinstance(region, Inside):
                self._ids.setdefault(region.id, []).append(number)
            else:
                self._put(number, region)

    def of(self, place: Place) -> tuple[int, ...]:
        """Return the regions that cover a place, by their numbers.

        What has a mere centre, an area, lies in no circle and no polygon.
        """
        found = self._known.get(place.number)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = self._known[place.number] = tuple(self._search(place))
        return found

    def _put(self, number: int, region: Around | Area) -> None:
        cells = _cells(region)
        if cells is None:
            self._wide.append(number)
        else:
            for cell in cells:
                self._cells.setdefault(cell, []).append(number)

    def _search(self, place: Place) -> Iterator[int]:
        for one in (place, *map(self._place, place.within)):
            yield from self._ids.get(one.id, ())
        if place.kind.is_area or place.lat is None or place.lon is None:
            return
        cell = (floor(place.lat), _turned(floor(place.lon)))
        for number in (*self._cells.get(cell, ()), *self._wide):
            if _covers(self._regions[number], place.lat, place.lon):
                yield number


def _covers(region: Region, lat: float, lon: float) -> bool:
    if isinstance(region, Around):
        return km_between(lat, lon, region.lat, region.lon) <= region.km
    return isinstance(region, Area) and is_in(lat, lon, region.polygons)


def _cells(region: Around | Area) -> set[Cell] | None:
    """Return the cells that a region may have a part of; None for too many."""
    found: set[Cell] = set()
    for south, west, north, east in _boxes(region):
        rows, columns = floor(north) - floor(south) + 1, floor(east) - floor(west) + 1
        if columns > 360 or len(found) + rows * columns > _MOST_CELLS:
            return None
        found.update(
            (floor(south) + row, _turned(floor(west) + column))
            for row in range(rows)
            for column in range(columns)
        )
    return found


def _boxes(region: Around | Area) -> Iterable[Box]:
    if isinstance(region, Around):
        high = region.km / _KM
        nearest_pole = min(89.9, abs(region.lat) + high)
        wide = min(181.0, high / cos(radians(nearest_pole)))
        yield region.lat - high, region.lon - wide, region.lat + high, region.lon + wide
        return
    for rings in region.polygons:
        lats, lons = zip(*rings[0], strict=True)
        yield min(lats), min(lons), max(lats), max(lons)


def _turned(lon: int) -> int:
    """Return a degree of longitude from -180 to 179."""
    return (lon + 180) % 360 - 180
