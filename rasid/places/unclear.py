"""What is said of a place in a rule that cannot be told, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rasid.places.called import bearers_of, holders_of, lies_in, of_kind
from rasid.places.likely import likely
from rasid.places.meant import candidates, meant
from rasid.places.model import Gazetteer, Kind, Means, Place
from rasid.places.names import key
from rasid.places.spoken import Spoken, parts, spoken

_SHOWN: Final = 5  # candidates of a message
# within 60 km of X, 60 km around X
_CIRCLE: Final = re.compile(
    r"(?:within\s+)?(?P<km>\d+)\s*km\s+(?:of|from|around)\s+(?P<place>.+)", re.IGNORECASE
)
_PART: Final = re.compile(
    r"(?:the\s+)?(?:(?:north|south|east|west)+(?:ern)?|central|upper|lower|greater|grand|شمال|جنوب|شرق|غرب|وسط)"
    r"(?:\s+of)?\s+(?P<place>.+)",
    re.IGNORECASE,
)
_PART_AFTER: Final = re.compile(  # ريف حلب الشمالي, 刚果东部
    r"(?P<place>.+?)(?:\s+ال(?:شمالي|جنوبي|شرقي|غربي|أوسط|كبرى)[ةه]?|[东西南北中]部|[東西南北]部)"
)
_LACKS: Final = "what the gazetteer lacks is defined under places:"


class Fault(NamedTuple):
    """Why an entry names no place, and what to write."""

    message: str
    hint: str = ""


def ambiguous(written: str, bearers: Sequence[Place], gazetteer: Gazetteer) -> Fault:
    """Say that a name has several bearers, and how each is written."""
    return Fault(f'"{written}" is the name of several places', choices(bearers, gazetteer))


def choices(bearers: Sequence[Place], gazetteer: Gazetteer, said: str = "write") -> str:
    """Return ways to write places, each of which means one of them."""
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
        for one in bearers_of(name, gazetteer)
        if all(any(lies_in(one, h) for h in holders_of(outer, gazetteer)) for outer in around)
    ]
    return meant(left, name) == place


def unknown(written: str, gazetteer: Gazetteer) -> Fault:
    """Say that nothing is called so, and what may have been meant."""
    if (otherwise := _otherwise(written, gazetteer)) is not None:
        return Fault(f'no place is called "{written}"', otherwise)
    near = _nearest(written, gazetteer)
    hint = f"did you mean {' or '.join(near)}?" if near else _LACKS
    return Fault(f'no place is called "{written}"', hint)


def _otherwise(written: str, gazetteer: Gazetteer) -> str | None:
    """Return how else to write what is no name: a circle, a part of a country."""
    if circle := _CIRCLE.fullmatch(written):
        return f"write {{near: {circle['place']}, km: {circle['km']}}}"
    part = _PART.fullmatch(written) or _PART_AFTER.fullmatch(written)
    if part and bearers_of(part["place"], gazetteer):
        return f'a part has no border here: write "{part["place"]}", or draw a polygon'
    return None


def _nearest(written: str, gazetteer: Gazetteer) -> list[str]:
    """Return ids or names that differ by a letter from what is written, large places first."""
    if ids := [one for one in likely(written) if gazetteer.by_id(one)]:
        return list(dict.fromkeys(ids))[:3]
    for name, _ in parts(written):
        for said in reversed(spoken(name)):
            keys = (one for one in likely(key(said.name)) if gazetteer.named(one))
            found = [place for one in keys for place in _of_key(one, gazetteer)]
            if found := of_kind(found, said.kinds):
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
        if meant(bearers_of(written, gazetteer), written) == place:
            return f'"{written}"'
    return _unmistakable(place, gazetteer)
