"""How many places each entry of `where` covers, so that a thin gazetteer is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from rasid.archive.place_misses import region_text
from rasid.places.distance import is_in, km_between
from rasid.places.model import Gazetteer
from rasid.places.shown import Shown
from rasid.settings import Area, Around, Config, Inside, Region


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one entry of a rule covers: `place` as a rule might call it, and as the desk does."""

    rule: str
    place: str
    places: int


def coverage(config: Config, gazetteer: Gazetteer) -> Iterator[Coverage]:
    """Yield what every `where` covers, in the order of the rules."""
    known: dict[Region, int] = {}
    shown = Shown(gazetteer, config.settings.language)
    for rule in config.rules.values():
        for scope in rule.where:
            if scope.region not in known:
                known[scope.region] = _count(scope.region, gazetteer)
            text = region_text(_called(scope.region, shown, gazetteer))
            yield Coverage(rule.id, text, known[scope.region])


def _called(region: Region, shown: Shown, gazetteer: Gazetteer) -> Region:
    """Return a region with its place named in the desk's language."""
    if isinstance(region, Inside | Around) and (place := gazetteer.by_id(region.id)):
        return replace(region, name=shown.name(place))
    return region


def _count(region: Region, gazetteer: Gazetteer) -> int:
    if isinstance(region, Inside):
        place = gazetteer.by_id(region.id)
        return 1 + gazetteer.count_within(place.number) if place else 0
    if isinstance(region, Around):
        near = gazetteer.nearby(region.lat, region.lon, region.km)
        return sum(not place.kind.is_area for _, place in near)
    return _in_area(region, gazetteer)


def _in_area(area: Area, gazetteer: Gazetteer) -> int:
    """Return how many points lie in polygons; those around their middle are tried."""
    found: set[int] = set()
    for rings in area.polygons:
        lats, lons = zip(*rings[0], strict=True)
        lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        reach = max(km_between(lat, lon, *corner) for corner in rings[0])
        for _, place in gazetteer.nearby(lat, lon, reach):
            if not place.kind.is_area and is_in(place.lat or 0.0, place.lon or 0.0, [rings]):
                found.add(place.number)
    return len(found)
