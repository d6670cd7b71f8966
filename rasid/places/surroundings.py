"""Where a street, a river or a building is that no gazetteer has: where its text is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasid.places.candidates import Candidate
from rasid.places.home import Home
from rasid.places.model import Gazetteer, Kind, Means, Place

_LIKELY: Final = 0.0  # points from which on a name tells where others are
_BESIDE: Final = 12  # characters to a name that says where it is: in, of the city of
_NARROW: Final = (Kind.TOWN, Kind.SPOT, Kind.ADMIN3, Kind.ADMIN2)


class Surroundings:
    """What a document says of where it is. `found`: its names, those that are settled."""

    def __init__(self, found: Sequence[Candidate], home: Home, gazetteer: Gazetteer) -> None:
        sure = [one for one in found if one.scored and one.points >= _LIKELY]
        self._places = [one for one in sure if one.best.means is not Means.DEMONYM]
        self._home = home
        self._gazetteer = gazetteer

    def of(self, field: str, start: int, end: int) -> Place | None:
        """Return the place that is named nearest: a town's rather than a country's.

        What stands right after it goes before what stands before; a text without any place is
        where its source is at home.
        """
        here = [one for one in self._places if one.field == field]
        for one in here:
            if 0 < one.span.start - end <= _BESIDE:
                return one.best.place
        towns = [one for one in here if one.best.place.kind in _NARROW]
        for near in (towns, self._narrow(), here, self._places):
            if near:
                return min(near, key=lambda one: _distance(one, field, start)).best.place
        return self._at_home()

    def _narrow(self) -> list[Candidate]:
        return [one for one in self._places if one.best.place.kind in _NARROW]

    def _at_home(self) -> Place | None:
        known = [self._gazetteer.place(number) for number in self._home.weights]
        divisions = [one for one in known if one.kind is Kind.ADMIN1] or known
        return max(divisions, key=lambda one: self._home.weight(one.number), default=None)


def _distance(one: Candidate, field: str, start: int) -> int:
    return abs(one.span.start - start) if one.field == field else 0
