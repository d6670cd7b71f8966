"""Places in a notification: what they lie in, their coordinates, a link to a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rasid.alerts.pins import pin_text
from rasid.models import Alert
from rasid.notifiers import safe
from rasid.settings import MAP_LINK

_NAME: Final = 120


def place_lines(alerts: Iterable[Alert], most: int) -> list[str]:
    """Return lines for at most so many places of alerts about one item, each place once."""
    told: dict[str, tuple[Mapping[str, Any], str]] = {}
    for alert in alerts:
        for place in alert.facts.get("places", ()):
            told.setdefault(place["name"], (place, str(alert.facts.get("map_link", MAP_LINK))))
    return [line for place, link in list(told.values())[:most] for line in _lines(place, link)]


def _lines(place: Mapping[str, Any], template: str) -> Iterator[str]:
    """Yield a place, and where it is on a map; an area without a centre is on none."""
    yield safe.isolated(_said(place, _names(place)))
    if (url := map_link(template, place.get("lat"), place.get("lon"))) != "":
        yield url


def _said(place: Mapping[str, Any], names: Sequence[str]) -> str:
    shown = f"{names[0]} ({names[1]})" if len(names) > 1 else names[0]
    if place.get("lat") is None or place.get("lon") is None:
        return shown
    far = f", {place['km']:g} km from {_defused(place['from'])}" if place.get("from") else ""
    return f"{shown}, {place['lat']:.4f} {place['lon']:.4f}, {pin_text(place['kind'])}{far}"


def _names(place: Mapping[str, Any]) -> list[str]:
    """Return a place with what it lies in, and how the item spells it where that is not it."""
    name, spelt = _defused(place["name"]), _defused(place.get("text", ""))
    same = not spelt or name.casefold().startswith(spelt.casefold())
    return list(map(safe.isolated, [name] if same else [name, spelt]))


def _defused(name: object) -> str:
    return safe.defused(safe.cut(str(name), _NAME))


def map_link(template: str, lat: float | None, lon: float | None) -> str:
    """Return the address of a point on a map, "" where there is no point."""
    if lat is None or lon is None:
        return ""
    return safe.link(template.replace("{lat}", f"{lat:.5f}").replace("{lon}", f"{lon:.5f}"))
