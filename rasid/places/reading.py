"""Files of places: which of the formats one has, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rasid.places import read_geonames, read_json, read_tables
from rasid.places.facts import Complaints, Fact


def facts_of(path: Path, alternate: Path | None = None) -> Iterator[Fact]:
    """Return what a file says, by its ending; a `.txt` is of GeoNames.

    `alternate`: GeoNames' file of further names. What cannot be read is told together after
    the last fact: raises `RefusedError` then, or at once where the whole file is wrong.
    """
    complaints = Complaints(path)
    ending = path.suffix.lower()
    if ending in (".txt", ".zip"):
        yield from read_geonames.read(path, alternate, complaints)
    elif ending in (".json", ".geojson"):
        yield from read_json.read(path, complaints)
    elif ending in (".csv", ".tsv"):
        yield from read_tables.read(path, complaints)
    else:
        read_geonames.refuse(
            path, f"has an unknown ending {ending!r}: .txt .zip .json .geojson .csv"
        )
    complaints.raise_any()
