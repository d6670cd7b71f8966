"""Where it must happen."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct


class Inside(Struct, frozen=True, array_like=True, tag="inside", gc=False):
    """A place and all that it contains; `id` is the gazetteer's, or of `places:`."""

    id: str
    name: str


class Around(Struct, frozen=True, array_like=True, tag="around", gc=False):
    """Everything within `km` of a point, which is that of the place `id`."""

    id: str
    name: str
    lat: float
    lon: float
    km: float


Ring = tuple[tuple[float, float], ...]  # latitude, longitude


class Area(Struct, frozen=True, array_like=True, tag="area", gc=False):
    """Everything in one of some polygons, each an outer ring and holes."""

    name: str  # as messages call it
    polygons: tuple[tuple[Ring, ...], ...]


Region = Inside | Around | Area


class Scope(Struct, frozen=True, array_like=True, gc=False):
    """An entry of `where`; `recall`: a place that is only likely to lie there counts too."""

    region: Region
    recall: bool = False


Together = int | Literal["sentence", "title", "item"]
TOGETHER: Final = 30  # words between a word and a place, unless a rule says otherwise


class OwnPlace(Struct, frozen=True, array_like=True, gc=False):
    """An entry of `places:`. `kind` is the name of a `rasid.places.model.Kind`."""

    id: str
    names: tuple[str, ...]
    lat: float
    lon: float
    within: str = ""  # the id of what it lies in
    kind: str = "SPOT"
