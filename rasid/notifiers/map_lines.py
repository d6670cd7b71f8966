"""Places in a notification: what they lie in, their coordinates, a link to a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rasid.models import Alert
from rasid.notifiers import safe
from rasid.notifiers.frame import ENGLISH, Frame
from rasid.settings import MAP_LINK

_NAME: Final = 120


def place_lines(alerts: Iterable[Alert], most: int, words: Frame = ENGLISH) -> list[str]:
    """Return lines for at most so many places of alerts about one item, each place once."""
    return [line for place, link in _places(alerts, most) for line in _lines(place, link, words)]


def place_names(alerts: Iterable[Alert], most: int) -> list[str]:
    """Return the names alone."""
    return [_shown(_names(place)) for place, _ in _places(alerts, most)]


def _places(alerts: Iterable[Alert], most: int) -> list[tuple[Mapping[str, Any], str]]:
    told: dict[str, tuple[Mapping[str, Any], str]] = {}
    for alert in alerts:
        for place in alert.facts.get("places", ()):
            told.setdefault(place["name"], (place, str(alert.facts.get("map_link", MAP_LINK))))
    return list(told.values())[:most]


def _lines(place: Mapping[str, Any], template: str, words: Frame) -> Iterator[str]:
    """Yield a place, and where it is on a map; an area without a centre is on none."""
    yield safe.isolated(_said(place, _shown(_names(place)), words))
    if (url := map_link(template, place.get("lat"), place.get("lon"))) != "":
        yield url


def _shown(names: Sequence[str]) -> str:
    return f"{names[0]} ({names[1]})" if len(names) > 1 else names[0]


def _said(place: Mapping[str, Any], shown: str, words: Frame) -> str:
    if place.get("lat") is None or place.get("lon") is None:
        return shown
    parts = [shown, f"{place['lat']:.4f} {place['lon']:.4f}", words.pin(place["kind"])]
    if place.get("from"):
        parts.append(words.far.format(km=f"{place['km']:g}", place=_defused(place["from"])))
    return words.comma.join(parts)


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
