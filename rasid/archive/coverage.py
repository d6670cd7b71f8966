"""How many places each entry of `where` covers, so that a thin gazetteer is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from rasid.archive.place_misses import region_text
from rasid.counted import counted
from rasid.places.distance import is_in, km_between
from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.shown import Shown
from rasid.settings import Area, Around, Config, Inside, Region


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one entry of a rule covers: `place` as a rule might call it, and as the desk does.

    `note`: what is odd about it, "" for nothing.
    """

    rule: str
    place: str
    places: int
    note: str = ""


def coverage(config: Config, gazetteer: Gazetteer) -> Iterator[Coverage]:
    """Yield what every `where` covers, in the order of the rules."""
    known: dict[Region, tuple[int, str]] = {}
    shown = Shown(gazetteer, config.settings.language)
    for rule in config.rules.values():
        for scope in rule.where:
            if scope.region not in known:
                places = count(scope.region, gazetteer)
                known[scope.region] = places, note(scope.region, places, gazetteer)
            text = region_text(called(scope.region, shown, gazetteer))
            yield Coverage(rule.id, text, *known[scope.region])


def called(region: Region, shown: Shown, gazetteer: Gazetteer) -> Region:
    """Return a region with its place named in the desk's language."""
    if isinstance(region, Inside | Around) and (place := gazetteer.by_id(region.id)):
        return replace(region, name=shown.name(place))
    return region


def count(region: Region, gazetteer: Gazetteer) -> int:
    """Return how many places a region covers."""
    if isinstance(region, Inside):
        place = gazetteer.by_id(region.id)
        return 1 + gazetteer.count_within(place.number) if place else 0
    if isinstance(region, Around):
        near = gazetteer.nearby(region.lat, region.lon, region.km)
        return sum(not place.kind.is_area for _, place in near)
    return len(points_in(region, gazetteer))


def note(region: Region, places: int, gazetteer: Gazetteer) -> str:
    """Return what is odd about what a region covers."""
    if isinstance(region, Inside):
        place = gazetteer.by_id(region.id)
        alone = places == 1 and place is not None and place.kind is Kind.REGION
        return "by its own names only: a polygon covers what lies there" if alone else ""
    if places:
        return ""
    if isinstance(region, Area) and (other := points_in(_swapped(region), gazetteer)):
        return f"with latitude and longitude swapped it covers {counted(len(other), 'place')}"
    return "no place of the gazetteer is there"


def _swapped(area: Area) -> Area:
    rings = tuple(tuple(tuple((lon, lat) for lat, lon in r) for r in one) for one in area.polygons)
    possible = all(-90 <= lat <= 90 for one in rings for ring in one for lat, _ in ring)
    return Area(area.name, rings if possible else ())


def points_in(area: Area, gazetteer: Gazetteer) -> dict[int, Place]:
    """Return the points that lie in polygons, by number; those around their middle are tried."""
    found: dict[int, Place] = {}
    for rings in area.polygons:
        lats, lons = zip(*rings[0], strict=True)
        lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        reach = max(km_between(lat, lon, *corner) for corner in rings[0])
        for _, place in gazetteer.nearby(lat, lon, reach):
            if not place.kind.is_area and is_in(place.lat or 0.0, place.lon or 0.0, [rings]):
                found[place.number] = place
    return found
