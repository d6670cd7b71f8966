"""Where a street, a river or a building is that no gazetteer has: where its text is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from rasid.places.candidates import Candidate
from rasid.places.home import Home
from rasid.places.model import Gazetteer, Kind, Means, Place

_LIKELY: Final = 0.0  # points from which on a name tells where others are
_BESIDE: Final = 12  # characters to a name that says where it is: in, of the city of
_ENDS: Final = frozenset(".!?;\n\r…؟۔。")  # of a sentence
_NARROW: Final = (Kind.TOWN, Kind.SPOT, Kind.ADMIN3, Kind.ADMIN2)


class _Row(NamedTuple):
    """Names of a field in order, and where they start."""

    starts: list[int]
    names: list[Candidate]


class Surroundings:
    """What a document says of where it is. `found`: its names, those that are settled."""

    def __init__(self, found: Sequence[Candidate], home: Home, gazetteer: Gazetteer) -> None:
        sure = [one for one in found if one.scored and one.points >= _LIKELY]
        places = [one for one in sure if one.best.means is not Means.DEMONYM]
        towns = [one for one in places if one.best.place.kind in _NARROW]
        self._first = next(iter((*towns, *places)), None)
        self._towns, self._all = _by_field(towns), _by_field(places)
        self._home = home
        self._gazetteer = gazetteer

    def of(self, field: str, start: int, end: int) -> Place | None:
        """Return the place that is named nearest: a town's rather than a country's.

        What stands right after it goes before what stands before; a text without any place is
        where its source is at home.
        """
        found = self._beside(field, end) or _nearest(self._towns.get(field), start)
        if found is None and (self._first is None or self._first.best.place.kind not in _NARROW):
            found = _nearest(self._all.get(field), start)
        found = found or self._first
        return found.best.place if found is not None else self._at_home()

    def _beside(self, field: str, end: int) -> Candidate | None:
        """Return the name right after a place of a field, in the same sentence."""
        row = self._all.get(field)
        at = bisect_left(row.starts, end + 1) if row is not None else 0
        if row is None or at == len(row.starts) or row.starts[at] - end > _BESIDE:
            return None
        one = row.names[at]
        return one if _ENDS.isdisjoint(one.text[end : one.span.start]) else None

    def _at_home(self) -> Place | None:
        known = [self._gazetteer.place(number) for number in self._home.weights]
        divisions = [one for one in known if one.kind is Kind.ADMIN1] or known
        return max(divisions, key=lambda one: self._home.weight(one.number), default=None)


def _by_field(found: Sequence[Candidate]) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for one in sorted(found, key=lambda one: one.span.start):
        row = rows.setdefault(one.field, _Row([], []))
        row.starts.append(one.span.start)
        row.names.append(one)
    return rows


def _nearest(row: _Row | None, start: int) -> Candidate | None:
    if row is None:
        return None
    at = bisect_left(row.starts, start)
    near = row.names[max(0, at - 1) : at + 1]
    return min(near, key=lambda one: abs(one.span.start - start), default=None)
