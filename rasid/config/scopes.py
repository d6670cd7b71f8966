"""Entries of `where` and `not_where` to what they cover, looked up in the gazetteer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from rasid.config.geojson import GeojsonError, polygons
from rasid.config.lists import Where
from rasid.config.problems import Problems
from rasid.config.schema_places import GeojsonIn, NearIn, PolygonIn, WrittenWhere
from rasid.config.schema_rules import RuleIn
from rasid.config.tree import spot_of
from rasid.places.lookup import Fault, look_up
from rasid.places.model import Gazetteer, Kind, Place
from rasid.places.names import key
from rasid.places.own import is_own
from rasid.places.shown import chain
from rasid.settings import Area, Around, Inside, Scope

_SMALL: Final = 15_000  # people
_COMMA: Final = re.compile("[,،]")
_POINTS: Final = (Kind.TOWN, Kind.SPOT)


class Scopes:
    """Looks places up, each name once. `beside`: the files that were read, with a hash."""

    def __init__(self, gazetteer: Gazetteer, problems: Problems) -> None:
        self._gazetteer = gazetteer
        self._problems = problems
        self._known: dict[tuple[str, bool], Place | Fault] = {}
        self.beside: dict[str, str] = {}

    def of(self, written: RuleIn, section: str, where: Where) -> tuple[Scope, ...]:
        """Return what a key of a rule covers; mistakes are noted."""
        entries: Sequence[WrittenWhere] = getattr(written, section)
        found: dict[Scope, None] = {}
        for at, entry in enumerate(entries):
            made = self._scope(entry, written.certainty, where)
            if isinstance(made, Scope):
                found[made] = None
            else:
                spot = spot_of(where.tree, (section, at))
                message = f"{where.label}: {section}: {made.message}"
                self._problems.add(where.file, spot, message, made.hint)
        return tuple(found)

    def compare(
        self, written: RuleIn, wanted: Sequence[Scope], unwanted: Sequence[Scope], where: Where
    ) -> None:
        """Note what entries of a rule take from one another."""
        names = [entry if isinstance(entry, str) else "" for entry in written.where]
        for at, (name, area) in enumerate(pairwise(names)):
            if name and area and (found := self._one_of_two(name, area)):
                self._warn(("where", at), *found, where)
        taken = [one for one in wanted if self._is_taken(one, unwanted)]
        if taken and len(taken) == len(wanted):
            message = f"{where.label}: not_where takes all of where away: it never matches"
            hint = "take away a part of what where names, or nothing"
            self._problems.add(where.file, spot_of(where.tree, ("not_where",)), message, hint)
        elif taken:
            text = ", ".join(one.region.name for one in taken)
            message = f"{where.label}: not_where takes {text} away again"
            self._warn(("not_where",), message, "leave it out of where", where)

    def _one_of_two(self, name: str, area: str) -> tuple[str, str] | None:
        """Return that two entries are probably one whose quotes are missing: Paris, Texas."""
        town, around = self._place(name), self._place(area)
        if isinstance(town, Fault) or isinstance(around, Fault):
            return None
        if not around.kind.is_area or town.kind < Kind.ADMIN1:
            return None
        hint = f'write "{name}, {area}" in quotes if that one is meant'
        if around.number in town.within:
            return None
        if isinstance(self._place(f"{name}, {area}"), Place):
            return f'"{name}" and "{area}" are two places here', hint
        return None

    def _is_taken(self, scope: Scope, unwanted: Sequence[Scope]) -> bool:
        if not isinstance(scope.region, Inside):
            return False
        place = self._gazetteer.by_id(scope.region.id)
        ids = {one.region.id for one in unwanted if isinstance(one.region, Inside)}
        if place is None:
            return False
        return any(self._gazetteer.place(n).id in ids for n in (place.number, *place.within))

    def _warn(self, path: tuple[int | str, ...], message: str, hint: str, where: Where) -> None:
        label = "" if message.startswith(where.label) else f"{where.label}: "
        self._problems.warn(where.file, spot_of(where.tree, path), f"{label}{message}", hint)

    def _scope(self, entry: WrittenWhere, certainty: str | None, where: Where) -> Scope | Fault:
        if isinstance(entry, NearIn):
            return self._around(entry, certainty != "precision")
        if isinstance(entry, PolygonIn):
            ring = entry.polygon.lat_lon
            name = f"polygon of {len(ring)} corners"
            return Scope(Area(name, ((ring,),)), certainty == "recall")
        if isinstance(entry, GeojsonIn):
            return self._file(entry.geojson, certainty == "recall", where)
        place = self._place(entry)
        if isinstance(place, Fault):
            return place
        self._doubt(entry, place, where)
        return scope_of(place, certainty)

    def _around(self, entry: NearIn, recall: bool) -> Scope | Fault:
        place = self._place(entry.near, point=True)
        if isinstance(place, Fault):
            return place
        if place.kind not in _POINTS or place.lat is None or place.lon is None:
            message = f'"{entry.near}" is an area, and its centre is no place to measure from'
            return Fault(message, "name a town or a spot, or the area by itself")
        return Scope(Around(place.id, place.name, place.lat, place.lon, entry.km), recall)

    def _file(self, name: str, recall: bool, where: Where) -> Scope | Fault:
        path = Path(where.file).parent / name
        try:
            found = polygons(path)
        except GeojsonError as error:
            return Fault(f"geojson: {name} {error}", "the path is relative to this file")
        self.beside[str(path)] = digest_of(path)
        return Scope(Area(name, found), recall)

    def _doubt(self, written: str, place: Place, where: Where) -> None:
        """Warn of a small town that is taken because it has the name among others."""
        small = place.kind is Kind.TOWN and place.population < _SMALL and not is_own(place)
        by_name = written != place.id and not _COMMA.search(written)
        if small and by_name and key(written) != key(place.name):
            names = [one.name for one in (place, *chain(place, self._gazetteer))]
            message = f'{where.label}: "{written}" is taken for {", ".join(names)}'
            hint = f'write "{written}, COUNTRY" if it is meant'
            self._problems.warn(where.file, spot_of(where.tree, ("where",)), message, hint)

    def _place(self, written: str, *, point: bool = False) -> Place | Fault:
        if written.startswith("$"):
            return Fault(f"{written} is a list of words, not of places", "name the places here")
        if (written, point) not in self._known:
            self._known[written, point] = look_up(written, self._gazetteer, point=point)
        return self._known[written, point]


def scope_of(place: Place, certainty: str | None = None) -> Scope:
    """Return what lies in a place; of a spot, doubtful mentions too unless it says otherwise."""
    recall = certainty == "recall" or (certainty is None and not place.kind.is_area)
    return Scope(Inside(place.id, place.name), recall)


def digest_of(path: str | Path) -> str:
    """Return a hash of a file, "" when it cannot be read."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return ""
