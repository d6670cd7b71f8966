"""All places that come with Rasid, in the order in which a gazetteer is compiled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from rasid.places import geonames
from rasid.places.entries import Entry, Name
from rasid.places.model import Kind
from rasid.places.own_words import Region, WordOf

Point = tuple[float, float]
_AROUND: Final = 360.0


def catalogue(
    words: Iterable[WordOf] = (),
    regions: Iterable[Region] = (),
    towns: Sequence[Entry] | None = None,
) -> list[Entry]:
    """Return every place once, containing ones before what they contain.

    `words` add names to places; those of places that are not here are passed over. An area
    without coordinates lies in the middle of the box around its towns. `towns`: where they have
    been read already.
    """
    more, regions = _by_identity(words), list(regions)
    above, centroids = _regions_of(regions), _centroids()
    divisions, towns = _by_depth(geonames.divisions()), towns or list(geonames.towns())
    middles = _middles([entry for entry, _ in divisions], towns)
    people = _people([entry for entry, _ in divisions], towns)
    lands = [
        _land(one, _first(more[one.id], one.id))
        for one in sorted(regions, key=lambda one: len(above[one.id]))
    ]
    placed = [
        replace(
            _placed(_placed(entry, centroids.get(iso)), middles.get(entry.id)),
            population=people[entry.id],
            names=(*entry.names, *more[iso]),
            regions=above[iso],
        )
        for entry, iso in divisions
    ]
    countries = [_placed(entry, centroids.get(entry.country)) for entry in geonames.countries()]
    areas = [
        replace(entry, names=_distinct(entry.names, more[entry.id]), regions=found)
        for entry in (*_outside(lands), *countries, *_inside(lands), *placed)
        for found in (above[entry.id] or entry.regions,)
    ]
    return [*areas, *_named(towns, more)]


def _named(towns: Sequence[Entry], more: Mapping[str, Sequence[Name]]) -> Iterator[Entry]:
    """Yield towns with more names, the capitals of countries known as such."""
    capitals = geonames.capitals(towns)
    for town in towns:
        named, capital = town.id in more, town.id in capitals
        if named or capital:
            names = _distinct(town.names, more[town.id]) if named else town.names
            yield replace(town, names=names, capital=capital)
        else:
            yield town


def _land(region: Region, name: str) -> Entry:
    country = next((one for one in region.within if one.startswith("country:")), "")
    code = country.removeprefix("country:")
    return Entry(region.id, name, (), Kind.REGION, code, country, region.lat, region.lon)


def _outside(lands: Iterable[Entry]) -> Iterable[Entry]:
    return (one for one in lands if not one.country)


def _inside(lands: Iterable[Entry]) -> Iterable[Entry]:
    return (one for one in lands if one.country)


def _first(names: list[Name], otherwise: str) -> str:
    """Return a name in Latin letters."""
    return next((one.text for one in names if one.text.isascii()), otherwise)


def _distinct(names: Iterable[Name], more: Iterable[Name]) -> tuple[Name, ...]:
    return tuple(dict.fromkeys((*names, *more)))


def _regions_of(regions: Iterable[Region]) -> defaultdict[str, tuple[str, ...]]:
    """Return the regions that contain a place, and those that contain these."""
    near: defaultdict[str, list[str]] = defaultdict(list)
    for region in regions:
        near[region.id].extend(region.within)
        for one in region.contains:
            near[one].append(region.id)

    def all_of(identity: str) -> dict[str, None]:
        found: dict[str, None] = {}
        for one in near.get(identity, ()):
            found |= {one: None} | all_of(one)
        return found

    known = {region.id for region in regions}
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for identity in list(near):
        found[identity] = tuple(one for one in all_of(identity) if one in known)
    return found


def _by_identity(words: Iterable[WordOf]) -> defaultdict[str, list[Name]]:
    found: defaultdict[str, list[Name]] = defaultdict(list)
    for word in words:
        found[word.identity].append(Name(word.text, word.means))
    return found


def _placed(entry: Entry, point: Point | None) -> Entry:
    """Return a place at a point, where it has no coordinates of its own."""
    if point is None or entry.lat is not None:
        return entry
    return replace(entry, lat=point[0], lon=point[1])


def _by_depth(divisions: Iterable[tuple[Entry, str]]) -> list[tuple[Entry, str]]:
    """Return divisions in such an order that none comes before what contains it."""
    found = list(divisions)
    above = {entry.id: entry.within for entry, _ in found}

    def depth(identity: str) -> int:
        return 1 + depth(above[identity]) if identity in above else 0

    return sorted(found, key=lambda one: depth(one[0].id))


@dataclass(slots=True)
class _Box:
    """What surrounds points, with longitudes from Greenwich and from the date line."""

    south: float = 90.0
    north: float = -90.0
    west: float = 180.0
    east: float = -180.0
    west_of_line: float = _AROUND
    east_of_line: float = 0.0

    def add(self, lat: float, lon: float) -> None:
        self.south, self.north = min(self.south, lat), max(self.north, lat)
        self.west, self.east = min(self.west, lon), max(self.east, lon)
        other = lon % _AROUND
        self.west_of_line = min(self.west_of_line, other)
        self.east_of_line = max(self.east_of_line, other)

    def middle(self) -> Point:
        """Return the middle; of a box across the date line too."""
        lat, lon = (self.south + self.north) / 2, (self.west + self.east) / 2
        if self.east_of_line - self.west_of_line < self.east - self.west:
            lon = (self.west_of_line + self.east_of_line) / 2
        return round(lat, 4), round((lon + 180) % _AROUND - 180, 4)


def _middles(divisions: Iterable[Entry], towns: Iterable[Entry]) -> Mapping[str, Point]:
    """Return the middle of what surrounds the towns of each division."""
    above = {entry.id: entry.within for entry in divisions}
    boxes: defaultdict[str, _Box] = defaultdict(_Box)
    for town in towns:
        within = town.within
        while within in above and town.lat is not None and town.lon is not None:
            boxes[within].add(town.lat, town.lon)
            within = above[within]
    return {identity: box.middle() for identity, box in boxes.items()}


def _people(divisions: Iterable[Entry], towns: Iterable[Entry]) -> Counter[str]:
    """Return how many people live in the towns of each division."""
    above = {entry.id: entry.within for entry in divisions}
    found: Counter[str] = Counter()
    for town in towns:
        within = town.within
        while within in above:
            found[within] += town.population
            within = above[within]
    return found


def _centroids() -> dict[str, Point]:
    """Return the centres of countries, and of states whose towns lie at an edge."""
    written = files("rasid.places").joinpath("data/centroids.json").read_bytes()
    kept: Any = msgspec.json.decode(written, type=dict[str, Point])
    return dict(kept)
