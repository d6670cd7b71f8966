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
_FAR_FROM_TOWN: Final = 100  # km from a town that it lies in
_AROUND: Final = 50  # km: what lies there is asked where it lies
_ASKED: Final = 10
_NEARER: Final = 4  # times: swapped, it is as much nearer


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
    """Return what is wrong with a point that cannot lie in what it is said to lie in."""
    near = [one for _, one in islice(known.nearby(at.lat, at.lon, _AROUND), _ASKED)]
    if any(around.number in (one.number, *one.within) for one in near):
        return None
    if around.lat is None or around.lon is None:
        return None
    far = km_between(at.lat, at.lon, around.lat, around.lon)
    most = _FAR if around.kind.is_area else _FAR_FROM_TOWN
    if far <= most and not (near and around.kind.is_area):
        return None
    message = f"its point lies outside {around.name}: {far:,.0f} km from its centre"
    turned = km_between(at.lon, at.lat, around.lat, around.lon) if abs(at.lon) <= 90 else far
    if turned < far / _NEARER:
        return Fault(message, f"swapped? at: {{lat: {at.lon:g}, lon: {at.lat:g}}}")
    return Fault(message, f"near it is {near[0].name}" if near else "nothing known is near it")
