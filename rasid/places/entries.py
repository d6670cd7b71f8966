"""What a source of places says of one, before gazetteers are compiled from it."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from rasid.places.model import Kind, Means


class Name(NamedTuple):
    """A name as it is written."""

    text: str
    means: Means = Means.NAME


class Entry(Struct, frozen=True, gc=False):
    """A place as one source has it.

    `within`: the id of what contains it, "" where only the country is known; `regions`: those
    of regions that contain it besides. Degrees are WGS 84; both are None where unknown.
    """

    id: str
    name: str
    names: tuple[Name, ...]
    kind: Kind
    country: str = ""
    within: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    capital: bool = False  # of a country
    regions: tuple[str, ...] = ()
