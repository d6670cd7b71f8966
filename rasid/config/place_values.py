"""Values of places: degrees, distances, polygons. Each raises `values.wrong` with a hint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rasid.config import values


def latitude(value: Any) -> float:
    """Return degrees north."""
    return values.number(value, -90, 90, "degrees north; are latitude and longitude swapped?")


def longitude(value: Any) -> float:
    """Return degrees east."""
    return values.number(value, -180, 180, "degrees east")


def kilometres(value: Any) -> float:
    """Return a distance of 100 m to 10,000 km; its unit may be said again: 60 km."""
    plain = re.sub(r"\s*(?:km|كم|км)$", "", value.strip()) if isinstance(value, str) else value
    return values.number(plain, 0.1, 10_000, "km: a number such as 60")


def point(value: Any) -> tuple[float, float]:
    """Return a corner of a polygon."""
    if not isinstance(value, list) or len(value) != 2:
        raise values.wrong("must be [latitude, longitude]", "such as [34.3, 40.2]")
    return latitude(value[0]), longitude(value[1])


def ring(value: Any) -> tuple[tuple[float, float], ...]:
    """Return the corners of a polygon, three at least; the last may be the first again."""
    if not isinstance(value, list):
        raise values.wrong(
            "must be a list of corners", "[[34.3, 40.2], [34.3, 41.2], [35.2, 41.2]]"
        )
    found = tuple(map(point, value))
    if len(set(found)) < 3:
        message = f"a polygon of {len(set(found))} points has no inside"
        raise values.wrong(message, "at least three corners that differ")
    if (side := far_side(found)) is not None:
        raise values.wrong(side, "a polygon across the date line is two: end each at longitude 180")
    return found


def far_side(corners: Sequence[tuple[float, float]]) -> str | None:
    """Return which side of a polygon goes around the world, None where none does."""
    for (_, west), (_, east) in pairwise((*corners, corners[0])):
        if abs(east - west) > 180:
            return f"a side from longitude {west:g} to {east:g} goes around the world"
    return None


def together(value: Any) -> int | str:
    """Return how many words may be between, or the unit that both must be in."""
    found = values.text(value)
    if found in ("sentence", "title", "item"):
        return found
    match = re.fullmatch("([0-9]{1,3}|1000) words?", found)
    if match is None:
        hint = "N words (up to 1000), sentence, title or item"
        raise values.wrong(f'"{found}" is not allowed here', f"expected: {hint}")
    return int(match[1])
