"""The section `places:`: what the gazetteer lacks, checked against what it knows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Final

from rasid.config.problems import Problems
from rasid.config.schema_places import PlaceIn, PointIn
from rasid.config.sections import Found
from rasid.config.tree import spot_of
from rasid.places.distance import km_between
from rasid.places.lookup import Fault, look_up
from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.names import key
from rasid.places.own import WithOwn
from rasid.settings import OwnPlace

_KINDS: Final = {"spot": Kind.SPOT, "town": Kind.TOWN, "area": Kind.ADMIN3}
_FAR: Final = 500  # km from the centre of what it lies in, where nothing known is nearer
_AROUND: Final = (50, 300)  # km: what lies there is asked where it lies
_ASKED: Final = 10


def build_places(
    found: Mapping[str, Found[PlaceIn]], gazetteer: Gazetteer, problems: Problems
) -> tuple[tuple[OwnPlace, ...], Gazetteer]:
    """Return own places, and the gazetteer with those that are right laid over it."""
    both = WithOwn(gazetteer)
    own = []
    for entry in found.values():
        if entry.value is not None:
            place = _own(entry, entry.value, both, problems)
            own.append(place)
            both.add(place)
    return tuple(own), both if own else gazetteer


def _own(found: Found[PlaceIn], written: PlaceIn, known: Gazetteer, problems: Problems) -> OwnPlace:
    label = f'place "{written.id}"'
    for at, name in enumerate(written.name):
        if not key(name):
            spot = spot_of(found.tree, ("name", at))
            problems.add(found.file, spot, f'{label}: "{name}" has no letter or digit')
    around = look_up(written.within, known) if written.within else None
    spot = spot_of(found.tree, ("in",))
    if isinstance(around, Fault):
        problems.add(found.file, spot, f"{label}: in: {around.message}", around.hint)
    elif around is None:
        hint = "name what it lies in: in: Deir ez-Zor governorate"
        problems.warn(found.file, found.spot, f"{label} lies in nothing: no area covers it", hint)
    elif fault := _outside(written.at, around, known):
        spot = spot_of(found.tree, ("at",))
        problems.add(found.file, spot, f"{label}: {fault.message}", fault.hint)
    within = around.id if isinstance(around, Place) else ""
    kind = _KINDS[written.kind].name
    return OwnPlace(written.id, tuple(written.name), written.at.lat, written.at.lon, within, kind)


def _outside(at: PointIn, around: Place, known: Gazetteer) -> Fault | None:
    """Return what is wrong with a point that cannot lie in what it is said to lie in.

    Areas have no outline here, so it is asked where the places near the point lie.
    """
    near = _nearest(at.lat, at.lon, known)
    if around.kind is Kind.REGION or any(_is_in(one, around) for one in near):
        return None
    if not near and not _is_far(at.lat, at.lon, around):
        return None
    beside = f"; near it is {near[0].name}" if near else ""
    message = f"its point lies outside {around.name}{beside}"
    turned = _nearest(at.lon, at.lat, known) if abs(at.lon) <= 90 else []
    if any(_is_in(one, around) for one in turned):
        return Fault(message, f"swapped? at: {{lat: {at.lon:g}, lon: {at.lat:g}}}")
    return Fault(message, "check at: and in:")


def _nearest(lat: float, lon: float, known: Gazetteer) -> list[Place]:
    """Return some places near a point, in a desert those that are less near."""
    for km in _AROUND:
        if near := [one for _, one in islice(known.nearby(lat, lon, km), _ASKED)]:
            return near
    return []


def _is_in(place: Place, around: Place) -> bool:
    return around.number in (place.number, *place.within)


def _is_far(lat: float, lon: float, around: Place) -> bool:
    if around.lat is None or around.lon is None:
        return True
    return km_between(lat, lon, around.lat, around.lon) > _FAR
