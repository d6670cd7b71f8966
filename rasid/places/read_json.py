"""Places of JSON: GeoJSON, and lists of objects with names, parents and a centroid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec

from rasid.places.facts import Complaints, Fact, named
from rasid.places.model import Kind
from rasid.places.read_geonames import refuse
from rasid.places.read_tables import KINDS

_NAME: Final = re.compile(
    r"(?:name|NAME|Name)(?:[:_]\w+)?|(?:alt|old|official|loc|int)_name(?::\w+)?"
    r"|alternative_names?|NAME_\d|ADM\d_[A-Z]{2,}|adm\d_(?:name|[a-z]{2})\d?|shapeName"
)
_NO_NAME: Final = re.compile(r".*(?:PCODE|pcode|CODE|code)")
_LEVELS: Final = {3: Kind.ADMIN1, 4: Kind.ADMIN1, 5: Kind.ADMIN2, 6: Kind.ADMIN2}  # of OSM
_PARENTS: Final = ("subdistrictId", "districtId", "governorateId", "parentId", "parent", "in")
_BY_PARENT: Final = {
    "subdistrictId": Kind.TOWN, "districtId": Kind.ADMIN3, "governorateId": Kind.ADMIN2,
}  # fmt: skip


def read(path: Path, complaints: Complaints) -> Iterator[Fact]:
    """Return the places of a JSON file, of whichever of the two forms."""
    try:
        tree = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        refuse(path, f"is no JSON: {error}")
    if isinstance(tree, dict) and tree.get("type") == "FeatureCollection":
        yield from _features(tree.get("features") or [], complaints)
    elif isinstance(tree, list) and all(isinstance(one, dict) for one in tree):
        yield from _objects(tree, complaints)
    else:
        refuse(path, "is neither a GeoJSON FeatureCollection nor a list of objects")


def _features(features: list[Any], complaints: Complaints) -> Iterator[Fact]:
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict):
            complaints.add(0, f"feature {number} is none")
            continue
        said: Mapping[str, Any] = feature.get("properties") or {}
        texts = {key: str(said[key]) for key in said if _is_name(key) and said[key]}
        written = named(texts[key] for key in _own_level(texts))
        if not written:
            complaints.add(0, f"feature {number} has no name")
            continue
        at = _middle(feature.get("geometry") or {})
        if at is None:
            complaints.add(0, f"feature {number} ({written[0].text}) has no coordinates")
            continue
        place = complaints.position(0, *at)
        if place is None:
            continue
        kind = _feature_kind(said, texts)
        ref = str(feature.get("id") or said.get("@id") or said.get("id") or _pcode(said))
        parents = [
            f"{how}:{said[key]}"
            for key in ("ADM2_PCODE", "ADM1_PCODE", "parent", "in", "NAME_1", "ADM1_EN")
            if said.get(key) and said[key] not in (ref, written[0].text)
            for how in ("ref", "name")
        ]
        country = str(said.get("country") or said.get("ADM0_PCODE") or "")
        yield Fact(
            ref or f"{written[0].text}@{place[0]:.4f},{place[1]:.4f}", written[0].text, written,
            kind, country, *place, _number(said.get("population")), tuple(parents),
        )  # fmt: skip


def _is_name(key: str) -> bool:
    return bool(_NAME.fullmatch(key)) and not _NO_NAME.fullmatch(key)


def _own_level(texts: Mapping[str, str]) -> list[str]:
    """Return the keys of a place's own names: of ADM1_EN and ADM2_EN those of level 2."""
    levels = {key: re.search(r"\d", key) for key in texts}
    deepest = max((found.group() for found in levels.values() if found), default="")
    own = [key for key, found in levels.items() if not found or found.group() == deepest]
    return sorted(own, key=lambda key: (key.lower() not in ("name", "shapename"), key.count(":")))


def _feature_kind(said: Mapping[str, Any], texts: Mapping[str, str]) -> Kind:
    place = str(said.get("place") or said.get("kind") or "").lower()
    if place in KINDS:
        return KINDS[place]
    level = _number(said.get("admin_level"))
    if level:
        return _LEVELS.get(level, Kind.ADMIN3 if level > 4 else Kind.COUNTRY)
    deepest = max((found for key in texts for found in re.findall(r"\d", key)), default="")
    if deepest:
        return {"0": Kind.COUNTRY, "1": Kind.ADMIN1, "2": Kind.ADMIN2}.get(deepest, Kind.ADMIN3)
    return Kind.TOWN if not set(said) & {"natural", "military", "aeroway"} else Kind.SPOT


def _pcode(said: Mapping[str, Any]) -> str:
    codes = [str(said[key]) for key in sorted(said) if key.upper().endswith("PCODE")]
    return max(codes, key=len, default="")


def _middle(geometry: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return latitude and longitude of a point, or of the middle of the largest ring."""
    kind, points = geometry.get("type"), geometry.get("coordinates")
    if not points:
        return None
    if kind == "Point":
        return points[1], points[0]
    if kind == "Polygon":
        return _centroid(points[0])
    if kind == "MultiPolygon":
        return _centroid(max((one[0] for one in points), key=lambda ring: abs(_area(ring))))
    if kind == "LineString":
        middle = points[len(points) // 2]
        return middle[1], middle[0]
    return None


def _area(ring: list[list[float]]) -> float:
    pairs = pairwise(ring)
    return sum(one[0] * two[1] - two[0] * one[1] for one, two in pairs) / 2


def _centroid(ring: list[list[float]]) -> tuple[float, float]:
    area = _area(ring)
    if not area:
        return ring[0][1], ring[0][0]
    lat = lon = 0.0
    for one, two in pairwise(ring):
        cross = one[0] * two[1] - two[0] * one[1]
        lat += (one[1] + two[1]) * cross
        lon += (one[0] + two[0]) * cross
    return lat / (6 * area), lon / (6 * area)


def _objects(rows: list[dict[str, Any]], complaints: Complaints) -> Iterator[Fact]:
    for number, row in enumerate(rows, 1):
        written = named(_texts(row))
        point = row.get("centroid") or row.get("location") or row
        lat = point.get("latitude", point.get("lat"))
        lon = point.get("longitude", point.get("lon", point.get("lng")))
        if not written or not row.get("id"):
            complaints.add(0, f"object {number} has no {'id' if written else 'name'}")
            continue
        place: tuple[float | None, float | None] = None, None
        if lat is not None or lon is not None:
            found = complaints.position(0, lat, lon)
            if found is None:
                continue
            place = found
        foreign = row.get("externalIds") or {}
        geonames = f"geonames:{foreign['geonames']}" if foreign.get("geonames") else ""
        iso = str(row.get("iso31662") or foreign.get("ochaPcode") or "")
        population = row.get("population")
        count = population.get("value") if isinstance(population, dict) else population
        yield Fact(
            str(row["id"]), written[0].text, written, _object_kind(row),
            str(row.get("country") or iso[:2]), *place, _number(count),
            tuple(f"ref:{row[key]}" for key in _PARENTS if row.get(key)), geonames,
        )  # fmt: skip


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of an object, and those of its `aliases`."""
    name = row.get("name")
    yield from map(str, name.values()) if isinstance(name, dict) else ([str(name)] if name else [])
    yield from (str(row[key]) for key in row if key.startswith(("name_", "name:")) and row[key])
    for alias in row.get("aliases") or row.get("names") or ():
        yield str(alias.get("value") or "") if isinstance(alias, dict) else str(alias)


def _object_kind(row: Mapping[str, Any]) -> Kind:
    word = str(row.get("kind") or row.get("type") or "").lower()
    if word in KINDS:
        return KINDS[word]
    found = [kind for key, kind in _BY_PARENT.items() if row.get(key)]
    if found:
        return found[0]
    return Kind.ADMIN1 if row.get("iso31662") else Kind.TOWN


def _number(value: Any) -> int:
    try:
        return max(0, int(float(value)))
    except (TypeError, ValueError, OverflowError):
        return 0
