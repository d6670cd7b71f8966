"""From a place as it is written in a rule to the one that is meant, or what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.places.called import bearers_of, country_called, holders_of, lies_in
from rasid.places.meant import meant
from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.names import key
from rasid.places.own import is_own
from rasid.places.spoken import parts
from rasid.places.unclear import Fault, ambiguous, choices, unknown

__all__ = ["Fault", "look_up"]

_POINTS: Final = (Kind.TOWN, Kind.SPOT)
_LARGE: Final = 5_000_000  # people


def look_up(written: str, gazetteer: Gazetteer, *, point: bool = False) -> Place | Fault:
    """Return the place that is meant by an id, a name or a name with what it lies in.

    `point`: only what has a place of its own on the map will do, no area. A country whose name
    is an ordinary word, and so not found in texts without more, goes before small towns.
    """
    if (known := gazetteer.by_id(written)) is not None:
        return known
    found = _named(written, gazetteer, point)
    if point or (isinstance(found, Place) and not _is_doubtful(found, written)):
        return found
    ambiguous_name = isinstance(found, Fault) and bool(bearers_of(written, gazetteer))
    return found if ambiguous_name else country_called(written, gazetteer) or found


def _is_doubtful(place: Place, written: str) -> bool:
    """Whether it is a town that has a name among others."""
    small = place.kind in _POINTS and place.population < _LARGE and not is_own(place)
    return small and key(place.name) != key(written)


def _named(written: str, gazetteer: Gazetteer, point: bool) -> Place | Fault:
    for name, around in parts(written):
        bearers = bearers_of(name, gazetteer)
        if point:
            bearers = [one for one in bearers if one.kind in _POINTS] or bearers
        if around and bearers:
            return _inside(name, bearers, around, gazetteer)
        if bearers:
            return meant(bearers, name) or ambiguous(written, bearers, gazetteer)
    return unknown(written, gazetteer)


def _inside(
    name: str, bearers: Sequence[Place], around: Sequence[str], gazetteer: Gazetteer
) -> Place | Fault:
    """Return the bearer of a name that lies in all that is said to be around it."""
    left = list(bearers)
    for outer in around:
        holders = holders_of(outer, gazetteer)
        if not holders:
            return unknown(outer, gazetteer)
        left = [one for one in left if any(lies_in(one, holder) for holder in holders)]
        if not left:
            message = f'no "{name}" lies in "{outer}"'
            return Fault(message, choices(bearers, gazetteer, "known are"))
    written = ", ".join((name, *around))
    return meant(left, name) or ambiguous(written, left, gazetteer)
