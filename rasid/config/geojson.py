"""Polygons of a GeoJSON file (RFC 7946: longitude before latitude)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rasid.config.place_values import far_side
from rasid.settings import Ring

_MAX_BYTES: Final = 16 * 1024 * 1024
_NOT: Final = "has no Polygon or MultiPolygon in it"


class GeojsonError(Exception):
    """A file that has no polygons; the message says why."""


def polygons(path: Path) -> tuple[tuple[Ring, ...], ...]:
    """Return the polygons of a file, each an outer ring and holes, latitude before longitude.

    Raises `GeojsonError`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise GeojsonError(f"cannot be read: {getattr(error, 'strerror', error)}") from error
    if len(content) > _MAX_BYTES:
        raise GeojsonError("is larger than 16 MiB")
    try:
        found = tuple(_of(json.loads(content)))
    except (ValueError, RecursionError) as error:
        raise GeojsonError("is not JSON") from error
    if not found:
        raise GeojsonError(_NOT)
    return found


def _of(part: Any) -> Iterator[tuple[Ring, ...]]:
    """Yield the polygons of a geometry, a feature or a collection of either."""
    if not isinstance(part, Mapping):
        raise GeojsonError(_NOT)
    kind, inside = part.get("type"), part.get("coordinates")
    if kind == "Polygon":
        yield _polygon(inside)
    elif kind == "MultiPolygon" and isinstance(inside, list):
        yield from map(_polygon, inside)
    elif kind == "Feature":
        yield from _of(part.get("geometry"))
    elif kind in ("FeatureCollection", "GeometryCollection"):
        inner = part.get("features" if kind == "FeatureCollection" else "geometries")
        for one in inner if isinstance(inner, list) else ():
            yield from _of(one)
    else:
        raise GeojsonError(_NOT)


def _polygon(rings: Any) -> tuple[Ring, ...]:
    if not isinstance(rings, list) or not rings:
        raise GeojsonError("has a polygon without corners")
    return tuple(map(_ring, rings))


def _ring(written: Any) -> Ring:
    try:
        found = tuple((float(point[1]), float(point[0])) for point in written)
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise GeojsonError("has a corner that is not [longitude, latitude]") from error
    if len(set(found)) < 3:
        raise GeojsonError("has a polygon of fewer than three points")
    for lat, lon in found:
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise GeojsonError(f"has a corner [{lon:g}, {lat:g}]: GeoJSON is longitude, latitude")
    if (side := far_side(found)) is not None:
        raise GeojsonError(f"has {side}: cut the polygon at longitude 180")
    return found
