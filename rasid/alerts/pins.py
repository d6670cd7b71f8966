"""Places as people are told of them: what they lie in, and how exact the point is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from rasid.models import Evidence

MOST: Final = 3  # places of one alert

_PINS: Final = {"spot": "the spot", "town": "centre of the town"}


def place_text(place: Mapping[str, Any]) -> str:
    """Return a place with what it lies in, each name once: "Al Mayadin, Deir ez-Zor, Syria"."""
    return ", ".join(dict.fromkeys([name_of(place), *place.get("within", ())]))


def name_of(place: Mapping[str, Any]) -> str:
    """Return the name of a place in the desk's language; older evidence has its main name alone."""
    return str(place.get("shown", place["name"]))


def innermost(places: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return places without the areas that another of them lies in: "Aden, Yemen" is about Aden.

    A town that is called like its province is no area.
    """
    found = list(places)
    around = {str(name) for place in found for name in place.get("within", ())}
    return [one for one in found if one.get("kind") in _PINS or name_of(one) not in around]


def pin_text(kind: str) -> str:
    """Return what a pin on the map stands for."""
    return _PINS.get(kind, "centre of the area")


def pins(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Return at most `MOST` places that a match rests on, each once, as alerts remember them.

    What another of them lies in is left out: its pin would be far from where it happened.

    {text, name, kind, lat, lon, km, from}: `text` is how the item has it where that is surest,
    `name` the place with what it lies in, `km` how far it is `from` what the rule names.
    """
    surest: dict[str, Evidence] = {}
    for one in evidence:
        if one.place:
            known = surest.setdefault(one.place["id"], one)
            if _confidence(one) > _confidence(known):
                surest[one.place["id"]] = one
    told = innermost(one.place for one in surest.values() if one.place)
    return [_pin(surest[place["id"]]) for place in told[:MOST]]


def _confidence(one: Evidence) -> float:
    return float((one.place or {}).get("confidence", 0.0))


def _pin(one: Evidence) -> dict[str, Any]:
    place = one.place or {}
    return {
        "text": one.text,
        "name": place_text(place),
        "kind": place["kind"],
        "lat": place["lat"],
        "lon": place["lon"],
        "km": place.get("km"),
        "from": place.get("from", ""),
    }
