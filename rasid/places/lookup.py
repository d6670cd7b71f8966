"""From a place as it is written in a rule to the one that is meant, or what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rasid.places.likely import likely
from rasid.places.meant import candidates, meant
from rasid.places.model import Gazetteer, Kind, Means, Place
from rasid.places.names import key
from rasid.places.spoken import Spoken, parts, spoken

_MEANT: Final = (Means.NAME, Means.SHORT)
_SHOWN: Final = 5  # candidates of a message
_RURAL: Final = ("ريف {}", "Rif {}", "Rural {}", "{} Countryside")
_LACKS: Final = "what the gazetteer lacks is defined under places:"
_ARTICLES: Final = ("al", "ar", "as", "ash", "at", "az", "an", "ad", "el")
_POINTS: Final = (Kind.TOWN, Kind.SPOT)


class Fault(NamedTuple):
    """Why an entry names no place, and what to write."""

    message: str
    hint: str = ""


def look_up(written: str, gazetteer: Gazetteer, *, point: bool = False) -> Place | Fault:
    """Return the place that is meant by an id, a name or a name with what it lies in.

    `point`: only what has a place of its own on the map will do, no area.
    """
    if (known := gazetteer.by_id(written)) is not None:
        return known
    for name, around in parts(written):
        bearers = _bearers(name, gazetteer)
        if point:
            bearers = [one for one in bearers if one.kind in _POINTS] or bearers
        if around and bearers:
            return _inside(name, bearers, around, gazetteer)
        if bearers:
            return meant(bearers, name) or _ambiguous(written, bearers, gazetteer)
    return _unknown(written, gazetteer)


def _bearers(text: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the places that a written name may mean."""
    for said in spoken(text):
        found = _rural(said, gazetteer) if said.rural else []
        found = found or _of_kind(_named(said.name, gazetteer), said.kinds)
        found = found or _seat_of(said, gazetteer)
        if found:
            return found
    return []


def _seat_of(said: Spoken, gazetteer: Gazetteer) -> list[Place]:
    """Return the area that is called after a town in it: Kursk oblast is Kurskaya oblast."""
    if Kind.ADMIN1 not in said.kinds or (town := meant(_named(said.name, gazetteer))) is None:
        return []
    start = key(said.name)[: max(4, len(said.name) - 2)]
    areas = (gazetteer.place(number) for number in town.within)
    return [
        area
        for area in areas
        if area.kind is Kind.ADMIN1
        and any(key(name).startswith(start) for name in gazetteer.names(area.number))
    ]


def _named(name: str, gazetteer: Gazetteer) -> list[Place]:
    """Return the bearers of a name, which may lack its article in Latin letters: Hasakah."""
    known = key(name)
    for one in (known, *(f"{article} {known}" for article in _ARTICLES if known.isascii())):
        found = [named.place for named in gazetteer.named(one) if named.means in _MEANT]
        if found:
            return [gazetteer.place(number) for number in dict.fromkeys(found)]
    return []


def _of_kind(found: Sequence[Place], kinds: Sequence[Kind]) -> list[Place]:
    """Return the places of the first kind that one of them has, all where none is asked."""
    if not kinds:
        return list(found)
    return next(
        (kept for kind in kinds if (kept := [one for one in found if one.kind is kind])), []
    )


def _rural(said: Spoken, gazetteer: Gazetteer) -> list[Place]:
    """Return the areas that are called the countryside of a place, by any of its names."""
    called = dict.fromkeys(
        (
            said.name,
            *(n for one in _named(said.name, gazetteer) for n in gazetteer.names(one.number)),
        )
    )
    found = (_named(pattern.format(name), gazetteer) for name in called for pattern in _RURAL)
    return next((areas for some in found if (areas := _of_kind(some, said.kinds))), [])


def _inside(
    name: str, bearers: Sequence[Place], around: Sequence[str], gazetteer: Gazetteer
) -> Place | Fault:
    """Return the bearer of a name that lies in all that is said to be around it."""
    left = list(bearers)
    for outer in around:
        holders = _holders(outer, gazetteer)
        if not holders:
            return _unknown(outer, gazetteer)
        left = [one for one in left if any(_lies_in(one, holder) for holder in holders)]
        if not left:
            message = f'no "{name}" lies in "{outer}"'
            return Fault(message, _choices(bearers, gazetteer, "known are"))
    written = ", ".join((name, *around))
    return meant(left, name) or _ambiguous(written, left, gazetteer)


def _holders(text: str, gazetteer: Gazetteer) -> list[Place]:
    found = _bearers(text, gazetteer)
    code = gazetteer.by_id(f"country:{text.upper()}") if len(text) == 2 else None
    known = gazetteer.by_id(text)
    return [*found, *(one for one in (code, known) if one is not None)]


def _lies_in(place: Place, holder: Place) -> bool:
    if holder.number in place.within:
        return True
    return holder.kind is Kind.COUNTRY and place.country == holder.country != ""


def _ambiguous(written: str, bearers: Sequence[Place], gazetteer: Gazetteer) -> Fault:
    return Fault(f'"{written}" is the name of several places', _choices(bearers, gazetteer))


def _choices(bearers: Sequence[Place], gazetteer: Gazetteer, said: str = "write") -> str:
    found = candidates(bearers)
    names = dict.fromkeys(_unmistakable(one, gazetteer) for one in found[:_SHOWN])
    more = f" ({len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
    return f"{said} {' or '.join(names)}{more}"


def _unmistakable(place: Place, gazetteer: Gazetteer) -> str:
    """Return a way to write a place that means it and nothing else."""
    if place.kind is Kind.COUNTRY:
        return place.id
    around = [gazetteer.place(number) for number in place.within]
    outer = next((one for one in around if one.kind is Kind.COUNTRY), None)
    nearer = next((one for one in around if one.kind is Kind.ADMIN1), None)
    if outer is not None:
        middle = f", {nearer.name}" if nearer and nearer.name != place.name else ""
        for written in (f"{place.name}, {outer.name}", f"{place.name}{middle}, {outer.name}"):
            if _means(written, place, gazetteer):
                return f'"{written}"'
    return f"{place.id} ({', '.join(one.name for one in (place, *around[:1]))})"


def _means(written: str, place: Place, gazetteer: Gazetteer) -> bool:
    name, *around = written.split(", ")
    left = [
        one
        for one in _bearers(name, gazetteer)
        if all(any(_lies_in(one, h) for h in _holders(outer, gazetteer)) for outer in around)
    ]
    return meant(left, name) == place


def _unknown(written: str, gazetteer: Gazetteer) -> Fault:
    near = _nearest(written, gazetteer)
    hint = f"did you mean {' or '.join(near)}?" if near else _LACKS
    return Fault(f'no place is called "{written}"', hint)


def _nearest(written: str, gazetteer: Gazetteer) -> list[str]:
    """Return ids or names that differ by a letter from what is written, large places first."""
    if ids := [one for one in likely(written) if gazetteer.by_id(one)]:
        return list(dict.fromkeys(ids))[:3]
    for name, _ in parts(written):
        for said in reversed(spoken(name)):
            keys = (one for one in likely(key(said.name)) if gazetteer.named(one))
            found = [place for one in keys for place in _of_key(one, gazetteer)]
            if found := _of_kind(found, said.kinds):
                found.sort(key=lambda one: -one.population)
                names = dict.fromkeys(_shown(one, said, gazetteer) for one in found)
                return list(names)[:3]
    return []


def _of_key(known: str, gazetteer: Gazetteer) -> Iterable[Place]:
    for one in gazetteer.named(known):
        if one.means is Means.NAME:
            yield gazetteer.place(one.place)


def _shown(place: Place, said: Spoken, gazetteer: Gazetteer) -> str:
    """Return a way to write a place that was written with a slip, its kind said as it was."""
    for written in (f"{place.name} {said.word}".strip(), place.name):
        if meant(_bearers(written, gazetteer), written) == place:
            return f'"{written}"'
    return _unmistakable(place, gazetteer)
