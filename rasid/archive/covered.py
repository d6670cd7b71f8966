"""Which places an entry of `where` covers, and how it is called in texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rasid.archive.coverage import called, count, note, points_in
from rasid.archive.place_misses import region_text
from rasid.places.model import Gazetteer, Place
from rasid.places.shown import Shown
from rasid.settings import Around, Inside, Region, Rule


@dataclass(frozen=True, slots=True)
class Covered:
    """What one entry of a rule covers: `places` in all, and some of them by their names.

    `key`: where, or not_where. `names`: how texts may call the entry itself, none for a circle
    or a polygon. `some`: the largest first, of a circle the nearest.
    """

    key: str
    place: str
    places: int
    note: str
    names: tuple[str, ...]
    some: tuple[str, ...]


def covered(rule: Rule, gazetteer: Gazetteer, language: str, most: int) -> Iterator[Covered]:
    """Yield what each place entry of a rule covers, with `most` names of what lies in it."""
    shown = Shown(gazetteer, language)
    for key, scopes in (("where", rule.where), ("not_where", rule.not_where)):
        for scope in scopes:
            region = scope.region
            places = count(region, gazetteer)
            some = tuple(map(shown.name, _some(region, gazetteer, most)))
            yield Covered(
                key,
                region_text(called(region, shown, gazetteer)),
                places,
                note(region, places, gazetteer),
                _names(region, gazetteer),
                some,
            )


def _names(region: Region, gazetteer: Gazetteer) -> tuple[str, ...]:
    place = gazetteer.by_id(region.id) if isinstance(region, Inside) else None
    return tuple(gazetteer.names(place.number)) if place else ()


def _some(region: Region, gazetteer: Gazetteer, most: int) -> Sequence[Place]:
    if isinstance(region, Inside):
        place = gazetteer.by_id(region.id)
        return gazetteer.largest_within(place.number, most) if place else ()
    if isinstance(region, Around):
        near = gazetteer.nearby(region.lat, region.lon, region.km)
        return [place for _, place in near if not place.kind.is_area][:most]
    inside = points_in(region, gazetteer).values()
    return sorted(inside, key=lambda one: -one.population)[:most]
